'use client'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { ArchiveDialog } from '@/app/_components/archive-dialog'
import { EnvironmentName } from '@/app/_components/environment-name'
import { KillDialog } from '@/app/_components/kill-dialog'
import { StatusLine } from '@/app/_components/status-line'
import { Badge } from '@/app/_ui/badge'
import { IconButton } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { rowLink } from '@/app/_ui/use-row-keys'
import { api } from '@/lib/api-client'
import type { EnvironmentView, FlagView, ListedFlag, ProjectView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { paths } from '@/lib/paths'
import { Evaluated } from './evaluated'
import type { May } from './flags-screen'

type Killing = { flag: FlagView; environment: EnvironmentView }

const quiet = 'text-ink-3'

function columnsFor(
  project: ProjectView,
  now: number,
  menu: (flag: ListedFlag) => React.ReactNode,
): Columns<ListedFlag> {
  const at = (flag: FlagView, environment?: string) =>
    paths.flag({ project: project.key, flag: flag.key, environment })
  return [
    {
      id: 'name',
      header: 'Flag',
      meta: { className: 'min-w-56 bg-inherit sm:sticky sm:left-0' },
      cell: ({ row: { original: flag } }) => (
        <>
          <Link
            href={at(flag)}
            {...rowLink}
            className="block rounded-sm font-medium underline-offset-4 hover:underline"
          >
            {flag.name}
          </Link>
          <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
        </>
      ),
    },
    {
      id: 'type',
      header: 'Type',
      cell: ({ row }) => <span className="text-ink-2">{row.original.type}</span>,
    },
    ...project.environments.map((environment) => ({
      id: `environment:${environment.key}`,
      header: () => <EnvironmentName environment={environment} />,
      meta: { className: 'min-w-44 max-w-72' },
      cell: ({ row: { original: flag } }: { row: { original: ListedFlag } }) => {
        const targeting = flag.environments[environment.key]
        if (!targeting) return <span className={quiet}>Not set</span>
        return (
          <Link href={at(flag, environment.key)} tabIndex={-1} className="block rounded-sm text-sm">
            <StatusLine status={describeStatus(targeting)} clamp />
          </Link>
        )
      },
    })),
    {
      id: 'evaluated',
      header: 'Last evaluated',
      meta: { className: 'min-w-36 whitespace-nowrap' },
      cell: ({ row: { original: flag } }) => <Evaluated flag={flag} now={now} />,
    },
    {
      id: 'tags',
      header: 'Tags',
      meta: { className: 'hidden xl:table-cell' },
      cell: ({ row }) => (
        <span className="flex flex-wrap gap-1">
          {row.original.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: 'owner',
      header: 'Owner',
      meta: { className: 'hidden whitespace-nowrap min-[1400px]:table-cell' },
      cell: ({ row }) => <span className="text-ink-2">{row.original.owner}</span>,
    },
    {
      id: 'menu',
      header: 'Actions',
      meta: { className: 'w-10 py-1.5! sticky right-0 bg-inherit', srOnlyHeader: true },
      cell: ({ row }) => menu(row.original),
    },
  ]
}

export function FlagsTable({
  project,
  flags,
  now,
  may,
}: {
  project: ProjectView
  flags: ListedFlag[]
  /** When the list was read. */
  now: number
  may: May
}) {
  const router = useRouter()
  const [killing, setKilling] = useState<Killing | null>(null)
  const [archiving, setArchiving] = useState<FlagView | null>(null)

  const columns = useMemo(() => {
    const restore = async (flag: FlagView) => {
      try {
        await api.restoreFlag({ project: project.key, flag: flag.key })
        toast.done(`Brought back ${flag.name}`)
        router.refresh()
      } catch (error) {
        toast.failed('It stays archived', (error as Error).message)
      }
    }
    const alive = (flag: FlagView) =>
      project.environments.filter(({ key }) => flag.environments[key] && !flag.environments[key].kill)

    return columnsFor(project, now, (flag) => (
      <Menu
        trigger={
          <IconButton label={`Actions for ${flag.name}`} size="sm">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        {flag.archivedAt ? (
          <MenuItem disabled={!may.publish} onSelect={() => restore(flag)}>
            Bring back
          </MenuItem>
        ) : (
          <>
            {alive(flag).map((environment) => (
              <MenuItem
                key={environment.key}
                tone="danger"
                disabled={!may.kill}
                onSelect={() => setKilling({ flag, environment })}
              >
                Kill in {environment.name}…
              </MenuItem>
            ))}
            <MenuSeparator />
            <MenuItem disabled={!may.publish} onSelect={() => setArchiving(flag)}>
              Archive…
            </MenuItem>
          </>
        )}
      </Menu>
    ))
  }, [project, now, may, router])

  return (
    <>
      <DataTable caption="Flags" columns={columns} rows={flags} rowId={(flag) => flag.key} />
      {archiving && (
        <ArchiveDialog project={project.key} flag={archiving} onClose={() => setArchiving(null)} />
      )}
      {killing && (
        <KillDialog
          where={{ project: project.key, flag: killing.flag.key, environment: killing.environment.key }}
          environment={killing.environment}
          offVariant={killing.flag.environments[killing.environment.key]?.offVariant ?? null}
          onClose={() => setKilling(null)}
          onKilled={() => {
            const { flag, environment } = killing
            setKilling(null)
            router.push(paths.flag({ project: project.key, flag: flag.key, environment: environment.key }))
          }}
        />
      )}
    </>
  )
}
