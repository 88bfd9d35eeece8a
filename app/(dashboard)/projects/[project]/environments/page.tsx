import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { getProject } from '@/lib/control/projects'
import { can, inProject } from '@/lib/control/roles'
import { EnvironmentsScreen } from './environments-screen'

export const metadata: Metadata = { title: 'Environments' }

export default async function EnvironmentsPage({ params }: { params: Promise<{ project: string }> }) {
  const { project: key } = await params
  const ctx = await pageContext()
  const project = await orNotFound(getProject(ctx, { project: key }))
  return (
    <EnvironmentsScreen
      project={project}
      mayWrite={can(ctx.actor.grants, 'environment:write', inProject(key))}
    />
  )
}
