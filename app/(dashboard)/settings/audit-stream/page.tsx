import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { WebhooksScreen } from '@/app/_components/webhooks/webhooks-screen'
import { pageContext } from '@/lib/auth/page'
import { listStreams } from '@/lib/control/audit-streams'
import { can, INSTALLATION } from '@/lib/control/roles'

export const metadata: Metadata = { title: 'Audit stream' }

export default async function AuditStreamPage() {
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'webhook:read', INSTALLATION)) notFound()
  return (
    <WebhooksScreen
      project={null}
      webhooks={(await listStreams(ctx, {})).items}
      mayWrite={can(ctx.actor.grants, 'webhook:write', INSTALLATION)}
    />
  )
}
