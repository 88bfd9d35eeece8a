'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useParams, usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { cx } from '@/app/_ui/cx'
import { Kbd } from '@/app/_ui/kbd'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { paths } from '@/lib/paths'
import { RunNote } from './bulk/run-note'
import { Wordmark } from './mark'
import { ownTab } from './own-tab'
import { placesOf } from './places'
import { type ProjectRef, ProjectSwitcher } from './project-switcher'
import type { Theme } from './theme'
import { usePaletteKey } from './use-palette-key'
import { UserMenu } from './user-menu'

const CommandPalette = dynamic(
  () => import('./palette/command-palette').then((part) => part.CommandPalette),
  {
    ssr: false,
  },
)

const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog').then((part) => part.ShortcutsDialog), {
  ssr: false,
})

function Places({ current }: { current: ProjectRef }) {
  const project = current.key
  const pathname = usePathname()
  const nav = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a narrow screen the place that is current may be out of sight
  useEffect(() => {
    const here = nav.current?.querySelector<HTMLElement>('[aria-current]')
    if (here) nav.current!.scrollLeft = here.offsetLeft - (nav.current!.clientWidth - here.offsetWidth) / 2
  }, [pathname])
  return (
    <nav ref={nav} aria-label="Project" className="relative flex gap-0.5 overflow-x-auto lg:flex-col">
      {placesOf(current).map(({ label, icon: Icon, href }) => {
        const here = pathname.startsWith(href({ project }))
        return (
          <Link
            key={label}
            href={href({ project })}
            aria-current={here ? 'page' : undefined}
            className={cx(
              'flex h-8 items-center gap-2.5 whitespace-nowrap rounded-md px-2.5 transition-colors focus-visible:outline-offset-[-2px]',
              here
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

type Props = { projects: ProjectRef[]; user: { id: string; name: string }; theme: Theme; children: ReactNode }

export function AppShell({ projects, user, theme, children }: Props) {
  useMemo(() => ownTab(user.id), [user.id]) // before anything below reads what the tab keeps
  const params = useParams<{ project?: string }>()
  const router = useRouter()
  const [help, setHelp] = useState(false)
  /** Null until it is asked for: then it is loaded. */
  const [palette, setPalette] = useState<boolean | null>(null)
  usePaletteKey(() => setPalette(true))
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
            <button
              type="button"
              aria-keyshortcuts="Control+K Meta+K"
              onClick={() => setPalette(true)}
              className="flex h-8 items-center gap-2.5 rounded-md border border-control/60 bg-surface px-2.5 text-ink-2 transition-colors hover:bg-hover hover:text-ink"
            >
              <Search size={16} aria-hidden />
              <span className="flex-1 text-left">Find or do</span>
              <span aria-hidden className="flex gap-1">
                <Kbd>Ctrl</Kbd>
                <Kbd>K</Kbd>
              </span>
            </button>
            <Places current={current} />
          </div>
        )}
        <RunNote className="max-lg:hidden lg:mt-auto rounded-lg border border-line-strong bg-raised px-3 py-2.5" />
        <div className="lg:mt-auto lg:[section+&]:mt-0">
          <UserMenu name={user.name} theme={theme} onShortcuts={() => setHelp(true)} />
        </div>
      </aside>
      <RunNote className="sticky top-0 z-30 border-b bg-raised px-4 py-2.5 lg:hidden" />
      <main id="main" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none sm:px-8">
        {children}
      </main>
      {palette !== null && (
        <CommandPalette
          projects={projects}
          places={current ? placesOf(current) : []}
          open={palette}
          onClose={() => setPalette(false)}
          onShortcuts={() => setHelp(true)}
        />
      )}
      {help && <ShortcutsDialog open onClose={() => setHelp(false)} />}
    </div>
  )
}
