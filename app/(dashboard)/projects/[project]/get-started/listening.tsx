'use client'
import { Check, Radio } from 'lucide-react'
import { Banner } from '@/app/_ui/banner'
import { Button, ButtonLink } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import type { ArrivalsView, EnvironmentView, FlagView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { helpFor } from './help'
import type { Listening } from './use-arrivals'

/** "2 s ago", "3 min ago" */
function ago(at: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1_000))
  if (seconds < 60) return `${seconds} s ago`
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3_600)} h ago`
}

function Line({ done, children }: { done: boolean; children: React.ReactNode }) {
  return (
    <li className="flex items-start gap-2.5">
      <span className="flex h-6 items-center">
        {done ? (
          <Check size={16} aria-label="Done" className="text-accent-ink" />
        ) : (
          <span
            role="img"
            aria-label="Waiting"
            className="mx-1 block size-2 rounded-full bg-accent motion-safe:animate-pulse-soft"
          />
        )}
      </span>
      <span className={cx('min-w-0 leading-6', !done && 'text-ink-2')}>{children}</span>
    </li>
  )
}

/** "openfeature-server/0.1.0 is connected" */
function whoIsThere({ clients, open }: ArrivalsView): string {
  const [first] = clients
  const name = first?.client || 'An app'
  if (clients.length > 1)
    return `${name} and ${plural(clients.length - 1, 'other')}, ${plural(open, 'open stream')}`
  return first && first.open > 0 ? `${name} is connected` : `${name} has asked`
}

function Value({ flag, variant }: { flag: FlagView; variant: string | null }) {
  if (variant === null) return <>the default in the code</>
  const value = flag.variants[variant]
  return <>{value === undefined ? variant : JSON.stringify(value)}</>
}

type Props = Listening & {
  project: string
  flag: FlagView
  environment: EnvironmentView
  url: string
  onEnvironment: (key: string) => void
}

/** What the server hears, in the order in which it comes; after a while, what may be in the way. */
export function ListeningPanel({
  arrivals,
  lost,
  long,
  project,
  flag,
  environment,
  url,
  onEnvironment,
}: Props) {
  const evaluation = arrivals?.evaluation ?? null
  const connected = arrivals !== null && (arrivals.clients.length > 0 || evaluation !== null)
  return (
    <div>
      <ul role="status" aria-label="What has arrived" className="flex flex-col gap-1.5">
        <Line done={connected}>
          {connected ? whoIsThere(arrivals) : `Waiting for an app to connect to ${environment.name}…`}
        </Line>
        {evaluation && arrivals ? (
          <Line done>
            <code className="font-mono text-sm">{flag.key}</code> ={' '}
            <strong className="font-semibold text-lg">
              <Value flag={flag} variant={evaluation.variant} />
            </strong>
            <span className="text-ink-2">
              , {ago(evaluation.at, arrivals.now)}
              {evaluation.client && `, by ${evaluation.client}`}
              {evaluation.errorCode && `: ${evaluation.errorCode}`}
            </span>
          </Line>
        ) : (
          <Line done={false}>
            Listening for your first evaluation of <code className="font-mono text-sm">{flag.key}</code>…
          </Line>
        )}
      </ul>
      {lost && (
        <p className="mt-3 flex items-center gap-2 text-ink-2 text-sm">
          <Radio size={14} aria-hidden /> Jackstaff does not answer just now: this page goes on asking.
        </p>
      )}
      {arrivals && !evaluation && long && (
        <HelpBanner
          help={helpFor({ arrivals, flag: flag.key, environment: environment.key, url })}
          project={project}
          onEnvironment={onEnvironment}
        />
      )}
    </div>
  )
}

function HelpBanner({
  help: { title, text, suggestion },
  project,
  onEnvironment,
}: {
  help: ReturnType<typeof helpFor>
  project: string
  onEnvironment: (key: string) => void
}) {
  const actions =
    suggestion === undefined ? undefined : 'environment' in suggestion ? (
      <Button onClick={() => onEnvironment(suggestion.environment)}>Look at {suggestion.environment}</Button>
    ) : (
      <ButtonLink href={paths.flags({ project, create: suggestion.create })}>Create this flag</ButtonLink>
    )
  return (
    <div className="mt-4">
      <Banner tone="info" title={title} actions={actions}>
        <p>{text}</p>
        <p className="mt-1 text-ink-3 text-sm">The page goes on listening.</p>
      </Banner>
    </div>
  )
}
