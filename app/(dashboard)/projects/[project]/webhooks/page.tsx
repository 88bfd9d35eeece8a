import type { Metadata } from 'next'
import { WebhooksScreen } from '@/app/_components/webhooks/webhooks-screen'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { listWebhooks } from '@/lib/control/webhooks'

export const metadata: Metadata = { title: 'Webhooks' }

type Props = { params: Promise<{ project: string }> }

export default async function WebhooksPage({ params }: Props) {
  const { project: key } = await params
  const ctx = await pageContext()
  const project = await orNotFound(getProject(ctx, { project: key }))
  const mayRead = can(ctx.actor.grants, 'webhook:read', inProject(key))
  return (
    <WebhooksScreen
      project={project}
      webhooks={mayRead ? (await orNotFound(listWebhooks(ctx, { project: key }))).items : null}
      mayWrite={can(ctx.actor.grants, 'webhook:write', inProject(key))}
    />
  )
}
