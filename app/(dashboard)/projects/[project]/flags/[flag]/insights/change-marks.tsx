import { Time } from '@/app/_ui/time'
import type { Marker } from './series'

/** What the numbers above the chart stand for. */
export function ChangeMarks({ markers }: { markers: readonly Marker[] }) {
  if (markers.length === 0) return null
  return (
    <section aria-label="Published meanwhile" className="mt-4 border-t pt-3">
      <h3 className="mb-1.5 font-medium text-sm">Published meanwhile</h3>
      <ol className="flex max-h-64 flex-col gap-1.5 overflow-y-auto">
        {markers.map(({ at, changes }, index) => (
          <li key={at} className="flex gap-2.5">
            <span className="w-5 shrink-0 text-right font-semibold text-ink-2">{index + 1}</span>
            <ul className="min-w-0">
              {changes.map((change) => (
                <li key={change.id} className="break-words">
                  <span className="text-ink-2">
                    <Time value={change.at} /> {change.who}:
                  </span>{' '}
                  {change.texts.slice(0, 3).join('; ')}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}
