'use client'
import { Info } from 'lucide-react'
import { Button } from '@/app/_ui/button'
import type { StoredRule } from '@/lib/control/views'
import { isUsedUp, takenBy } from '@/lib/doubts'
import type { Condition, Serve } from '@/lib/evaluation/types'

/** Says where a share can reach nobody, and offers to count it on its own. */
export function ShareHint({
  serve,
  when,
  earlier,
  salt,
  onChange,
}: {
  serve: Serve
  /** Whom the line is about. */
  when: Condition
  earlier: readonly StoredRule[]
  /** What the share is counted with when it is independent: stable, and no other line's. */
  salt: string
  onChange: (serve: Serve) => void
}) {
  if (!('rollout' in serve)) return null
  const place = takenBy(serve, earlier)
  const { salt: own, ...shared } = serve.rollout
  if (place === null && own === undefined) return null
  return (
    <div className="flex w-full flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-sm">
      <Info size={14} aria-hidden className="shrink-0 text-accent-ink" />
      {place === null ? (
        <>
          <span>Counted independently of the other lines.</span>
          <Button size="sm" look="ghost" onClick={() => onChange({ rollout: shared })}>
            Count the same people first
          </Button>
        </>
      ) : (
        <>
          <span className="min-w-0">
            {isUsedUp({ when, serve }, earlier[place - 1]!)
              ? `Nobody is left for this share: rule ${place} has counted the same people first.`
              : `Whoever continues from rule ${place} is outside this share too: percentages count the same people first.`}
          </span>
          <Button size="sm" look="ghost" onClick={() => onChange({ rollout: { ...shared, salt } })}>
            Count independently
          </Button>
        </>
      )}
    </div>
  )
}
