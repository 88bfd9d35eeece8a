'use client'
import { Download } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useTransition } from 'react'
import { Button, ButtonLink } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { api } from '@/lib/api-client'
import { type AuditSearch, auditQuery } from '@/lib/audit-search'
import type { AuditView, Page, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { AuditFilters } from './audit-filters'
import { AuditList } from './audit-list'
import { ProblemBanner } from './problem-banner'
import { useAction } from './use-action'

type Props = {
  title: string
  children: ReactNode
  /** Whose entries they are; null: the installation's. */
  project: ProjectView | null
  entries: Page<AuditView>
  search: AuditSearch
  cursor: string | undefined
  /** Beside the export. */
  actions?: ReactNode
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // the browser has begun to read it by then
}

const fileName = (project: ProjectView | null) =>
  `audit-${project?.key ?? 'installation'}-${new Date().toISOString().slice(0, 10)}.ndjson`

/** The audit list of a project or of the installation: filters in the address, details, export. */
export function AuditScreen({ title, children, project, entries, search, cursor, actions }: Props) {
  const router = useRouter()
  const [searching, startSearch] = useTransition()
  const address = (to: AuditSearch & { cursor?: string }) =>
    project ? paths.audit({ project: project.key, ...to }) : paths.installationAudit(to)
  const change = (by: AuditSearch) =>
    startSearch(() => router.replace(address({ ...search, ...by }), { scroll: false }))
  const exporting = useAction(async () =>
    save(await api.exportAudit({ project: project?.key, ...auditQuery(search) }), fileName(project)),
  )
  const isNarrow = Object.keys(search).length > 0
  return (
    <>
      <PageHeader
        title={title}
        actions={
          <>
            {actions}
            <Button busy={exporting.busy} onClick={() => exporting.run()}>
              <Download size={16} aria-hidden /> {exporting.busy ? 'Exporting…' : 'Export'}
            </Button>
          </>
        }
      >
        {children}
      </PageHeader>
      <ProblemBanner problem={exporting.problem} />
      <AuditFilters
        search={search}
        actorName={entries.items.find(({ actor }) => actor.id === search.actor)?.actor.name}
        environments={project?.environments ?? null}
        onChange={change}
        address={address}
      />
      <p role="status" className="mb-2 text-ink-2 text-sm">
        {searching ? 'Searching…' : plural(entries.total, 'entry', 'entries')}
      </p>
      <div className={cx('transition-opacity', searching && 'opacity-60')}>
        {entries.items.length > 0 ? (
          <AuditList
            entries={entries.items}
            project={project !== null}
            address={(by) => address({ ...search, ...by })}
          />
        ) : (
          <EmptyState
            title={isNarrow ? 'No entry matches' : 'Nothing was changed yet'}
            action={isNarrow && <ButtonLink href={address({})}>Clear all filters</ButtonLink>}
          >
            {isNarrow ? 'Take a filter away, or choose more days.' : 'Every change will be listed here.'}
          </EmptyState>
        )}
      </div>
      <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
        {cursor && <ButtonLink href={address(search)}>Newest</ButtonLink>}
        {entries.next && <ButtonLink href={address({ ...search, cursor: entries.next })}>Older</ButtonLink>}
      </nav>
    </>
  )
}
