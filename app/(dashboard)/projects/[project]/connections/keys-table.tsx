'use client'
import { useMemo } from 'react'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Time } from '@/app/_ui/time'
import type { KeyView } from '@/lib/control/views'

function columnsFor(mayWrite: boolean, onRevoke: (key: KeyView) => void): Columns<KeyView> {
  return [
    {
      id: 'name',
      header: 'Name',
      cell: ({ row: { original: key } }) => (
        <>
          <span className="block font-medium">{key.name}</span>
          <code className="font-mono text-ink-3 text-xs">{key.id}</code>
        </>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      cell: ({ row }) => (
        <span className="text-ink-2">
          {row.original.mode === null
            ? 'Server, secret'
            : `Client, public: ${row.original.mode === 'full' ? 'rules' : 'answers'}`}
        </span>
      ),
    },
    {
      id: 'created',
      header: 'Created',
      cell: ({ row: { original: key } }) => (
        <span className="text-ink-2">
          {key.createdBy.name}
          <br />
          <Time value={key.createdAt} />
        </span>
      ),
    },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ row: { original: key } }) => (
        <span className="text-ink-2">{key.lastUsedAt ? <Time value={key.lastUsedAt} /> : 'Never'}</span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ row: { original: key } }) => {
        if (key.revokedAt)
          return (
            <span className="text-ink-2">
              <Badge>revoked</Badge> <Time value={key.revokedAt} />
            </span>
          )
        if (!key.expiresAt) return <span className="text-ink-2">In use until revoked</span>
        return (
          <span className="text-ink-2">
            Expires <Time value={key.expiresAt} />
          </span>
        )
      },
    },
    {
      id: 'revoke',
      header: 'Actions',
      meta: { srOnlyHeader: true, className: 'w-24 text-right' },
      cell: ({ row: { original: key } }) =>
        key.revokedAt === null && (
          <Button
            size="sm"
            look="danger-quiet"
            aria-label={`Revoke ${key.name}`}
            disabledReason={!mayWrite && 'Revoking needs the role admin'}
            onClick={() => onRevoke(key)}
          >
            Revoke…
          </Button>
        ),
    },
  ]
}

export function KeysTable({
  keys,
  mayWrite,
  onRevoke,
}: {
  keys: KeyView[]
  mayWrite: boolean
  onRevoke: (key: KeyView) => void
}) {
  const columns = useMemo(() => columnsFor(mayWrite, onRevoke), [mayWrite, onRevoke])
  return <DataTable caption="Keys" columns={columns} rows={keys} rowId={(key) => key.id} />
}
