import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { can, inProject } from '@/lib/control/roles'
import { listSegments } from '@/lib/control/segments'
import { SegmentsScreen } from './segments-screen'

export const metadata: Metadata = { title: 'Segments' }

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ cursor?: string }> }

export default async function SegmentsPage({ params, searchParams }: Props) {
  const [{ project }, { cursor }] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const segments = await orNotFound(listSegments(ctx, { project, cursor }))
  return (
    <SegmentsScreen
      project={project}
      segments={segments}
      cursor={cursor}
      mayWrite={can(ctx.actor.grants, 'segment:write', inProject(project))}
    />
  )
}
