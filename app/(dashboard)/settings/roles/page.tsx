import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { can, INSTALLATION } from '@/lib/control/roles'
import { RolesScreen } from './roles-screen'

export const metadata: Metadata = { title: 'Roles' }

export default async function RolesPage() {
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'member:read', INSTALLATION)) notFound()
  const { items } = await listRoles(ctx, {})
  return <RolesScreen roles={items} mayWrite={can(ctx.actor.grants, 'member:write', INSTALLATION)} />
}
