import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { statuses } from '@/app/_components/webhooks/statuses'
import { WebhookScreen } from '@/app/_components/webhooks/webhook-screen'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { listDeliveries } from '@/lib/control/webhook-deliveries'
import { getWebhook } from '@/lib/control/webhooks'

export const metadata: Metadata = { title: 'Webhook' }

type Props = {
  params: Promise<{ project: string; webhook: string }>
  searchParams: Promise<{ status?: string; cursor?: string }>
}

export default async function WebhookPage({ params, searchParams }: Props) {
  const [where, { status: asked, cursor }] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'webhook:read', inProject(where.project))) notFound()
  const status = statuses.find((each) => each === asked)
  const [project, webhook, deliveries] = await Promise.all([
    orNotFound(getProject(ctx, { project: where.project })),
    orNotFound(getWebhook(ctx, where)),
    orNotFound(listDeliveries(ctx, { ...where, status, cursor })),
  ])
  return (
    <WebhookScreen
      project={project}
      webhook={webhook}
      deliveries={deliveries}
      status={status}
      cursor={cursor}
      mayWrite={can(ctx.actor.grants, 'webhook:write', inProject(where.project))}
    />
  )
}
