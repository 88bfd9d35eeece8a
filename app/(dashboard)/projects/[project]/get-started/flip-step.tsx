'use client'
import Link from 'next/link'
import { useState } from 'react'
import { ProblemBanner } from '@/app/_components/problem-banner'
import { Reach } from '@/app/_components/reach'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { useAction } from '@/app/_components/use-action'
import { useLatest } from '@/app/_components/use-latest'
import { usePropagation } from '@/app/_components/use-propagation'
import { Switch } from '@/app/_ui/switch'
import { ApiError, api } from '@/lib/api-client'
import type { EnvironmentView, FlagView, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { paths } from '@/lib/paths'

/** The first change: turned on or off at once, with the milliseconds until everybody has it. */
export function FlipStep({
  project,
  environment,
  flag,
  mayPublish,
}: {
  project: string
  environment: EnvironmentView
  flag: FlagView
  mayPublish: boolean
}) {
  const where = { project, environment: environment.key, flag: flag.key }
  const [targeting, setTargeting] = useLatest(flag.environments[environment.key]!)
  const [configId, setConfigId] = useState<string | null>(null)
  const propagation = usePropagation(where, configId)
  const { busy, problem, run } = useAction(async () => {
    const next = { ...targetingOf(targeting), on: !targeting.on }
    try {
      const { value, published } = await api.publish(where, targeting.version, next)
      setTargeting(value)
      setConfigId(published[environment.key] ?? null)
    } catch (error) {
      if (error instanceof ApiError && error.status === 412)
        setTargeting(error.problem.current as TargetingView)
      throw error
    }
  })
  const locked =
    (environment.protected && `${environment.name} is protected: change it on the page of the flag`) ||
    (targeting.kill && 'The flag is killed here: restore it on its page') ||
    (!mayPublish && 'Publishing needs the role publisher') ||
    (busy && 'It is on its way')
  const { label, detail } = describeStatus(targeting)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-4">
        <Switch
          size="lg"
          label={`${flag.key} in ${environment.name}`}
          checked={targeting.on}
          disabledReason={locked}
          onChange={() => run()}
        />
        <span>
          <span className="font-medium">{label}:</span> <span className="text-ink-2">{detail}</span>
        </span>
      </div>
      <ProblemBanner problem={problem} />
      {configId !== null && (
        <p role="status">
          <Reach {...propagation} />
        </p>
      )}
      <p className="text-ink-2">
        Then give it rules, a percentage or a kill on{' '}
        <Link
          href={paths.flag({ project, flag: flag.key, environment: environment.key })}
          className="rounded-sm text-accent-ink underline underline-offset-4"
        >
          its page
        </Link>
        .
      </p>
    </div>
  )
}
