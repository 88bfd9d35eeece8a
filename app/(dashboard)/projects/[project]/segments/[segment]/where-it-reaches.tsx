'use client'
import { useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Moves } from '@/app/_components/review/moves'
import { Button } from '@/app/_ui/button'
import { Skeleton } from '@/app/_ui/skeleton'
import type { EnvironmentView, SegmentBody, SegmentUses } from '@/lib/control/views'
import { describeCohort } from '@/lib/impact/describe-cohort'
import { describeImpact, describeLacking, moreCohorts } from '@/lib/impact/describe-impact'
import { plural } from '@/lib/plural'
import { type FlagImpact, isMet, type Place, useFlagImpacts } from './use-flag-impacts'

const AT_ONCE = 20 // flags that are looked at: more when asked for
const SHOWN = 2 // groups of people in one environment: more are counted

type Props = {
  project: string
  segment: string
  saved: SegmentBody
  body: SegmentBody
  uses: SegmentUses
  /** Segments through which rules reach this one. */
  through: readonly string[]
  reached: readonly EnvironmentView[]
}

/** Which flags read the segment, in which environments, and who gets something else of each. */
export function WhereItReaches({ project, segment, saved, body, uses, through, reached }: Props) {
  const [count, setCount] = useState(AT_ONCE)
  const { impacts, failed, retry } = useFlagImpacts({ project, segment }, uses, through, [saved, body], count)
  const untold = uses.flags.slice(impacts?.length ?? 0)
  return (
    <section aria-label="Where it reaches">
      <h3 className="mb-1.5 font-medium text-sm">
        Where it reaches{uses.flagCount > 0 && `: ${plural(uses.flagCount, 'flag')}`}
      </h3>
      {uses.flagCount === 0 && (
        <p className="text-ink-2">No flag uses this segment yet: nothing changes for anyone.</p>
      )}
      {impacts && <Impacts impacts={impacts} reached={reached} />}
      {!impacts && !failed && uses.flagCount > 0 && (
        <div role="status" aria-label="Looking at each flag" className="flex flex-col gap-2">
          {uses.flags.slice(0, 3).map(({ key }) => (
            <Skeleton key={key} className="h-16 w-full" />
          ))}
        </div>
      )}
      {failed && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <p className="text-ink-2">Who gets what of each flag cannot be told now: {failed}</p>
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      {impacts && untold.length > 0 && (
        <div className="mt-2">
          <Button size="sm" onClick={() => setCount(count + AT_ONCE)}>
            Look at {plural(Math.min(AT_ONCE, untold.length), 'more flag')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Impacts({
  impacts,
  reached,
}: {
  impacts: readonly FlagImpact[]
  reached: readonly EnvironmentView[]
}) {
  const met = impacts.filter(isMet)
  const unmet = impacts.filter((one) => !isMet(one))
  return (
    <>
      <ul className="flex flex-col gap-2 empty:hidden">
        {met.map((one) => (
          <FlagCard key={one.flag.key} {...one} reached={reached} />
        ))}
      </ul>
      {unmet.length > 0 && (
        <p className="mt-2 break-words text-ink-2 first:mt-0">
          Nobody gets anything else of {unmet.map(({ flag }) => flag.name).join(', ')}.
        </p>
      )}
    </>
  )
}

function FlagCard({ flag, places, reached }: FlagImpact & { reached: readonly EnvironmentView[] }) {
  const variants = Object.keys(flag.variants)
  return (
    <li className="rounded-lg border px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="break-words font-medium">{flag.name}</span>
        <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
      </p>
      <dl className="mt-1.5 flex flex-col gap-2">
        {places.map((place) => (
          <div
            key={place.environment}
            className="grid gap-x-3 gap-y-0.5 sm:grid-cols-[minmax(0,7.5rem)_minmax(0,1fr)]"
          >
            <dt className="text-ink-2">
              <EnvironmentName environment={reached.find(({ key }) => key === place.environment)!} />
            </dt>
            <dd className="min-w-0">
              <InPlace {...place} variants={variants} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

function InPlace({ targeting, impact, variants }: Place & { variants: readonly string[] }) {
  const cohorts = impact.known ? impact.cohorts : []
  const lacking = describeLacking(impact)
  return (
    <>
      <p>
        {describeImpact(impact)}
        {!targeting.on && <span className="text-ink-3">: it is off</span>}
      </p>
      {cohorts.length > 0 && (
        <ul className="mt-0.5 flex flex-col gap-1">
          {cohorts.slice(0, SHOWN).map((cohort) => (
            <li key={describeCohort(cohort)}>
              <p className="break-words text-ink-2 text-sm">{describeCohort(cohort)}</p>
              <Moves cohort={cohort} variants={variants} size="plain" />
            </li>
          ))}
        </ul>
      )}
      {cohorts.length > SHOWN && <p className="text-ink-3 text-sm">{moreCohorts(cohorts.length - SHOWN)}</p>}
      {lacking && <p className="text-ink-3 text-sm">{lacking}</p>}
      {targeting.kill && (
        <p className="text-ink-3 text-sm">Killed here: none of this shows before it is restored.</p>
      )}
    </>
  )
}
