'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Explainer } from '@/app/_components/people/explainer'
import { placeName } from '@/app/_components/people/places'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { toast } from '@/app/_ui/toast'
import type { GrantView, RoleDefinition } from '@/lib/control/people/views'
import type { ProjectView } from '@/lib/control/views'
import { peopleApi } from '@/lib/people-client'
import { GiveRoleDialog } from './give-role-dialog'

type Props = {
  project: ProjectView
  grants: GrantView[]
  roles: RoleDefinition[]
  groups: { id: string; name: string }[]
  mayWrite: boolean
}

const KIND = { person: 'Person', group: 'Group', token: 'Service token' } as const

const columnsFor = (
  mayWrite: boolean,
  onExplain: (grant: GrantView) => void,
  onTake: (grant: GrantView) => void,
): Columns<GrantView> => [
  {
    id: 'holder',
    header: 'Who',
    cell: ({ row: { original: grant } }) => (
      <>
        <span className="block font-medium">{grant.holder.name}</span>
        <span className="text-ink-3 text-sm">{KIND[grant.holder.kind]}</span>
      </>
    ),
  },
  { id: 'role', header: 'Role', cell: ({ row }) => <Badge>{row.original.role}</Badge> },
  {
    id: 'where',
    header: 'Where',
    cell: ({ row: { original: grant } }) => <span className="text-ink-2">{placeName(grant)}</span>,
  },
  {
    id: 'actions',
    header: 'Actions',
    meta: { srOnlyHeader: true, className: 'text-right' },
    cell: ({ row: { original: grant } }) => (
      <span className="inline-flex justify-end gap-2">
        {grant.holder.kind === 'person' && (
          <Button
            size="sm"
            aria-label={`What can they do? ${grant.holder.name}`}
            onClick={() => onExplain(grant)}
          >
            What can they do?
          </Button>
        )}
        {mayWrite && grant.project !== null && (
          <Button
            size="sm"
            look="danger-quiet"
            aria-label={`Take away ${grant.role} from ${grant.holder.name}`}
            onClick={() => onTake(grant)}
          >
            Take away…
          </Button>
        )}
      </span>
    ),
  },
]

export function ProjectMembersScreen({ project, grants, roles, groups, mayWrite }: Props) {
  const router = useRouter()
  const [giving, setGiving] = useState(false)
  const [explained, setExplained] = useState<GrantView | null>(null)
  const [taken, setTaken] = useState<GrantView | null>(null)
  const columns = useMemo(() => columnsFor(mayWrite, setExplained, setTaken), [mayWrite])
  const give = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Giving roles needs the permission to change members of this project'}
      onClick={() => setGiving(true)}
    >
      <Plus size={16} aria-hidden /> Give a role
    </Button>
  )
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title="Members" actions={give}>
        Who may do what in {project.name}. What is held everywhere is changed in the settings.
      </PageHeader>
      {grants.length === 0 ? (
        <EmptyState title="Nobody holds a role here" action={give}>
          Give a person or a group a role in this project, or in one of its environments.
        </EmptyState>
      ) : (
        <DataTable caption="Members" columns={columns} rows={grants} rowId={({ id }) => String(id)} />
      )}
      {giving && (
        <GiveRoleDialog
          project={project}
          roles={roles}
          groups={groups}
          onClose={() => setGiving(false)}
          onGiven={(name) => {
            toast.done(`${name} holds the role now`)
            setGiving(false)
            router.refresh()
          }}
        />
      )}
      {explained && (
        <Explainer
          person={explained.holder}
          projects={[project]}
          project={project.key}
          onClose={() => setExplained(null)}
        />
      )}
      {taken && (
        <ConfirmDialog
          title={`Take ${taken.role} from ${taken.holder.name}?`}
          description={`It ends ${placeName(taken)} with their next request.`}
          confirm="Take away"
          look="danger"
          onConfirm={async () => {
            await peopleApi.takeAwayInProject(project.key, taken.id)
            toast.done(`Taken from ${taken.holder.name}`)
            setTaken(null)
            router.refresh()
          }}
          onClose={() => setTaken(null)}
        />
      )}
    </div>
  )
}
