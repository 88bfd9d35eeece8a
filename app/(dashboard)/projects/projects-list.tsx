'use client'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Button } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { CreateProjectDialog } from './create-project-dialog'

export function ProjectsList({ projects, mayCreate }: { projects: ProjectView[]; mayCreate: boolean }) {
  const [creating, setCreating] = useState(false)
  useShortcuts({ c: () => mayCreate && setCreating(true) })
  const create = (
    <Button
      look="primary"
      disabledReason={!mayCreate && 'Creating projects needs the role admin'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> Create project
    </Button>
  )
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title="Projects" actions={create}>
        A project holds the flags of one product, with their state in each environment.
      </PageHeader>
      {projects.length === 0 && (
        <EmptyState title="No project yet" action={create}>
          Create one: it starts with development, staging and production.
        </EmptyState>
      )}
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {projects.map((project) => (
          <li key={project.key}>
            <Link
              href={paths.flags({ project: project.key })}
              className="card block h-full p-4 transition-colors hover:border-line-strong hover:bg-hover"
            >
              <span className="flex items-baseline gap-3">
                <span className="min-w-0 flex-1 truncate font-semibold">{project.name}</span>
                <span className="text-ink-2 text-sm">{plural(project.flagCount, 'flag')}</span>
              </span>
              <code className="mt-0.5 block truncate font-mono text-ink-3 text-sm">{project.key}</code>
              <span className="mt-4 flex flex-wrap gap-x-3 gap-y-1 text-ink-2 text-sm">
                {project.environments.map((environment) => (
                  <EnvironmentName key={environment.key} environment={environment} />
                ))}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <CreateProjectDialog open={creating} onClose={() => setCreating(false)} />
    </div>
  )
}
