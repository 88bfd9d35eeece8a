'use client'
import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Badge } from '@/app/_ui/badge'
import { Button, ButtonLink } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { PageHeader } from '@/app/_ui/page-header'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { EnvironmentView, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { CreateEnvironmentDialog } from './create-environment-dialog'
import { ProtectionDialog } from './protection-dialog'

/** "1 approval, named, frozen now" */
function protectionOf({ policy }: EnvironmentView): string {
  const { approvals, confirm, freezes } = policy
  const frozen = freezes.filter(({ until }) => Date.parse(until) > Date.now()).length
  return [
    approvals > 0 && plural(approvals, 'approval'),
    confirm && 'named by whoever publishes',
    frozen > 0 && plural(frozen, 'freeze'),
  ]
    .filter((part) => part !== false)
    .join(', ')
}

const columns = (onProtect: ((environment: EnvironmentView) => void) | null): Columns<EnvironmentView> => [
  {
    id: 'name',
    header: 'Environment',
    cell: ({ row: { original: environment } }) => (
      <>
        <span className="block font-medium">
          <EnvironmentName environment={environment} />
        </span>
        <code className="font-mono text-ink-3 text-xs">{environment.key}</code>
      </>
    ),
  },
  {
    id: 'protection',
    header: 'Protection',
    cell: ({ row }) =>
      row.original.protected ? (
        <>
          <Badge tone="caution">protected</Badge>
          <span className="block text-ink-3 text-sm">{protectionOf(row.original)}</span>
        </>
      ) : (
        <span className="text-ink-2">None</span>
      ),
  },
  {
    id: 'config',
    header: 'Newest config',
    cell: ({ row }) => <code className="font-mono text-ink-2 text-sm">{row.original.configId}</code>,
  },
  {
    id: 'actions',
    header: 'Actions',
    meta: { className: 'text-right', srOnlyHeader: true },
    cell: ({ row }) =>
      onProtect && (
        <Button size="sm" onClick={() => onProtect(row.original)}>
          Protection…
        </Button>
      ),
  },
]

export function EnvironmentsScreen({ project, mayWrite }: { project: ProjectView; mayWrite: boolean }) {
  const [creating, setCreating] = useState(false)
  const [guarding, setGuarding] = useState<EnvironmentView | null>(null)
  const shown = useMemo(() => columns(mayWrite ? setGuarding : null), [mayWrite])
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader
        title="Environments"
        actions={
          <>
            {project.environments.length > 1 && (
              <ButtonLink href={paths.compare({ project: project.key })}>Compare and promote</ButtonLink>
            )}
            <Button
              look="primary"
              disabledReason={!mayWrite && 'Creating environments needs the role admin'}
              onClick={() => setCreating(true)}
            >
              <Plus size={16} aria-hidden /> Create environment
            </Button>
          </>
        }
      >
        Each holds its own state of every flag, its own keys and its own history.
      </PageHeader>
      <DataTable
        caption="Environments"
        columns={shown}
        rows={project.environments}
        rowId={(environment) => environment.key}
      />
      {guarding && (
        <ProtectionDialog project={project.key} environment={guarding} onClose={() => setGuarding(null)} />
      )}
      <CreateEnvironmentDialog project={project.key} open={creating} onClose={() => setCreating(false)} />
    </div>
  )
}
