import { Badge } from '@/app/_ui/badge'
import { Time } from '@/app/_ui/time'
import type { WebhookView } from '@/lib/control/views'

/** What endpoints of a project are for, and those of the installation (null). */
export const wordsFor = (project: string | null) =>
  project === null
    ? {
        title: 'Audit stream',
        about:
          'Every entry of the audit trail is sent here in order, and each hour, signed, where its chains end: what was sent cannot be taken back.',
        create: 'Add endpoint',
        creating: 'Add an endpoint',
        none: 'The audit trail stays here',
        invitation:
          'Name an address of your log archive or SIEM, and each entry is sent there, so that nobody can rewrite what happened.',
        hidden: 'Seeing where the audit trail goes needs the role publisher. Ask an administrator.',
        next: 'The next entry is listed here, with what was answered. Deliveries are kept for 30 days.',
      }
    : {
        title: 'Webhooks',
        about: 'Other systems are told of each change of this project, in signed messages.',
        create: 'Create webhook',
        creating: 'Create a webhook',
        none: 'Nobody is told yet',
        invitation:
          'Name an address, and each change is posted there: to a channel, a deployment log, a monitor.',
        hidden:
          'Seeing who is told of changes needs the role publisher. Ask an administrator of this project.',
        next: 'The next change that this webhook listens to is listed here, with what was answered. Deliveries are kept for 30 days.',
      }

/** "flag.* in production", of what an endpoint is told. */
export function listensTo({ events, environments }: Pick<WebhookView, 'events' | 'environments'>): string {
  if (events.includes('audit.entry')) return 'Every audit entry, in order'
  const what = events.includes('*') ? 'Every change' : events.join(', ')
  return environments === null ? what : `${what} in ${environments.join(', ')}`
}

export function WebhookState({ webhook }: { webhook: WebhookView }) {
  if (!webhook.enabled)
    return (
      <>
        <Badge tone={webhook.problem ? 'caution' : 'neutral'}>off</Badge>
        {webhook.problem && <p className="mt-1 text-ink-2 text-sm">{webhook.problem}</p>}
      </>
    )
  if (!webhook.failingSince) return <span className="text-ink-2">On</span>
  return (
    <>
      <Badge tone="caution">failing</Badge>
      <p className="mt-1 text-ink-2 text-sm">
        Since <Time value={webhook.failingSince} />
      </p>
    </>
  )
}
