'use client'
import { Archive, ArchiveRestore, Tag, UserRound, X } from 'lucide-react'
import { useState } from 'react'
import { bulk, isUnderWay, useBulkRun } from '@/app/_components/bulk/run'
import { BAR } from '@/app/_components/bulk/run-bar'
import type { BulkWork } from '@/app/_components/bulk/work'
import { Button, IconButton } from '@/app/_ui/button'
import { Menu, MenuItem } from '@/app/_ui/menu'
import type { ProjectView } from '@/lib/control/views'
import { plural } from '@/lib/plural'
import type { May } from '../flags-screen'
import { BulkDialog } from './bulk-dialog'

const WRITE_ROLE = 'Editing flags needs the role editor'
const UNDER_WAY = 'Another change of many flags is under way'
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
  const busy = isUnderWay(useBulkRun()) && UNDER_WAY
  const publish = (!may.publish && PUBLISH_ROLE) || busy
  const write = (!may.write && WRITE_ROLE) || busy
  return (
    <section aria-label="Selected flags" className={`${BAR} flex flex-wrap items-center gap-2`}>
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
