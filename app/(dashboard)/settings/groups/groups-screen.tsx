'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import type { PlaceProject } from '@/app/_components/people/places'
import { RoleList } from '@/app/_components/people/role-list'
import { RolesDialog } from '@/app/_components/people/roles-dialog'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { GroupView, RoleDefinition } from '@/lib/control/people/views'
import { peopleApi } from '@/lib/people-client'
import { plural } from '@/lib/plural'
import { CreateGroupDialog } from './create-group-dialog'
import { MembersDialog } from './members-dialog'

type Props = { groups: GroupView[]; roles: RoleDefinition[]; projects: PlaceProject[]; mayWrite: boolean }

type Action = 'members' | 'roles' | 'delete'

const columnsFor = (
  mayWrite: boolean,
  onAction: (action: Action, id: string) => void,
): Columns<GroupView> => [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original: group } }) => (
      <span className="flex flex-wrap items-center gap-2 font-medium">
        {group.name}
        {group.source === 'scim' && <Badge>SCIM</Badge>}
      </span>
    ),
  },
  {
    id: 'members',
    header: 'Members',
    cell: ({ row }) => <span className="text-ink-2">{plural(row.original.memberCount, 'member')}</span>,
  },
  { id: 'roles', header: 'Roles', cell: ({ row }) => <RoleList roles={row.original.roles} /> },
  {
    id: 'actions',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'text-right' },
    cell: ({ row: { original: group } }) => (
      <span className="inline-flex justify-end gap-2">
        <Button
          size="sm"
          aria-label={`Members of ${group.name}`}
          onClick={() => onAction('members', group.id)}
        >
          Members…
        </Button>
        {mayWrite && (
          <>
            <Button
              size="sm"
              aria-label={`Roles of ${group.name}`}
              onClick={() => onAction('roles', group.id)}
            >
              Roles…
            </Button>
            <Button
              size="sm"
              look="danger-quiet"
              aria-label={`Delete ${group.name}`}
              onClick={() => onAction('delete', group.id)}
            >
              Delete…
            </Button>
          </>
        )}
      </span>
    ),
  },
]

export function GroupsScreen({ groups, roles, projects, mayWrite }: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  const [asked, setAsked] = useState<{ action: Action; id: string } | null>(null)
  const group = groups.find(({ id }) => id === asked?.id)
  const close = () => setAsked(null)
  const columns = useMemo(() => columnsFor(mayWrite, (action, id) => setAsked({ action, id })), [mayWrite])
  const create = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Creating groups needs the permission to change people'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> Create group
    </Button>
  )
  return (
    <>
      <PageHeader title="Groups" actions={create}>
        What a group holds, each of its members holds.
      </PageHeader>
      {groups.length === 0 ? (
        <EmptyState title="No groups yet" action={create}>
          Give a role to a group once, instead of to each person. Your identity provider can fill groups by
          SCIM.
        </EmptyState>
      ) : (
        <DataTable caption="Groups" columns={columns} rows={groups} rowId={({ id }) => id} />
      )}
      {creating && (
        <CreateGroupDialog
          onClose={() => setCreating(false)}
          onCreated={() => {
            setCreating(false)
            router.refresh()
          }}
        />
      )}
      {group && asked?.action === 'members' && (
        <MembersDialog
          group={group}
          mayWrite={mayWrite && group.source !== 'scim'}
          onClose={() => {
            close()
            router.refresh()
          }}
        />
      )}
      {group && asked?.action === 'roles' && (
        <RolesDialog
          holder={{ kind: 'group', id: group.id, name: group.name }}
          held={group.roles}
          roles={roles}
          projects={projects}
          onClose={close}
          onChanged={() => router.refresh()}
        />
      )}
      {group && asked?.action === 'delete' && (
        <ConfirmDialog
          title={`Delete ${group.name}?`}
          description="Its members lose what they hold by it, with their next request."
          confirm="Delete group"
          look="danger"
          onConfirm={async () => {
            await peopleApi.deleteGroup(group.id)
            toast.done(`Deleted ${group.name}`)
            close()
            router.refresh()
          }}
          onClose={close}
        />
      )}
    </>
  )
}
