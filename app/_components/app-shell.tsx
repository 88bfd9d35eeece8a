'use client'
import {
  Cable,
  Flag,
  GitPullRequestArrow,
  History,
  Layers,
  Rocket,
  Users,
  UsersRound,
  Webhook,
} from 'lucide-react'
import Link from 'next/link'
import { useParams, usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { paths } from '@/lib/paths'
import { Wordmark } from './mark'
import { type ProjectRef, ProjectSwitcher } from './project-switcher'
import { ShortcutsDialog } from './shortcuts-dialog'
import type { Theme } from './theme'
import { UserMenu } from './user-menu'

const places = [
  { label: 'Flags', icon: Flag, href: paths.flags },
  { label: 'Segments', icon: UsersRound, href: paths.segments },
  { label: 'Approvals', icon: GitPullRequestArrow, href: paths.approvals },
  { label: 'Environments', icon: Layers, href: paths.environments },
  { label: 'Connections', icon: Cable, href: paths.connections },
  { label: 'Webhooks', icon: Webhook, href: paths.webhooks },
  { label: 'Members', icon: Users, href: paths.projectMembers },
  { label: 'Audit', icon: History, href: paths.audit },
] as const

const start = { label: 'Get started', icon: Rocket, href: paths.getStarted } as const

/** The way in stands first, until the first evaluation. */
function Places({ project: { key: project, evaluated } }: { project: ProjectRef }) {
  const pathname = usePathname()
  return (
    <nav aria-label="Project" className="flex gap-0.5 overflow-x-auto lg:flex-col">
      {(evaluated ? places : [start, ...places]).map(({ label, icon: Icon, href }) => {
        const current = pathname.startsWith(href({ project }))
        return (
          <Link
            key={label}
            href={href({ project })}
            aria-current={current ? 'page' : undefined}
            className={cx(
              'flex h-8 items-center gap-2.5 whitespace-nowrap rounded-md px-2.5 transition-colors focus-visible:outline-offset-[-2px]',
              current
                ? 'bg-accent-soft font-medium text-accent-ink'
                : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            <Icon size={16} aria-hidden />
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

type Props = { projects: ProjectRef[]; user: string; theme: Theme; children: ReactNode }

export function AppShell({ projects, user, theme, children }: Props) {
  const params = useParams<{ project?: string }>()
  const router = useRouter()
  const [help, setHelp] = useState(false)
  const current = projects.find((candidate) => candidate.key === params.project)

  useShortcuts({
    '/': () => document.querySelector<HTMLElement>('[data-search]')?.focus(),
    '?': () => setHelp(true),
    f: () => current && router.push(paths.flags({ project: current.key })),
  })

  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside className="flex flex-wrap items-center gap-2 border-b bg-sunken p-3 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:flex-nowrap lg:items-stretch lg:gap-3 lg:border-r lg:border-b-0">
        <Link
          href={paths.projects()}
          className="flex h-9 flex-1 items-center px-2.5 lg:flex-none"
          aria-label="Jackstaff: all projects"
        >
          <Wordmark />
        </Link>
        {current && (
          <div className="order-1 flex w-full flex-col gap-2 lg:order-none lg:gap-3">
            <ProjectSwitcher projects={projects} current={current} />
            <Places project={current} />
          </div>
        )}
        <div className="lg:mt-auto">
          <UserMenu name={user} theme={theme} onShortcuts={() => setHelp(true)} />
        </div>
      </aside>
      <main id="main" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none sm:px-8">
        {children}
      </main>
      <ShortcutsDialog open={help} onClose={() => setHelp(false)} />
    </div>
  )
}
