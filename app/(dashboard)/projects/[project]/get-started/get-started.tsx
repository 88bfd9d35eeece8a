'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { Button, ButtonLink } from '@/app/_ui/button'
import { PageHeader } from '@/app/_ui/page-header'
import type { EnvironmentView, FlagView, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { ConnectStep } from './connect-step'
import { FlagStep } from './flag-step'
import { FlipStep } from './flip-step'
import { ListeningPanel } from './listening'
import { Step, type StepState } from './step'
import { useArrivals } from './use-arrivals'

type Props = {
  project: ProjectView
  environment: EnvironmentView
  flags: readonly Pick<FlagView, 'key' | 'name'>[]
  flag: FlagView | null
  may: { write: boolean; publish: boolean; keys: boolean }
  url: string
}

/** From nothing to a switch that an app follows. */
export function GetStarted({ project, environment, flags, flag, may, url }: Props) {
  const router = useRouter()
  const listening = useArrivals(project.key, environment.key, flag?.key ?? null)
  const heard = listening.arrivals !== null
  const connected = heard && listening.arrivals!.clients.length > 0
  const evaluated = heard && listening.arrivals!.evaluation !== null
  const [skipped, setSkipped] = useState(false)
  const told = useRef(false)
  useEffect(() => {
    if (!evaluated || told.current) return
    told.current = true
    router.refresh() // the link of the shell is no longer needed
  }, [evaluated, router])

  const go = (change: { flag?: string; environment?: string }) =>
    router.replace(
      paths.getStarted({
        project: project.key,
        environment: environment.key,
        ...(flag && { flag: flag.key }),
        ...change,
      }),
      { scroll: false },
    )
  const state = (done: boolean, ready: boolean): StepState => (done ? 'done' : ready ? 'now' : 'later')
  const ready = evaluated || skipped

  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="Get started"
        actions={<ButtonLink href={paths.flags({ project: project.key })}>Go to the flags</ButtonLink>}
      >
        A flag, an app that asks for it, and a switch that it follows: about five minutes.
      </PageHeader>
      <ol aria-label="Steps" className="flex flex-col gap-4">
        <Step
          number={1}
          title={flag ? `Flag: ${flag.name}` : 'Create a flag'}
          state={state(flag !== null, true)}
          aside={
            flag && (
              <Button
                size="sm"
                onClick={() =>
                  router.replace(paths.getStarted({ project: project.key, environment: environment.key }))
                }
              >
                Another flag
              </Button>
            )
          }
        >
          {!flag && (
            <FlagStep
              project={project.key}
              flags={flags}
              mayWrite={may.write}
              onChosen={(key) => go({ flag: key })}
            />
          )}
        </Step>
        <Step number={2} title="Connect your app" state={state(connected || evaluated, flag !== null)}>
          {flag && (
            <ConnectStep
              key={environment.key}
              project={project.key}
              environments={project.environments}
              environment={environment}
              flag={flag}
              url={url}
              mayMakeKeys={may.keys}
              onEnvironment={(key) => go({ environment: key })}
            />
          )}
        </Step>
        <Step
          number={3}
          title={evaluated ? 'Your app asks for the flag' : 'Listening for your first evaluation'}
          state={state(evaluated, connected)}
          aside={
            flag &&
            !ready &&
            listening.long && (
              <Button size="sm" look="ghost" onClick={() => setSkipped(true)}>
                Go on without
              </Button>
            )
          }
        >
          {flag && (
            <ListeningPanel
              {...listening}
              project={project.key}
              flag={flag}
              environment={environment}
              url={url}
              onEnvironment={(key) => go({ environment: key })}
            />
          )}
        </Step>
        <Step number={4} title="Flip the switch" state={state(false, ready)}>
          {flag && ready && (
            <FlipStep
              key={environment.key}
              project={project.key}
              environment={environment}
              flag={flag}
              mayPublish={may.publish}
            />
          )}
        </Step>
      </ol>
    </div>
  )
}
