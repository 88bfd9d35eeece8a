'use client'
import { MoreHorizontal } from 'lucide-react'
import { useMemo } from 'react'
import { RoleList } from '@/app/_components/people/role-list'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import type { PersonView } from '@/lib/control/people/views'

export type PersonAction = 'roles' | 'explain' | 'link' | 'sessions' | 'disable' | 'enable'

type OnAction = (action: PersonAction, person: PersonView) => void

function Actions({
  person,
  mayWrite,
  onAction,
}: {
  person: PersonView
  mayWrite: boolean
  onAction: OnAction
}) {
  const ask = (action: PersonAction) => () => onAction(action, person)
  return (
    <Menu
      trigger={
        <Button look="ghost" size="sm" aria-label={`Actions for ${person.name}`}>
          <MoreHorizontal size={16} aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={ask('explain')}>What can they do?</MenuItem>
      {mayWrite && (
        <>
          <MenuItem onSelect={ask('roles')}>Roles…</MenuItem>
          <MenuSeparator />
          {person.disabledAt === null && <MenuItem onSelect={ask('link')}>New sign-in link…</MenuItem>}
          <MenuItem onSelect={ask('sessions')}>End sessions…</MenuItem>
          {person.disabledAt === null ? (
            <MenuItem tone="danger" onSelect={ask('disable')}>
              Shut out…
            </MenuItem>
          ) : (
            <MenuItem onSelect={ask('enable')}>Let in again…</MenuItem>
          )}
        </>
      )}
    </Menu>
  )
}

const columnsFor = (mayWrite: boolean, onAction: OnAction): Columns<PersonView> => [
  {
    id: 'name',
    header: 'Name',
    meta: { className: 'min-w-44' },
    cell: ({ row: { original: person } }) => (
      <>
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {person.name}
          {person.disabledAt && <Badge tone="caution">shut out</Badge>}
          {person.source === 'scim' && <Badge>SCIM</Badge>}
        </span>
        <span className="break-all text-ink-3 text-sm">{person.email}</span>
      </>
    ),
  },
  {
    id: 'roles',
    header: 'Roles',
    cell: ({ row }) => <RoleList roles={row.original.roles} />,
  },
  {
    id: 'groups',
    header: 'Groups',
    cell: ({ row }) => (
      <span className="text-ink-2">{row.original.groups.map(({ name }) => name).join(', ') || 'None'}</span>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'w-12 text-right' },
    cell: ({ row }) => <Actions person={row.original} mayWrite={mayWrite} onAction={onAction} />,
  },
]

export function MembersTable({
  people,
  mayWrite,
  onAction,
}: {
  people: PersonView[]
  mayWrite: boolean
  onAction: OnAction
}) {
  const columns = useMemo(() => columnsFor(mayWrite, onAction), [mayWrite, onAction])
  return <DataTable caption="Members" columns={columns} rows={people} rowId={({ id }) => id} />
}
