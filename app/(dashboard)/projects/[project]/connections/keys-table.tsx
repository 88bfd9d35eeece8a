'use client'
import { Ellipsis } from 'lucide-react'
import { useMemo } from 'react'
import { Badge } from '@/app/_ui/badge'
import { IconButton } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import { Day, Time } from '@/app/_ui/time'
import type { KeyView } from '@/lib/control/views'

export type KeyAction = 'edit' | 'rotate' | 'revoke'

type OnAct = (action: KeyAction, key: KeyView) => void

function columnsFor(mayWrite: boolean, now: number, onAct: OnAct): Columns<KeyView> {
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
          {row.original.origins.length > 0 && (
            <span className="block text-ink-3 text-sm" title={row.original.origins.join(', ')}>
              pages of {row.original.origins[0]}
              {row.original.origins.length > 1 && ` and ${row.original.origins.length - 1} more`}
            </span>
          )}
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
          <Day value={key.createdAt} now={now} />
        </span>
      ),
    },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ row: { original: key } }) => (
        <span className="text-ink-2">
          {key.lastUsedAt ? <Day value={key.lastUsedAt} now={now} /> : 'Never'}
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ row: { original: key } }) => {
        if (key.revokedAt)
          return (
            <span className="text-ink-2">
              <Badge>revoked</Badge> <Day value={key.revokedAt} now={now} />
            </span>
          )
        if (!key.expiresAt) return <span className="text-ink-2">In use until revoked</span>
        return (
          <span className="text-ink-2">
            {key.replacedBy ? 'Replaced, ends' : 'Expires'} <Time value={key.expiresAt} />
          </span>
        )
      },
    },
    {
      id: 'actions',
      header: 'Actions',
      meta: { srOnlyHeader: true, className: 'w-10 py-1.5! sticky right-0 bg-inherit' },
      cell: ({ row: { original: key } }) => key.revokedAt === null && menuOf(key, mayWrite, onAct),
    },
  ]
}

const menuOf = (key: KeyView, mayWrite: boolean, onAct: OnAct) => (
  <Menu
    trigger={
      <IconButton
        label={`Actions for ${key.name}`}
        size="sm"
        disabledReason={!mayWrite && 'Changing keys needs the role admin'}
      >
        <Ellipsis size={16} aria-hidden />
      </IconButton>
    }
  >
    <MenuItem disabled={!mayWrite} onSelect={() => onAct('edit', key)}>
      {key.kind === 'client' ? 'Edit name and origins…' : 'Rename…'}
    </MenuItem>
    <MenuItem disabled={!mayWrite || key.replacedBy !== null} onSelect={() => onAct('rotate', key)}>
      Rotate…
    </MenuItem>
    <MenuSeparator />
    <MenuItem tone="danger" disabled={!mayWrite} onSelect={() => onAct('revoke', key)}>
      Revoke…
    </MenuItem>
  </Menu>
)

export function KeysTable({
  keys,
  now,
  mayWrite,
  onAct,
}: {
  keys: KeyView[]
  /** When they were read, in epoch ms. */
  now: number
  mayWrite: boolean
  onAct: OnAct
}) {
  const columns = useMemo(() => columnsFor(mayWrite, now, onAct), [mayWrite, now, onAct])
  return <DataTable caption="Keys" columns={columns} rows={keys} rowId={(key) => key.id} />
}
