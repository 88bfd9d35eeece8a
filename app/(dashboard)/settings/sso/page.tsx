import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { can, INSTALLATION } from '@/lib/control/roles'
import { listConnections } from '@/lib/control/sso/connections'
import { SsoScreen } from './sso-screen'

export const metadata: Metadata = { title: 'Single sign-on' }

export default async function SsoPage() {
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'sso:write', INSTALLATION)) notFound()
  return <SsoScreen connections={(await listConnections(ctx, {})).items} />
}
