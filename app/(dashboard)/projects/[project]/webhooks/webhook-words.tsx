import { Badge } from '@/app/_ui/badge'
import { Time } from '@/app/_ui/time'
import type { WebhookView } from '@/lib/control/views'

/** "flag.* in production", of what an endpoint is told. */
export function listensTo({ events, environments }: Pick<WebhookView, 'events' | 'environments'>): string {
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
