import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { listProjectGrants } from '@/lib/control/people/grants'
import { listGroups } from '@/lib/control/people/groups'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { ProjectMembersScreen } from './project-members-screen'

export const metadata: Metadata = { title: 'Members' }

export default async function ProjectMembersPage({ params }: { params: Promise<{ project: string }> }) {
  const { project: key } = await params
  const ctx = await pageContext()
  const project = await orNotFound(getProject(ctx, { project: key }))
  const mayWrite = can(ctx.actor.grants, 'member:write', inProject(key))
  const [grants, roles, groups] = await Promise.all([
    orNotFound(listProjectGrants(ctx, { project: key })),
    listRoles(ctx, {}),
    mayWrite ? listGroups(ctx, { project: key }) : null,
  ])
  return (
    <ProjectMembersScreen
      project={project}
      grants={grants.items}
      roles={roles.items}
      groups={groups?.items.map(({ id, name }) => ({ id, name })) ?? []}
      mayWrite={mayWrite}
    />
  )
}
