'use client'
import { Archive, ArchiveRestore, Tag, UserRound, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { Menu, MenuItem } from '@/app/_ui/menu'
import type { ProjectView } from '@/lib/control/views'
import { plural } from '@/lib/plural'
import type { May } from '../flags-screen'
import { BulkDialog } from './bulk-dialog'
import { type BulkRun, bulk, isUnderWay } from './run'
import { type BulkWork, doing, told, undoing } from './work'

const bar =
  'fixed bottom-4 left-1/2 z-30 w-[min(46rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border border-line-strong bg-raised px-4 py-3'

const WRITE_ROLE = 'Editing flags needs the role editor'
const PUBLISH_ROLE = 'Archiving flags needs the role publisher'

type Props = {
  project: ProjectView
  selected: ReadonlySet<string>
  /** How many the search finds, and how to choose all of them; null: they are chosen. */
  all: { total: number; choose: () => void } | null
  archived: boolean
  may: May
  onClear: () => void
}

/** What can be done with the flags that are chosen. */
export function SelectionBar({ project, selected, all, archived, may, onClear }: Props) {
  const [asking, setAsking] = useState<BulkWork['action'] | null>(null)
  const publish = !may.publish && PUBLISH_ROLE
  const write = !may.write && WRITE_ROLE
  return (
    <section aria-label="Selected flags" className={`${bar} flex flex-wrap items-center gap-2`}>
      <p role="status" className="mr-auto font-medium tabular-nums">
        {plural(selected.size, 'flag')} selected
        {all && (
          <>
            {' '}
            <button
              type="button"
              onClick={all.choose}
              className="rounded-sm font-normal text-accent-ink underline-offset-4 hover:underline"
            >
              Select all {all.total.toLocaleString('en')}
            </button>
          </>
        )}
      </p>
      {archived ? (
        <Button disabledReason={publish} onClick={() => setAsking('restore')}>
          <ArchiveRestore size={16} aria-hidden /> Bring back…
        </Button>
      ) : (
        <>
          <Menu
            side="top"
            trigger={
              <Button disabledReason={write}>
                <Tag size={16} aria-hidden /> Tags
              </Button>
            }
          >
            <MenuItem onSelect={() => setAsking('tag')}>Add a tag…</MenuItem>
            <MenuItem onSelect={() => setAsking('untag')}>Remove a tag…</MenuItem>
          </Menu>
          <Button disabledReason={write} onClick={() => setAsking('owner')}>
            <UserRound size={16} aria-hidden /> Owner…
          </Button>
          <Button disabledReason={publish} onClick={() => setAsking('archive')}>
            <Archive size={16} aria-hidden /> Archive…
          </Button>
        </>
      )}
      <IconButton label="Clear the selection (Esc)" onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
      {asking && (
        <BulkDialog
          project={project}
          action={asking}
          count={selected.size}
          onClose={() => setAsking(null)}
          onGo={(work, confirm) => {
            setAsking(null)
            bulk.start(project.key, work, [...selected], confirm)
            onClear()
          }}
        />
      )}
    </section>
  )
}

/** How far it is, and in the end what came of it. */
export function RunBar({ run }: { run: BulkRun }) {
  const [reasons, setReasons] = useState(false)
  const { work, outcomes, total, state, problem, isUndo } = run
  const refused = outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome] : []))
  const done = outcomes.length
  const underWay = isUnderWay(run)
  return (
    <section aria-label="Change of many flags" className={bar}>
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="mr-auto min-w-0 font-medium tabular-nums">
          {underWay
            ? `${doing(work)}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
            : state === 'done'
              ? told(work, outcomes)
              : `Stopped after ${done.toLocaleString('en')} of ${plural(total, 'flag')}.`}
        </p>
        {refused.length > 0 && (
          <Button look="ghost" aria-expanded={reasons} onClick={() => setReasons(!reasons)}>
            {refused.length.toLocaleString('en')} refused: {reasons ? 'hide' : 'why?'}
          </Button>
        )}
        {underWay && (
          <Button busy={state === 'stopping'} onClick={bulk.stop}>
            Stop
          </Button>
        )}
        {state === 'stopped' && <Button onClick={bulk.resume}>Go on</Button>}
        {!underWay && !isUndo && undoing(work, outcomes).length > 0 && (
          <Button onClick={() => bulk.undo(run)}>Undo</Button>
        )}
        {!underWay && (
          <IconButton label="Dismiss" onClick={bulk.close}>
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      {problem && <p className="mt-1 text-problem">{problem}</p>}
      {underWay && (
        <progress
          aria-label="Progress"
          value={done}
          max={total}
          className="mt-2 block h-1.5 w-full accent-accent"
        />
      )}
      {reasons && (
        <ul className="mt-2 max-h-48 divide-y overflow-y-auto border-t">
          {refused.map(({ flag, problem: why }) => (
            <li key={flag} className="py-1.5 text-sm">
              <code className="break-all font-mono text-xs">{flag}</code>{' '}
              <span className="text-ink-2">{why}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
