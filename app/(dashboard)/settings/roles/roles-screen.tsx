'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { areas } from '@/app/_components/people/permission-words'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { RoleDefinition } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { RoleDialog } from './role-dialog'

/** Words as they stand within a sentence. */
const within = (words: string) => `${words[0]!.toLowerCase()}${words.slice(1)}`

function Allowed({ role }: { role: RoleDefinition }) {
  return (
    <ul className="flex flex-col gap-0.5 text-ink-2 text-sm">
      {areas.map(({ area, permissions }) => {
        const words = permissions.filter(([one]) => role.permissions.includes(one)).map(([, text]) => text)
        if (words.length === 0) return null
        return (
          <li key={area}>
            <span className="text-ink-3">{area}:</span>{' '}
            {words.length === permissions.length ? 'everything' : words.map(within).join(', ')}
          </li>
        )
      })}
    </ul>
  )
}

const columnsFor = (
  mayWrite: boolean,
  onEdit: (role: RoleDefinition) => void,
  onDelete: (role: RoleDefinition) => void,
): Columns<RoleDefinition> => [
  {
    id: 'name',
    header: 'Role',
    cell: ({ row: { original: role } }) => (
      <>
        <span className="flex items-center gap-2 font-medium">
          {role.name}
          {role.builtIn && <Badge>built in</Badge>}
        </span>
        <code className="font-mono text-ink-3 text-xs">{role.key}</code>
      </>
    ),
  },
  {
    id: 'permissions',
    header: 'May',
    meta: { className: 'min-w-80' },
    cell: ({ row }) => <Allowed role={row.original} />,
  },
  {
    id: 'actions',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'text-right' },
    cell: ({ row: { original: role } }) =>
      mayWrite &&
      !role.builtIn && (
        <span className="inline-flex justify-end gap-2">
          <Button size="sm" aria-label={`Change ${role.name}`} onClick={() => onEdit(role)}>
            Change…
          </Button>
          <Button
            size="sm"
            look="danger-quiet"
            aria-label={`Delete ${role.name}`}
            onClick={() => onDelete(role)}
          >
            Delete…
          </Button>
        </span>
      ),
  },
]

export function RolesScreen({ roles, mayWrite }: { roles: RoleDefinition[]; mayWrite: boolean }) {
  const router = useRouter()
  const [editing, setEditing] = useState<RoleDefinition | 'new' | null>(null)
  const [deleting, setDeleting] = useState<RoleDefinition | null>(null)
  const columns = useMemo(() => columnsFor(mayWrite, setEditing, setDeleting), [mayWrite])
  return (
    <>
      <PageHeader
        title="Roles"
        actions={
          <Button
            look="primary"
            disabledReason={!mayWrite && 'Creating roles needs the permission to change people'}
            onClick={() => setEditing('new')}
          >
            <Plus size={16} aria-hidden /> Create role
          </Button>
        }
      >
        A role is a name for some permissions. It counts where it is given: everywhere, in a project, in an
        environment.
      </PageHeader>
      <DataTable caption="Roles" columns={columns} rows={roles} rowId={({ key }) => key} />
      {editing && (
        <RoleDialog
          role={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={(name) => {
            toast.done(`Saved ${name}`)
            setEditing(null)
            router.refresh()
          }}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={`Delete ${deleting.name}?`}
          description="A role that somebody holds is not deleted: take it away from them first."
          confirm="Delete role"
          look="danger"
          onConfirm={async () => {
            await peopleApi.deleteRole(deleting.key)
            toast.done(`Deleted ${deleting.name}`)
            setDeleting(null)
            router.refresh()
          }}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  )
}
