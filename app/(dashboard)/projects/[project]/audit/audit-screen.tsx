'use client'
import { ButtonLink } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { Time } from '@/app/_ui/time'
import type { AuditView, Page } from '@/lib/control/views'
import { plural } from '@/lib/describe'
import { describeEntry } from '@/lib/describe-entry'
import { paths } from '@/lib/paths'

const columns: Columns<AuditView> = [
  {
    id: 'at',
    header: 'When',
    cell: ({ row }) => (
      <span className="text-ink-2">
        <Time value={row.original.at} />
      </span>
    ),
  },
  {
    id: 'actor',
    header: 'Who',
    cell: ({ row }) => <span className="font-medium">{row.original.actor.name}</span>,
  },
  {
    id: 'target',
    header: 'What',
    cell: ({ row: { original: entry } }) => (
      <>
        <code className="break-all font-mono text-sm">{entry.target}</code>
        {entry.environment && <span className="block text-ink-3 text-sm">{entry.environment}</span>}
      </>
    ),
  },
  {
    id: 'change',
    header: 'Change',
    meta: { className: 'min-w-72' },
    cell: ({ row: { original: entry } }) => (
      <>
        {describeEntry(entry).map((line) => (
          <p key={line} className="break-words">
            {line}
          </p>
        ))}
        {entry.reason && <p className="text-ink-2">“{entry.reason}”</p>}
      </>
    ),
  },
]

export function AuditScreen({
  project,
  entries,
  cursor,
}: {
  project: string
  entries: Page<AuditView>
  cursor: string | undefined
}) {
  return (
    <>
      <PageHeader title="Audit">
        {plural(entries.total, 'entry', 'entries')}, newest first. Nothing in it can be changed.
      </PageHeader>
      {entries.items.length === 0 ? (
        <EmptyState title="Nothing was changed yet">
          Every change to this project will be listed here.
        </EmptyState>
      ) : (
        <DataTable
          caption="Audit entries"
          columns={columns}
          rows={entries.items}
          rowId={(entry) => String(entry.id)}
        />
      )}
      <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
        {cursor && <ButtonLink href={paths.audit({ project })}>Newest</ButtonLink>}
        {entries.next && <ButtonLink href={paths.audit({ project, cursor: entries.next })}>Older</ButtonLink>}
      </nav>
    </>
  )
}
