import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getConnections } from '@/lib/control/arrivals'
import { getAttributes } from '@/lib/control/attributes'
import { listKeys } from '@/lib/control/keys'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { env } from '@/lib/env'
import { ConnectionsScreen } from './connections-screen'

export const metadata: Metadata = { title: 'Connections' }

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ environment?: string }> }

export default async function ConnectionsPage({ params, searchParams }: Props) {
  const [{ project: key }, search] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const project = await orNotFound(getProject(ctx, { project: key }))
  const environment = search.environment
    ? project.environments.find((candidate) => candidate.key === search.environment)
    : project.environments[0]
  if (!environment) notFound()
  const mayRead = can(ctx.actor.grants, 'key:read', inProject(key))
  const where = { project: key, environment: environment.key }
  const [keys, connections, { attributes }] = await orNotFound(
    Promise.all([
      mayRead ? listKeys(ctx, where) : null,
      mayRead ? getConnections(ctx, where) : null,
      getAttributes(ctx, { project: key }),
    ]),
  )
  return (
    <ConnectionsScreen
      key={environment.key}
      project={project}
      environment={environment}
      keys={keys?.items ?? null}
      now={Date.now()}
      connections={connections}
      mayCreate={can(ctx.actor.grants, 'flag:write', inProject(key))}
      mayWrite={can(ctx.actor.grants, 'key:write', inProject(key))}
      attributes={attributes}
      mayMark={can(ctx.actor.grants, 'attribute:write', inProject(key))}
      url={env.publicUrl}
    />
  )
}
