import { cx } from '@/app/_ui/cx'
import { lineDiff } from '@/lib/sequence-diff'

const NEAR = 3 // lines kept around a change

const looks = {
  same: 'text-ink-3',
  added: 'bg-accent-soft text-accent-ink',
  removed: 'bg-hover text-ink-2',
} as const
const signs = { same: ' ', added: '+', removed: '−' } as const

/** The lines that differ and their neighbours; `gap` says that lines were left out before. */
function hunks(before: string, after: string) {
  const steps = lineDiff(before, after)
  const isNear = (at: number) =>
    steps.slice(Math.max(0, at - NEAR), at + NEAR + 1).some((step) => step.kind !== 'same')
  const rows = steps.map(({ kind, item }, line) => ({ kind, item, line })).filter(({ line }) => isNear(line))
  return rows.map((row, i) => ({ ...row, gap: row.line > 0 && rows[i - 1]?.line !== row.line - 1 }))
}

/** Line by line, as JSON. The signs tell, not the colours alone. */
export function RawDiff({ before, after }: { before: unknown; after: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre tabIndex={0} className="overflow-x-auto rounded-lg border py-2 font-mono text-xs leading-5">
      {hunks(JSON.stringify(before, null, 2), JSON.stringify(after, null, 2)).map(
        ({ kind, item, line, gap }) => (
          <div key={line} className="min-w-fit">
            {gap && <div className="px-3 text-ink-3">⋯</div>}
            <div className={cx('px-3', looks[kind])}>
              {signs[kind]} {item}
            </div>
          </div>
        ),
      )}
    </pre>
  )
}
