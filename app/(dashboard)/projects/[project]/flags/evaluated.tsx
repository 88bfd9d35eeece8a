import { Badge } from '@/app/_ui/badge'
import { Day } from '@/app/_ui/time'
import { type Lifecycle, STALE_DAYS } from '@/lib/lifecycle'
import type { ListedRow } from './listed-row'

const hints: Record<Lifecycle, { label: string; why: string } | null> = {
  new: { label: 'new', why: 'No application has asked for it yet' },
  live: null,
  launched: {
    label: 'launched',
    why: 'Everybody has got the same everywhere for two weeks: it can leave the code',
  },
  stale: { label: 'stale', why: `No application has asked for it for ${STALE_DAYS} days` },
}

/** When a flag was asked for last, and what that says about it. */
export function Evaluated({ flag, now }: { flag: ListedRow; now: number }) {
  const hint = flag.lifecycle && hints[flag.lifecycle]
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className={flag.lastEvaluatedAt ? 'text-ink-2' : 'text-ink-3'}>
        {flag.lastEvaluatedAt ? <Day value={flag.lastEvaluatedAt} now={now} /> : 'Never'}
      </span>
      {hint && (
        <span title={hint.why}>
          <Badge>{hint.label}</Badge>
          <span className="sr-only">: {hint.why}</span>
        </span>
      )}
    </span>
  )
}
