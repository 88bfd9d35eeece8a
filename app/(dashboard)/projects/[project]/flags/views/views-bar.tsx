'use client'
import { Ellipsis, Star } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { Menu, MenuItem, MenuSeparator } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import { api } from '@/lib/api-client'
import type { SavedView, SavedViews } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import type { May } from '../flags-screen'
import { addressOf, givenViews, type ListState, queryOf, stateOfView } from '../list-state'
import type { Asking } from './view-dialogs'

const ViewDialogs = dynamic(() => import('./view-dialogs').then((part) => part.ViewDialogs), { ssr: false })

type Shown = { id: string; name: string; query: string; saved: SavedView | null }

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

type Props = { project: string; views: SavedViews; state: ListState; may: May }

/** Searches by their names: those that everybody has, then the saved ones. */
export function ViewsBar({ project, views, state, may }: Props) {
  const router = useRouter()
  const [asking, setAsking] = useState<Asking | null>(null)
  const all: Shown[] = [
    ...givenViews.map((view) => ({ ...view, saved: null })),
    ...views.items.map((saved) => ({ id: saved.id, name: saved.name, query: saved.query, saved })),
  ]
  const active = all.find(({ id }) => id === (state.view ?? 'all')) ?? all[0]!
  const query = queryOf(state)
  const differs = query !== queryOf(stateOfView(active))
  const to = (view: Shown) => addressOf(paths.flags({ project }), stateOfView(view))
  const open = (view: Shown | undefined) => view && router.push(to(view))
  useShortcuts(Object.fromEntries(DIGITS.map((digit, i) => [digit, () => open(all[i])])))

  const { saved } = active
  const mayChange = saved !== null && (saved.mine ? !saved.shared || may.write : may.manage)
  const act = async (done: string, work: () => Promise<unknown>) => {
    try {
      await work()
      toast.done(done)
      router.refresh()
    } catch (error) {
      toast.failed('The view stays as it was', (error as Error).message)
    }
  }
  const patch = (done: string, body: Partial<SavedView>) =>
    act(done, () => api.patchView({ project, view: active.id }, body))
  const isStarred = views.starred === active.id

  return (
    <div className="mb-3 flex items-center gap-1 border-b">
      <nav aria-label="Views" className="-mb-px flex min-w-0 gap-1 overflow-x-auto">
        {all.map((view, i) => (
          <Link
            key={view.id}
            href={to(view)}
            prefetch={false}
            aria-current={view.id === active.id ? 'page' : undefined}
            aria-keyshortcuts={DIGITS[i]}
            title={view.saved && !view.saved.shared ? `${view.name}, yours alone` : view.name}
            className={cx(
              'flex h-9 max-w-56 shrink-0 items-center gap-1.5 border-b-2 px-2.5 transition-colors focus-visible:outline-offset-[-2px]',
              view.id === active.id
                ? 'border-accent font-medium text-ink'
                : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            <span className="truncate">{view.name}</span>
            {views.starred === view.id && view.id !== 'all' && (
              <>
                <Star size={12} aria-hidden className="shrink-0 fill-current text-ink-3" />
                <span className="sr-only">(you begin with it)</span>
              </>
            )}
          </Link>
        ))}
      </nav>
      <span className="ml-auto flex shrink-0 items-center gap-1 pl-2">
        {differs && mayChange && (
          <Button size="sm" look="ghost" onClick={() => patch(`Saved ${active.name}`, { query })}>
            Save
          </Button>
        )}
        {differs && (
          <Button size="sm" look="ghost" onClick={() => setAsking('save')}>
            Save as view…
          </Button>
        )}
        <Menu
          trigger={
            <IconButton label={`Options for the view ${active.name}`} size="sm">
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
        >
          <MenuItem
            disabled={isStarred}
            onSelect={() => act(`You begin with ${active.name}`, () => api.starView({ project }, active.id))}
          >
            {isStarred ? 'You begin with this view' : 'Begin with this view'}
          </MenuItem>
          <MenuItem onSelect={() => setAsking('save')}>Save as view…</MenuItem>
          {saved && (
            <>
              <MenuSeparator />
              <MenuItem disabled={!mayChange} onSelect={() => setAsking('rename')}>
                Rename…
              </MenuItem>
              <MenuItem
                disabled={!mayChange || !may.write}
                onSelect={() =>
                  patch(saved.shared ? 'It is yours alone now' : 'Everybody in the project sees it now', {
                    shared: !saved.shared,
                  })
                }
              >
                {saved.shared ? 'Keep to whoever made it' : 'Share with the project'}
              </MenuItem>
              <MenuItem tone="danger" disabled={!mayChange} onSelect={() => setAsking('delete')}>
                Delete…
              </MenuItem>
            </>
          )}
        </Menu>
      </span>
      {asking && (
        <ViewDialogs
          asking={asking}
          project={project}
          saved={saved}
          state={state}
          mayShare={may.write}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}
