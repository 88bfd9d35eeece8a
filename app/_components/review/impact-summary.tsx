import { barClass, Swatch } from '@/app/_components/variant'
import { describeOff } from '@/lib/describe'
import { describeCohort } from '@/lib/impact/describe-cohort'
import { describeImpact, describeLacking, describeShare, moreCohorts } from '@/lib/impact/describe-impact'
import type { Cohort, Impact } from '@/lib/impact/impact'
import { Moves } from './moves'

const SHOWN = 4 // groups of people: more are counted

type Shares = Cohort['before']

function Bar({ shares, variants }: { shares: Shares; variants: readonly string[] }) {
  let from = 0
  return (
    <svg aria-hidden className="h-2 w-full overflow-hidden rounded-full bg-line">
      {shares.map(({ variant, share }) => {
        const x = from
        from += share
        return (
          <rect
            key={variant}
            x={`${x * 100}%`}
            width={`${share * 100}%`}
            height="100%"
            className={variant === null ? 'fill-line-strong' : barClass({ variants, variant })}
          />
        )
      })}
    </svg>
  )
}

/** In the order of the variants, so that both bars can be compared. */
const ordered = (shares: Shares, variants: readonly string[]): Shares => {
  const place = (variant: string | null) => (variant === null ? variants.length : variants.indexOf(variant))
  return [...shares].sort((a, b) => place(a.variant) - place(b.variant))
}

function Line({
  label,
  shares,
  cohort,
  variants,
}: {
  label: string
  shares: Shares
  cohort: Cohort
  variants: readonly string[]
}) {
  const parts = ordered(shares, variants)
  return (
    <div className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5">
      <dt className="text-ink-3">{label}</dt>
      <dd className="contents">
        <Bar shares={parts} variants={variants} />
        <span className="col-start-2 flex flex-wrap gap-x-3 text-ink-2">
          {parts.map(({ variant, share }) => (
            <span key={variant} className="inline-flex items-center gap-1.5">
              {variant !== null && <Swatch variants={variants} variant={variant} />}
              {describeOff(variant)} {describeShare(share, cohort)}
            </span>
          ))}
        </span>
      </dd>
    </div>
  )
}

function CohortCard({ cohort, variants }: { cohort: Cohort; variants: readonly string[] }) {
  const { before, after, by } = cohort
  return (
    <li className="rounded-lg border px-4 py-3">
      <p className="break-words text-ink-2 text-sm">{describeCohort(cohort)}</p>
      <div className="mt-1">
        <Moves cohort={cohort} variants={variants} size="large" />
      </div>
      {by.length <= 1 && (
        <dl className="mt-2.5 flex flex-col gap-1.5 text-xs">
          <Line label="Before" shares={before} cohort={cohort} variants={variants} />
          <Line label="After" shares={after} cohort={cohort} variants={variants} />
        </dl>
      )}
    </li>
  )
}

/** Who gets something else: in one line, then group by group, as far as it can be known. */
export function ImpactSummary({
  impact,
  variants,
  killed = false,
}: {
  impact: Impact
  /** Of the flag, in its order: their colours. */
  variants: readonly string[]
  killed?: boolean
}) {
  const cohorts = impact.known ? impact.cohorts : []
  const lacking = describeLacking(impact)
  const isConditional = cohorts.some(({ given, ids }) => given.length > 0 && ids === null)
  const isMixed = cohorts.some(({ by }) => by.length > 1)
  return (
    <section aria-label="Impact">
      <p className="mb-1 font-medium text-sm">Impact</p>
      <p className={impact.known ? 'font-medium text-lg' : 'text-ink-2'}>{describeImpact(impact)}</p>
      {cohorts.length > 0 && (
        <ul className="mt-2 flex flex-col gap-2">
          {cohorts.slice(0, SHOWN).map((cohort) => (
            <CohortCard key={describeCohort(cohort)} cohort={cohort} variants={variants} />
          ))}
        </ul>
      )}
      <div className="mt-2 flex flex-col gap-1 text-ink-3 text-sm empty:hidden">
        {cohorts.length > SHOWN && <p>{moreCohorts(cohorts.length - SHOWN)}</p>}
        {isConditional && (
          <p>
            Shares are of those who match. How many match is not known: of attributes seen, values are never
            kept.
          </p>
        )}
        {isMixed && <p>Where people are counted by more than one attribute, how many move is not known.</p>}
        {lacking && <p>{lacking}</p>}
        {killed && <p>The flag is killed here: none of this shows before it is restored.</p>}
      </div>
    </section>
  )
}
