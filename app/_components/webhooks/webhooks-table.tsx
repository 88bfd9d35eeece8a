'use client'
import Link from 'next/link'
import { useMemo } from 'react'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { rowLink } from '@/app/_ui/use-row-keys'
import type { WebhookView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { listensTo, WebhookState, wordsFor } from './webhook-words'

const payload: Columns<WebhookView>[number] = {
  id: 'payload',
  header: 'As',
  cell: ({ row }) => (
    <span className="text-ink-2">{row.original.payload === 'slack' ? 'Slack message' : 'JSON'}</span>
  ),
}

const columnsFor = (project: string | null): Columns<WebhookView> => [
  {
    id: 'name',
    header: 'Name',
    meta: { className: 'min-w-56' },
    cell: ({ row: { original: webhook } }) => (
      <>
        <Link
          href={paths.webhook({ project, webhook: webhook.id })}
          {...rowLink}
          className="block rounded-sm font-medium underline-offset-4 hover:underline"
        >
          {webhook.name}
        </Link>
        <span className="break-all font-mono text-ink-3 text-xs">{webhook.url}</span>
      </>
    ),
  },
  {
    id: 'events',
    header: 'Is told of',
    meta: { className: 'min-w-40' },
    cell: ({ row }) => <span className="break-words text-ink-2">{listensTo(row.original)}</span>,
  },
  ...(project === null ? [] : [payload]),
  {
    id: 'state',
    header: 'State',
    meta: { className: 'min-w-40' },
    cell: ({ row }) => <WebhookState webhook={row.original} />,
  },
]

export function WebhooksTable({ project, webhooks }: { project: string | null; webhooks: WebhookView[] }) {
  const columns = useMemo(() => columnsFor(project), [project])
  return (
    <DataTable
      caption={wordsFor(project).title}
      columns={columns}
      rows={webhooks}
      rowId={(webhook) => webhook.id}
    />
  )
}
