import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { listPeople } from '@/lib/control/people/people'
import { listProjects } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { MembersScreen } from './members-screen'

export const metadata: Metadata = { title: 'Members' }

type Props = { searchParams: Promise<{ q?: string; cursor?: string; invite?: string }> }

export default async function MembersPage({ searchParams }: Props) {
  const { q, cursor, invite } = await searchParams
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'member:read', INSTALLATION)) notFound()
  const [people, roles, projects] = await Promise.all([
    listPeople(ctx, { ...(q && { q }), ...(cursor && { cursor }) }),
    listRoles(ctx, {}),
    listProjects(ctx, {}),
  ])
  return (
    <MembersScreen
      people={people}
      q={q ?? ''}
      cursor={cursor}
      roles={roles.items}
      projects={projects.items}
      comesToInvite={invite === 'yes'}
      mayWrite={can(ctx.actor.grants, 'member:write', INSTALLATION)}
    />
  )
}
