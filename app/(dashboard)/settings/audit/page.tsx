import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AuditScreen } from '@/app/_components/audit-screen'
import { auditQuery, readAuditSearch } from '@/lib/audit-search'
import { pageContext } from '@/lib/auth/page'
import { listInstallationAudit } from '@/lib/control/audit'
import { can, INSTALLATION } from '@/lib/control/roles'

export const metadata: Metadata = { title: 'Audit of the installation' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function InstallationAuditPage({ searchParams }: Props) {
  const given = await searchParams
  const cursor = typeof given.cursor === 'string' ? given.cursor : undefined
  const { environment: _, ...search } = readAuditSearch(given)
  const ctx = await pageContext()
  if (!can(ctx.actor.grants, 'audit:read', INSTALLATION)) notFound()
  const { scope, ...query } = auditQuery(search)
  const wide = { scope: scope === 'all' ? ('all' as const) : undefined }
  const entries = await listInstallationAudit(ctx, { ...query, ...wide, cursor })
  return (
    <AuditScreen
      title="Audit of the installation"
      project={null}
      entries={entries}
      search={search}
      cursor={cursor}
    >
      Sign-ins, refusals, and changes that belong to no project, newest first.
    </AuditScreen>
  )
}
