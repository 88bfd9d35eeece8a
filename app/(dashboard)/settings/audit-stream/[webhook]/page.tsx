import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { statuses } from '@/app/_components/webhooks/statuses'
import { WebhookScreen } from '@/app/_components/webhooks/webhook-screen'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getStream, listStreamDeliveries } from '@/lib/control/audit-streams'
import { can, INSTALLATION } from '@/lib/control/roles'

export const metadata: Metadata = { title: 'Audit stream' }

type Props = {
  params: Promise<{ webhook: string }>
  searchParams: Promise<{ status?: string; cursor?: string }>
}

export default async function AuditStreamEndpointPage({ params, searchParams }: Props) {
  const [where, { status: asked, cursor }] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'webhook:read', INSTALLATION)) notFound()
  const status = statuses.find((each) => each === asked)
  const [webhook, deliveries] = await Promise.all([
    orNotFound(getStream(ctx, where)),
    orNotFound(listStreamDeliveries(ctx, { ...where, status, cursor })),
  ])
  return (
    <WebhookScreen
      project={null}
      webhook={webhook}
      deliveries={deliveries}
      status={status}
      cursor={cursor}
      mayWrite={can(ctx.actor.grants, 'webhook:write', INSTALLATION)}
    />
  )
}
