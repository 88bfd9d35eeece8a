import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { listGroups } from '@/lib/control/people/groups'
import { listProjects } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { GroupsScreen } from './groups-screen'

export const metadata: Metadata = { title: 'Groups' }

export default async function GroupsPage() {
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'member:read', INSTALLATION)) notFound()
  const [groups, roles, projects] = await Promise.all([
    listGroups(ctx, {}),
    listRoles(ctx, {}),
    listProjects(ctx, {}),
  ])
  return (
    <GroupsScreen
      groups={groups.items}
      roles={roles.items}
      projects={projects.items}
      mayWrite={can(ctx.actor.grants, 'member:write', INSTALLATION)}
    />
  )
}
