import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listRoles } from '@/lib/control/people/custom-roles'
import { listGroups } from '@/lib/control/people/groups'
import { listProjects } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { getConnection } from '@/lib/control/sso/connections'
import { env } from '@/lib/env'
import { ConnectionForm } from '../connection-form'

export const metadata: Metadata = { title: 'Single sign-on' }

const NEW = 'new' // no connection is called so

export default async function ConnectionPage({ params }: { params: Promise<{ connection: string }> }) {
  const { connection: key } = await params
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'sso:write', INSTALLATION)) notFound()
  const [connection, roles, groups, projects] = await Promise.all([
    key === NEW ? null : orNotFound(getConnection(ctx, { connection: key })),
    listRoles(ctx, {}),
    listGroups(ctx, {}),
    listProjects(ctx, {}),
  ])
  return (
    <ConnectionForm
      connection={connection}
      origin={env.publicUrl}
      roles={roles.items}
      groups={groups.items}
      projects={projects.items}
    />
  )
}
