'use client'
import { ChevronsUpDown } from 'lucide-react'
import { Menu, MenuLink, MenuSeparator } from '@/app/_ui/menu'
import type { EnvironmentView } from '@/lib/control/views'
import { paths } from '@/lib/paths'

export type ProjectRef = {
  key: string
  name: string
  /** An application has evaluated one of its flags. */
  evaluated: boolean
  environments: EnvironmentView[]
}

export function ProjectSwitcher({ projects, current }: { projects: ProjectRef[]; current: ProjectRef }) {
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Project ${current.name}: choose another`}
          className="flex h-9 w-full items-center gap-2 rounded-md border bg-surface px-2.5 text-left font-medium transition-colors hover:bg-hover"
        >
          <span className="min-w-0 flex-1 truncate">{current.name}</span>
          <ChevronsUpDown size={14} aria-hidden className="text-ink-3" />
        </button>
      }
    >
      {projects.map((project) => (
        <MenuLink key={project.key} href={paths.flags({ project: project.key })}>
          <span className="min-w-0 flex-1 truncate">{project.name}</span>
        </MenuLink>
      ))}
      <MenuSeparator />
      <MenuLink href={paths.projects()}>All projects</MenuLink>
    </Menu>
  )
}
