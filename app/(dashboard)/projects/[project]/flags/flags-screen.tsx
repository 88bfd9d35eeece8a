'use client'
import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { isUnderWay, useBulkRun } from '@/app/_components/bulk/run'
import { Button } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { SearchBox } from '@/app/_ui/search-box'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { Page, ProjectView, SavedViews } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { columnsOf, shownOf } from './columns'
import { FlagsTable, type OpenMenu } from './flags-table'
import { NothingFound, Pager } from './list-ends'
import { addressOf, type ListState } from './list-state'
import type { ListedRow } from './listed-row'
import { useSelection } from './use-selection'
import { useTypedSearch } from './use-typed-search'
import { ViewsBar } from './views/views-bar'

// What is opened later is loaded then.
const CreateFlagDialog = dynamic(() => import('./create-flag-dialog').then((part) => part.CreateFlagDialog))
const RowMenu = dynamic(() => import('./row-menu').then((part) => part.RowMenu), { ssr: false })
const SelectionBar = dynamic(() => import('./bulk/selection-bar').then((part) => part.SelectionBar), {
  ssr: false,
})
const RunBar = dynamic(() => import('@/app/_components/bulk/run-bar').then((part) => part.RunBar), {
  ssr: false,
})
const DisplayMenu = dynamic(() => import('./display-menu').then((part) => part.DisplayMenu))

/** `manage`: change what others share. */
export type May = { write: boolean; publish: boolean; kill: boolean; manage: boolean }

type Props = {
  project: ProjectView
  flags: Page<ListedRow>
  views: SavedViews
  /** When the list was read, in epoch ms. */
  now: number
  state: ListState
  /** The key of a flag to begin with creating, or none yet; null: nothing was asked for. */
  create: string | null
  may: May
}

const CREATE_ROLE = 'Creating flags needs the role editor'

export function FlagsScreen({ project, flags, views, now, state, create: asked, may }: Props) {
  const router = useRouter()
  const [creating, setCreating] = useState(asked !== null && may.write)
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  useEffect(() => {
    if (asked !== null && may.write) setCreating(true)
  }, [asked, may.write])

  const columns = useMemo(() => columnsOf(project.environments), [project.environments])
  const shown = useMemo(() => shownOf(columns, state.columns), [columns, state.columns])
  // With the name of its view: an address without anything is the view that somebody begins with.
  const address = (change: Partial<ListState>) =>
    addressOf(paths.flags({ project: project.key }), {
      ...state,
      cursor: null,
      view: state.view ?? (views.starred === 'all' ? null : 'all'),
      ...change,
    })
  const search = useTypedSearch(state.q, (q) => address({ q }))
  const selection = useSelection(project.key, flags, state)
  const last = useBulkRun()
  const run = last?.project === project.key ? last : null
  const isOver = run !== null && !isUnderWay(run)
  useEffect(() => {
    if (isOver) router.refresh()
  }, [isOver, router])
  useShortcuts({ c: () => may.write && setCreating(true), Escape: selection.clear })

  const create = (
    <Button look="primary" disabledReason={!may.write && CREATE_ROLE} onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden /> Create flag
    </Button>
  )
  const untouched =
    flags.items.length === 0 && !state.q && !state.archived && !state.cursor && views.items.length === 0

  return (
    <>
      <PageHeader title={state.archived ? 'Archived flags' : 'Flags'} actions={!untouched && create} />
      {untouched ? (
        <EmptyState title="Create your first flag" action={create}>
          A flag starts off everywhere, so creating one changes nothing until you turn it on.
        </EmptyState>
      ) : (
        <>
          <ViewsBar project={project.key} views={views} state={state} may={may} />
          <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
            <SearchBox
              label="Search flags"
              placeholder="Search, or tag:beta owner:me is:on"
              value={search.text}
              pause={0}
              onSearch={search.find}
            />
            <DisplayMenu all={columns} state={state} onChange={(change) => router.replace(address(change))} />
            <Link
              href={address({ archived: !state.archived })}
              prefetch={false}
              className="rounded-sm text-ink-2 text-sm underline-offset-4 hover:text-ink hover:underline"
            >
              {state.archived ? 'Show active flags' : 'Show archived'}
            </Link>
            <p role="status" className="ml-auto text-ink-2 text-sm">
              {search.busy ? 'Searching…' : plural(flags.total, 'flag')}
            </p>
          </div>
          <div className={cx('transition-opacity', search.busy && 'opacity-60')}>
            {flags.items.length === 0 ? (
              <NothingFound state={state} clear={address({ q: '' })} />
            ) : (
              <FlagsTable
                project={project.key}
                flags={flags.items}
                columns={shown}
                now={now}
                selected={selection.keys}
                menu={menu}
                onSelect={selection.turn}
                onMenu={setMenu}
              />
            )}
          </div>
          <Pager first={state.cursor && address({})} next={flags.next && address({ cursor: flags.next })} />
        </>
      )}
      {menu && <RowMenu project={project} menu={menu} may={may} onClose={() => setMenu(null)} />}
      {run ? (
        <RunBar run={run} />
      ) : (
        selection.keys.size > 0 && (
          <SelectionBar
            project={project}
            selected={selection.keys}
            all={selection.all}
            archived={state.archived}
            may={may}
            onClear={selection.clear}
          />
        )
      )}
      {creating && (
        <CreateFlagDialog
          project={project.key}
          proposed={asked}
          open
          onClose={() => {
            setCreating(false)
            if (asked !== null) router.replace(address({}))
          }}
        />
      )}
      {(run !== null || selection.keys.size > 0) && <div className="h-20" aria-hidden />}
    </>
  )
}
