'use client'
import { Minus, Plus } from 'lucide-react'
import { useMemo } from 'react'
import type { SegmentBody, Targeting } from '@/lib/control/views'
import { describeCohort } from '@/lib/impact/describe-cohort'
import { moreCohorts } from '@/lib/impact/describe-impact'
import { type Direction, type Impact, impactOf } from '@/lib/impact/impact'

const SHOWN = 5 // groups of people: more are counted

const headlines: Record<Direction, string> = {
  none: 'The same people are in it',
  adds: 'Only adds people',
  removes: 'Only removes people',
  moves: 'Adds some people and removes others',
}

/** Asks a flag that serves `in` to the segment, so that both follow the same rules. */
function impactOfSegment(key: string, before: SegmentBody, after: SegmentBody): Impact {
  const asking: Targeting = {
    on: true,
    offVariant: 'out',
    prerequisites: [],
    targets: [],
    rules: [{ id: 'r', when: { segment: key }, serve: { variant: 'in' } }],
    fallthrough: { variant: 'out' },
  }
  const segments = { before: { [key]: before }, after: { [key]: after } }
  return impactOf({ before: asking, after: asking, salt: key, segments }, Date.now())
}

/** Who comes into a segment, and who leaves it. */
export function SegmentImpact({
  segment,
  before,
  after,
}: {
  segment: string
  before: SegmentBody
  after: SegmentBody
}) {
  const impact = useMemo(() => impactOfSegment(segment, before, after), [segment, before, after])
  if (!impact.known) return null
  const { direction, cohorts } = impact
  return (
    <section aria-label="Impact">
      <p className="mb-1 font-medium text-sm">Impact</p>
      <p className="font-medium text-lg">{headlines[direction]}</p>
      <ul className="mt-1.5 flex flex-col gap-1.5 empty:hidden">
        {cohorts.slice(0, SHOWN).map((cohort) => {
          const joins = cohort.moves[0]?.to === 'in'
          const Icon = joins ? Plus : Minus
          const who = describeCohort(cohort)
          return (
            <li key={who} className="flex items-start gap-2.5">
              <span className="flex h-5 shrink-0 items-center text-ink-3">
                <Icon size={14} aria-hidden />
              </span>
              <span className="min-w-0 break-words">
                <span className="font-medium">{joins ? 'In from now on' : 'No longer in'}</span>
                <span className="text-ink-2">: {who}</span>
              </span>
            </li>
          )
        })}
      </ul>
      {cohorts.length > SHOWN && (
        <p className="mt-1.5 text-ink-3 text-sm">{moreCohorts(cohorts.length - SHOWN)}</p>
      )}
    </section>
  )
}
