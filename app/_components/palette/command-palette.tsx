'use client'
import {
  Bookmark,
  ChartLine,
  Flag,
  FolderOpen,
  Keyboard,
  Layers,
  Monitor,
  Moon,
  OctagonX,
  Plus,
  Settings,
  Sun,
  UserPlus,
} from 'lucide-react'
import { useParams, useRouter } from 'next/navigation'
import { useState } from 'react'
import { Palette, type PaletteGroup, type PaletteItem } from '@/app/_ui/palette'
import type { EnvironmentView, FlagView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { KillDialog } from '../kill-dialog'
import type { Place } from '../places'
import type { ProjectRef } from '../project-switcher'
import { storeTheme, type Theme } from '../theme'
import { foremost, matches, readAsked } from './matches'
import { recentFlags } from './recent'
import { useFlagSearch } from './use-flag-search'
import { usePageFlag } from './use-page-flag'
import { useViews } from './use-views'

const themes = [
  { theme: 'light', label: 'Switch to the light theme', icon: Sun },
  { theme: 'dark', label: 'Switch to the dark theme', icon: Moon },
  { theme: 'system', label: 'Follow the theme of the system', icon: Monitor },
] as const satisfies { theme: Theme; label: string; icon: unknown }[]

const settings = [
  { label: 'Settings', path: paths.settings() },
  { label: 'Members of the installation', path: paths.members() },
  { label: 'Groups', path: paths.groups() },
  { label: 'Roles', path: paths.roles() },
  { label: 'Service tokens', path: paths.tokens() },
  { label: 'Single sign-on', path: paths.sso() },
  { label: 'My sessions', path: paths.mySessions() },
  { label: 'My tokens', path: paths.myTokens() },
]

type Killing = { flag: FlagView; environment: EnvironmentView }

type Props = {
  projects: readonly ProjectRef[]
  places: readonly Place[]
  open: boolean
  onClose: () => void
  onShortcuts: () => void
}

/** Ctrl+K: flags by what they are called, pages, environments, and things to do. */
export function CommandPalette({ projects, places, open, onClose, onShortcuts }: Props) {
  const router = useRouter()
  const { project, flag: onFlag } = useParams<{ project?: string; flag?: string }>()
  const [text, setText] = useState('')
  const [killing, setKilling] = useState<Killing | null>(null)
  const current = projects.find(({ key }) => key === project)
  const asked = readAsked(text)
  const { flags, searching } = useFlagSearch(open && current ? current.key : null, asked.q)
  const isHere = asked.killing && asked.q === '' && onFlag !== undefined
  const here = usePageFlag(project ?? '', open && isHere ? onFlag : null)
  const views = useViews(open && current ? current.key : null)
  const close = () => {
    setText('')
    onClose()
  }
  const link = (id: string, label: string, href: string, icon: PaletteItem['icon'], detail?: string) => ({
    id,
    label,
    icon,
    ...(detail && { detail }),
    run: () => router.push(href),
  })

  const groups = (): PaletteGroup[] => {
    const killable = isHere ? here.flags : flags
    if (asked.killing) return [{ label: 'Kill', items: current ? kills(current, killable, setKilling) : [] }]
    const seen = asked.q ? [] : recentFlags().filter((flag) => flag.project === project)
    const named = (item: PaletteItem) => matches(item.label, asked.q)
    const toFlag = ({ key, name }: { key: string; name: string }) =>
      link(`flag ${key}`, name, paths.flag({ project: project!, flag: key }), Flag, key)
    const inProject: PaletteGroup[] = current
      ? [
          { label: 'Recent', items: seen.slice(0, 5).map(toFlag) },
          { label: 'Flags', items: flags.map(toFlag) },
          {
            label: 'Do',
            items: [
              link('create', 'Create a flag', paths.createFlag({ project: current.key }), Plus),
              {
                id: 'kill',
                label: onFlag ? 'Kill this flag…' : 'Kill a flag…',
                detail: onFlag ? 'or type kill and the name of another' : 'or type kill and its name',
                icon: OctagonX,
                stays: true,
                run: () => setText('kill '),
              },
              link('promote', 'Compare and promote', paths.compare({ project: current.key }), Layers),
            ].filter(named),
          },
          {
            label: 'Views',
            items: views
              .map(({ id, name, query }) =>
                link(
                  `view ${id}`,
                  name,
                  `${paths.flags({ project: current.key })}?${[query, `view=${id}`].filter(Boolean).join('&')}`,
                  Bookmark,
                ),
              )
              .filter(named),
          },
          {
            label: 'Environments',
            items: current.environments
              .map(({ key, name }) =>
                onFlag
                  ? link(
                      `at ${key}`,
                      `This flag in ${name}`,
                      paths.flag({ project: current.key, flag: onFlag, environment: key }),
                      Layers,
                    )
                  : link(
                      `in ${key}`,
                      `Connections in ${name}`,
                      paths.connections({ project: current.key, environment: key }),
                      ChartLine,
                    ),
              )
              .filter(named),
          },
          {
            label: 'Pages',
            items: places
              .map(({ label, href, icon }) => link(label, label, href({ project: current.key }), icon))
              .filter(named),
          },
        ]
      : []
    const everywhere: PaletteGroup[] = [
      {
        label: 'Projects',
        items: projects
          .filter(({ key }) => key !== project)
          .map(({ key, name }) =>
            link(`project ${key}`, name, paths.flags({ project: key }), FolderOpen, key),
          )
          .filter(named),
      },
      {
        label: 'Everywhere',
        items: [
          link('invite', 'Invite somebody', paths.invite(), UserPlus),
          ...themes.map(({ theme, label, icon }) => ({
            id: theme,
            label,
            icon,
            run: () => storeTheme(theme),
          })),
          { id: 'keys', label: 'Keyboard shortcuts', icon: Keyboard, run: onShortcuts },
          ...settings.map(({ label, path }) => link(path, label, path, Settings)),
        ].filter(named),
      },
    ]
    return foremost([...inProject, ...everywhere], asked.q)
  }

  return (
    <>
      {open && (
        <Palette
          text={text}
          onText={setText}
          groups={groups()}
          searching={searching || here.looking}
          onClose={close}
        />
      )}
      {killing && current && (
        <KillDialog
          where={{ project: current.key, flag: killing.flag.key, environment: killing.environment.key }}
          environment={killing.environment}
          offVariant={killing.flag.environments[killing.environment.key]?.offVariant ?? null}
          onClose={() => setKilling(null)}
          onKilled={() => {
            const { flag, environment } = killing
            setKilling(null)
            router.push(paths.flag({ project: current.key, flag: flag.key, environment: environment.key }))
            router.refresh()
          }}
        />
      )}
    </>
  )
}

/** Where what was found can still be killed; production comes first. */
function kills(
  { environments }: ProjectRef,
  flags: readonly FlagView[],
  onKill: (killing: Killing) => void,
): PaletteItem[] {
  return flags.flatMap((flag) =>
    environments
      .filter(({ key }) => flag.environments[key] && !flag.environments[key].kill)
      .toReversed()
      .map((environment) => ({
        id: `kill ${flag.key} ${environment.key}`,
        label: `Kill ${flag.name} in ${environment.name}…`,
        detail: flag.key,
        icon: OctagonX,
        run: () => onKill({ flag, environment }),
      })),
  )
}
