'use client'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Badge } from '@/app/_ui/badge'
import { Button } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { PageHeader } from '@/app/_ui/page-header'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { EnvironmentView, ProjectView } from '@/lib/control/views'
import { CreateEnvironmentDialog } from './create-environment-dialog'

const columns: Columns<EnvironmentView> = [
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
        <Badge tone="caution">protected</Badge>
      ) : (
        <span className="text-ink-2">None</span>
      ),
  },
  {
    id: 'config',
    header: 'Newest config',
    cell: ({ row }) => <code className="font-mono text-ink-2 text-sm">{row.original.configId}</code>,
  },
]

export function EnvironmentsScreen({ project, mayWrite }: { project: ProjectView; mayWrite: boolean }) {
  const [creating, setCreating] = useState(false)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader
        title="Environments"
        actions={
          <Button
            look="primary"
            disabledReason={!mayWrite && 'Creating environments needs the role admin'}
            onClick={() => setCreating(true)}
          >
            <Plus size={16} aria-hidden /> Create environment
          </Button>
        }
      >
        Each holds its own state of every flag, its own keys and its own history.
      </PageHeader>
      <DataTable
        caption="Environments"
        columns={columns}
        rows={project.environments}
        rowId={(environment) => environment.key}
      />
      <CreateEnvironmentDialog project={project.key} open={creating} onClose={() => setCreating(false)} />
    </div>
  )
}
