import type { Metadata } from 'next'
import { AuditScreen } from '@/app/_components/audit-screen'
import { ButtonLink } from '@/app/_ui/button'
import { auditQuery, readAuditSearch } from '@/lib/audit-search'
import { orNotFound } from '@/lib/auth/or-not-found'
import { pageContext } from '@/lib/auth/page'
import { listAudit } from '@/lib/control/audit'
import { getProject } from '@/lib/control/projects'
import { can, INSTALLATION } from '@/lib/control/roles'
import { paths } from '@/lib/paths'

export const metadata: Metadata = { title: 'Audit' }

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function AuditPage({ params, searchParams }: Props) {
  const [{ project: key }, given] = await Promise.all([params, searchParams])
  const cursor = typeof given.cursor === 'string' ? given.cursor : undefined
  const { scope: _, ...search } = readAuditSearch(given)
  const ctx = await pageContext()
  const [project, entries] = await orNotFound(
    Promise.all([
      getProject(ctx, { project: key }),
      listAudit(ctx, { project: key, cursor, ...auditQuery(search) }),
    ]),
  )
  const all = can(ctx.actor.grants, 'audit:read', INSTALLATION)
  return (
    <AuditScreen
      title="Audit"
      project={project}
      entries={entries}
      search={search}
      cursor={cursor}
      actions={all && <ButtonLink href={paths.installationAudit()}>Audit of the installation</ButtonLink>}
    >
      Every change to this project, newest first. Nothing in it can be changed unnoticed.
    </AuditScreen>
  )
}
