'use client'
import { Ellipsis } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type MouseEvent, memo, useRef } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { StatusLine } from '@/app/_components/status-line'
import { Badge } from '@/app/_ui/badge'
import { buttonClass } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { rowLink, useRowKeys } from '@/app/_ui/use-row-keys'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { paths } from '@/lib/paths'
import type { Column } from './columns'
import { Evaluated } from './evaluated'
import type { ListedRow } from './listed-row'

export type OpenMenu = { flag: ListedRow; anchor: HTMLElement }

/** What each environment does comes first: the rest waits for room. */
const looks: Record<string, string> = {
  evaluated: 'min-w-28 whitespace-nowrap sm:max-[1240px]:hidden!',
  tags: 'hidden! min-[1400px]:table-cell!',
  owner: 'hidden! whitespace-nowrap min-[1600px]:table-cell!',
  type: 'hidden! min-[1240px]:table-cell!',
}
const lookOf = ({ id, environment }: Column) =>
  environment ? 'sm:min-w-36 sm:max-w-72 xl:min-w-40 min-[1400px]:min-w-46' : looks[id]

const cellClass = 'align-top max-sm:flex max-sm:gap-3 max-sm:px-4 max-sm:pb-1.5 sm:px-3 sm:py-2.5'

function Cell({
  flag,
  column,
  project,
  now,
}: {
  flag: ListedRow
  column: Column
  project: string
  now: number
}) {
  const { id, environment } = column
  if (environment) {
    const there = flag.environments[environment.key]
    if (!there) return <span className="text-ink-3">Not set</span>
    return (
      <a
        href={paths.flag({ project, flag: flag.key, environment: environment.key })}
        tabIndex={-1}
        className="block rounded-sm text-sm"
      >
        <StatusLine status={there.status} clamp />
      </a>
    )
  }
  if (id === 'evaluated') return <Evaluated flag={flag} now={now} />
  if (id === 'tags')
    return (
      <span className="flex flex-wrap gap-1">
        {flag.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
    )
  return <span className="text-ink-2">{id === 'owner' ? flag.owner : flag.type}</span>
}

type RowProps = {
  flag: ListedRow
  project: string
  columns: readonly Column[]
  now: number
  selected: boolean
  menuOpen: boolean
}

/** What is pressed in a row is told by the table: fifty rows have no listeners of their own. */
const Row = memo(function Row({ flag, project, columns, now, selected, menuOpen }: RowProps) {
  return (
    <tr
      data-flag={flag.key}
      className={cx(
        'border-b transition-colors last:border-b-0 focus-within:bg-hover hover:bg-hover max-sm:relative max-sm:block max-sm:pt-3 max-sm:pb-1',
        selected ? 'bg-accent-soft' : 'bg-surface',
      )}
    >
      <td className="bg-inherit align-top max-sm:block max-sm:px-4 max-sm:pr-12 max-sm:pb-2 sm:sticky sm:left-0 sm:min-w-52 sm:py-2.5 xl:min-w-60 sm:pr-3 sm:pl-4">
        <span className="flex items-start gap-3">
          <input
            type="checkbox"
            aria-label={`Select ${flag.name}`}
            checked={selected}
            readOnly
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0">
            <a
              href={paths.flag({ project, flag: flag.key })}
              {...rowLink}
              className="block rounded-sm font-medium underline-offset-4 hover:underline"
            >
              {flag.name}
            </a>
            <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
          </span>
        </span>
      </td>
      {columns.map((column) => (
        <td key={column.id} className={cx(cellClass, 'max-sm:pl-11', lookOf(column))}>
          <span aria-hidden className="w-24 shrink-0 truncate text-ink-3 text-xs leading-5 sm:hidden">
            {column.label}
          </span>
          <Cell flag={flag} column={column} project={project} now={now} />
        </td>
      ))}
      <td className="w-10 bg-inherit px-3 py-1.5 align-top max-sm:absolute max-sm:top-1.5 max-sm:right-0 sm:sticky sm:right-0 sm:pr-4">
        <button
          type="button"
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          aria-label={`Actions for ${flag.name}`}
          title={`Actions for ${flag.name}`}
          className={buttonClass('ghost', 'sm', true)}
        >
          <Ellipsis size={16} aria-hidden />
        </button>
      </td>
    </tr>
  )
})

const opensElsewhere = (event: MouseEvent) =>
  event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey

export function FlagsTable({
  project,
  flags,
  columns,
  now,
  selected,
  menu,
  onSelect,
  onMenu,
}: {
  project: string
  flags: readonly ListedRow[]
  columns: readonly Column[]
  /** When the list was read. */
  now: number
  selected: ReadonlySet<string>
  menu: OpenMenu | null
  /** `range`: everything from the row that was selected last. */
  onSelect: (key: string, range: boolean) => void
  onMenu: (menu: OpenMenu) => void
}) {
  const router = useRouter()
  const body = useRef<HTMLTableSectionElement>(null)
  useRowKeys(body)
  useShortcuts({
    x: () => {
      const key = document.activeElement?.closest<HTMLElement>('[data-flag]')?.dataset.flag
      if (key !== undefined) onSelect(key, false)
    },
  })
  const click = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement
    const flag = flags.find(({ key }) => key === target.closest<HTMLElement>('[data-flag]')?.dataset.flag)
    if (!flag) return
    if (target.closest('input')) {
      // Whoever pressed it with a pointer goes on by keys: j, k and x move from the row's link.
      if (event.detail > 0) target.closest('tr')!.querySelector<HTMLElement>('[data-row-link]')!.focus()
      return onSelect(flag.key, event.shiftKey)
    }
    const button = target.closest('button')
    if (button) return onMenu({ flag, anchor: button })
    const link = target.closest('a')
    if (!link || opensElsewhere(event)) return
    event.preventDefault()
    router.push(link.getAttribute('href')!)
  }
  return (
    <div className="card relative overflow-x-auto">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: what is pressed are links, boxes and buttons, which answer keys themselves */}
      <table className="w-full border-collapse text-left max-sm:block" onClick={click}>
        <caption className="sr-only">Flags</caption>
        <thead className="max-sm:sr-only">
          <tr className="border-b bg-surface">
            {[{ id: 'flag', label: 'Flag' }, ...columns].map((column: Column) => (
              <th
                key={column.id}
                scope="col"
                className={cx(
                  'h-9 whitespace-nowrap px-3 font-medium text-ink-3 text-xs',
                  column.id === 'flag' ? 'bg-inherit pl-11 sm:sticky sm:left-0' : lookOf(column),
                )}
              >
                {column.environment ? <EnvironmentName environment={column.environment} /> : column.label}
              </th>
            ))}
            <th scope="col" className="sticky right-0 w-10 bg-inherit">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body} className="max-sm:block">
          {flags.map((flag) => (
            <Row
              key={flag.key}
              flag={flag}
              project={project}
              columns={columns}
              now={now}
              selected={selected.has(flag.key)}
              menuOpen={menu?.flag.key === flag.key}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}
