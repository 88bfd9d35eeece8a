import type { Metadata } from 'next'
import { pageContext } from '@/lib/auth/page'
import { listProjects } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { ProjectsList } from './projects-list'

export const metadata: Metadata = { title: 'Projects' }

export default async function ProjectsPage() {
  const ctx = await pageContext()
  const { items } = await listProjects(ctx, {})
  return <ProjectsList projects={items} mayCreate={can(ctx.actor.grants, 'project:write', INSTALLATION)} />
}
