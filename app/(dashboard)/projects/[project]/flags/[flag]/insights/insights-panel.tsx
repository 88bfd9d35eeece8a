'use client'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useMemo, useSyncExternalStore, useTransition } from 'react'
import { Button, ButtonLink } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { EmptyState } from '@/app/_ui/empty-state'
import { Segmented } from '@/app/_ui/segmented'
import { Skeleton } from '@/app/_ui/skeleton'
import { Time } from '@/app/_ui/time'
import type { OfTargeting } from '@/lib/api-client'
import type { InsightsRange } from '@/lib/control/insights'
import type { EnvironmentView, InsightsView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { BreakdownTables } from './breakdowns'
import { ChangeMarks } from './change-marks'
import { barsOf, markersOf, seriesOf, share } from './series'
import { PointsTable, VariantsTable } from './variants-table'

/** Drawn in the browser alone, by code that only this tab loads. */
const Chart = dynamic(() => import('./chart'), {
  ssr: false,
  loading: () => <Skeleton className="h-[260px] w-full rounded-md" />,
})

const ranges: { value: InsightsRange; label: string; words: string }[] = [
  { value: 'hour', label: 'Hour', words: 'the last hour' },
  { value: 'day', label: 'Day', words: 'the last day' },
  { value: 'week', label: 'Week', words: 'the last week' },
  { value: 'month', label: '30 days', words: 'the last 30 days' },
]

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const never = () => () => {}

type Props = {
  where: OfTargeting
  environment: EnvironmentView
  variants: readonly string[]
  range: InsightsRange
  insights: InsightsView
}

/** How often a flag was asked for in one environment, and what came out. */
export function InsightsPanel({ where, environment, variants, range, insights }: Props) {
  const router = useRouter()
  const timeZone = useSyncExternalStore(never, zone, () => 'UTC')
  const [loading, startLoading] = useTransition()
  const series = useMemo(() => seriesOf(insights, variants), [insights, variants])
  const bars = useMemo(() => barsOf(insights, series), [insights, series])
  const markers = useMemo(() => markersOf(insights), [insights])
  const show = (next: InsightsRange) =>
    startLoading(() =>
      router.replace(paths.flag({ ...where, tab: 'insights', ...(next !== 'day' && { range: next }) }), {
        scroll: false,
      }),
    )
  if (insights.lastAt === null) return <NeverAsked where={where} environment={environment} />
  const words = ranges.find(({ value }) => value === range)!.words
  return (
    <div className={cx('flex flex-col gap-4 transition-opacity', loading && 'opacity-60')}>
      <div className="flex flex-wrap items-center gap-3">
        <Segmented hideLabel label="Range" value={range} choices={ranges} onChange={show} />
        <p className="text-ink-2 text-sm">
          Last evaluated <Time value={insights.lastAt} />
        </p>
        <Button
          size="sm"
          look="ghost"
          className="ml-auto"
          onClick={() => startLoading(() => router.refresh())}
        >
          {loading ? 'Loading…' : 'Refresh'}
        </Button>
      </div>
      {insights.total === 0 ? (
        <EmptyState
          title={`Not evaluated in ${words}`}
          action={
            range !== 'month' && <Button onClick={() => show('month')}>Look at the last 30 days</Button>
          }
        >
          Is it still in the code? A flag that nobody asks for can be archived.
        </EmptyState>
      ) : (
        <>
          <Totals insights={insights} />
          <section aria-label="Evaluations by variant" className="card p-4">
            <h2 className="mb-3 font-semibold">Evaluations by variant</h2>
            <div className="grid gap-x-6 gap-y-4 lg:grid-cols-[minmax(0,1fr)_16rem]">
              <Chart
                bars={bars}
                series={series}
                variants={variants}
                markers={markers}
                range={range}
                step={insights.step}
              />
              <VariantsTable insights={insights} series={series} variants={variants} />
            </div>
            <p className="mt-3 text-ink-3 text-sm">
              Times in {timeZone}. Providers tell their counts about once a minute.
              {insights.gone > 0 &&
                ` ${insights.gone.toLocaleString('en')} evaluations named variants that the flag no longer has.`}
            </p>
            <ChangeMarks markers={markers} />
            <PointsTable bars={bars} series={series} step={insights.step} />
          </section>
          <BreakdownTables insights={insights} />
        </>
      )}
    </div>
  )
}

function Totals({ insights: { total, defaults, errors } }: { insights: InsightsView }) {
  const figures = [
    { label: 'Evaluations', value: total, of: null },
    { label: 'Default in the code served', value: defaults, of: share(defaults, total) },
    { label: 'Errors', value: errors, of: share(errors, total) },
  ]
  return (
    <dl className="grid gap-4 sm:grid-cols-3">
      {figures.map(({ label, value, of }) => (
        <div key={label} className="card flex flex-col-reverse px-4 py-3">
          <dt className="text-ink-2 text-sm">{label}</dt>
          <dd className="flex items-baseline gap-2">
            <span className="font-semibold text-2xl">{value.toLocaleString('en')}</span>
            {of && <span className="text-ink-2">{of}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function NeverAsked({ where, environment }: { where: OfTargeting; environment: EnvironmentView }) {
  return (
    <EmptyState
      title={`No application has asked for this flag in ${environment.name} yet`}
      action={
        <ButtonLink
          look="primary"
          href={paths.getStarted({
            project: where.project,
            flag: where.flag,
            environment: where.environment,
          })}
        >
          Connect an app
        </ButtonLink>
      }
    >
      Once one does, this shows what came out when, by variant, reason and application, with every change
      marked.
    </EmptyState>
  )
}
