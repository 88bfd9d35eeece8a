import type { Metadata } from 'next'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listAudit } from '@/lib/control/audit'
import { AuditScreen } from './audit-screen'

export const metadata: Metadata = { title: 'Audit' }

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ cursor?: string }> }

export default async function AuditPage({ params, searchParams }: Props) {
  const [{ project }, { cursor }] = await Promise.all([params, searchParams])
  const ctx = await pageContext()
  const entries = await orNotFound(listAudit(ctx, { project, cursor }))
  return <AuditScreen project={project} entries={entries} cursor={cursor} />
}
