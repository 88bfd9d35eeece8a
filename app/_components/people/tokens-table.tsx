'use client'
import { useMemo } from 'react'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Time } from '@/app/_ui/time'
import type { TokenView } from '@/lib/control/people/views'
import { plural } from '@/lib/plural'
import { RoleList } from './role-list'

type OnToken = (token: TokenView) => void

function Bounds({ token }: { token: TokenView }) {
  if (token.kind === 'service') return <RoleList roles={token.roles} />
  if (token.scopes === null) return <span className="text-ink-2">All that you may</span>
  return <span className="text-ink-2">{plural(token.scopes.length, 'permission')} of yours</span>
}

const columnsFor = (onRotate: OnToken | null, onRevoke: OnToken): Columns<TokenView> => [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original: token } }) => (
      <>
        <span className="block font-medium">{token.name}</span>
        <code className="font-mono text-ink-3 text-xs">{token.id}</code>
      </>
    ),
  },
  { id: 'bounds', header: 'May', cell: ({ row }) => <Bounds token={row.original} /> },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ row: { original: token } }) => (
      <span className="text-ink-2">{token.usedAt ? <Time value={token.usedAt} /> : 'Never'}</span>
    ),
  },
  {
    id: 'ends',
    header: 'Expires',
    cell: ({ row: { original: token } }) => (
      <span className="text-ink-2">
        {token.expiresAt ? <Time value={token.expiresAt} /> : 'Never'}
        {token.replacedBy && <span className="block text-sm">replaced by {token.replacedBy}</span>}
      </span>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'text-right' },
    cell: ({ row: { original: token } }) => (
      <span className="inline-flex justify-end gap-2">
        {onRotate && !token.replacedBy && (
          <Button size="sm" aria-label={`Rotate ${token.name}`} onClick={() => onRotate(token)}>
            Rotate…
          </Button>
        )}
        <Button
          size="sm"
          look="danger-quiet"
          aria-label={`Revoke ${token.name}`}
          onClick={() => onRevoke(token)}
        >
          Revoke…
        </Button>
      </span>
    ),
  },
]

export function TokensTable({
  tokens,
  onRotate = null,
  onRevoke,
}: {
  tokens: TokenView[]
  onRotate?: OnToken | null
  onRevoke: OnToken
}) {
  const columns = useMemo(() => columnsFor(onRotate, onRevoke), [onRotate, onRevoke])
  return <DataTable caption="Tokens" columns={columns} rows={tokens} rowId={({ id }) => id} />
}
