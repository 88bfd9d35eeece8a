'use client'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { Button, ButtonLink } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { SearchBox } from '@/app/_ui/search-box'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { ListedFlag, Page, ProjectView } from '@/lib/control/views'
import { plural } from '@/lib/describe'
import { paths } from '@/lib/paths'
import { CreateFlagDialog } from './create-flag-dialog'
import { FlagsTable } from './flags-table'

export type May = { write: boolean; publish: boolean; kill: boolean }

type Props = {
  project: ProjectView
  flags: Page<ListedFlag>
  /** When the list was read, in epoch ms. */
  now: number
  search: { q: string; archived: boolean; cursor: string | undefined }
  /** The key of a flag to begin with creating, or none yet; null: nothing was asked for. */
  create: string | null
  may: May
}

const CREATE_ROLE = 'Creating flags needs the role editor'

export function FlagsScreen({ project, flags, now, search, create: asked, may }: Props) {
  const router = useRouter()
  const [searching, startSearch] = useTransition()
  const [creating, setCreating] = useState(asked !== null && may.write)
  useEffect(() => {
    if (asked !== null && may.write) setCreating(true)
  }, [asked, may.write])
  useShortcuts({ c: () => may.write && setCreating(true) })

  const address = (change: { q?: string; archived?: boolean; cursor?: string }) => {
    const { archived, ...query } = { q: search.q, archived: search.archived, ...change }
    return paths.flags({ project: project.key, ...query, archived: archived ? 'yes' : undefined })
  }
  const find = (q: string) => startSearch(() => router.replace(address({ q }), { scroll: false }))

  const create = (
    <Button look="primary" disabledReason={!may.write && CREATE_ROLE} onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden /> Create flag
    </Button>
  )
  const untouched = flags.items.length === 0 && !search.q && !search.archived && !search.cursor

  return (
    <>
      <PageHeader title={search.archived ? 'Archived flags' : 'Flags'} actions={!untouched && create} />
      {untouched ? (
        <EmptyState title="Create your first flag" action={create}>
          A flag starts off everywhere, so creating one changes nothing until you turn it on.
        </EmptyState>
      ) : (
        <>
          <div className="mb-3 flex flex-wrap items-center gap-3">
            <SearchBox
              label="Search flags"
              placeholder="Search, or tag:beta owner:ana stale:yes"
              value={search.q}
              onSearch={find}
            />
            <Link
              href={address({ archived: !search.archived })}
              className="rounded-sm text-ink-2 text-sm underline-offset-4 hover:text-ink hover:underline"
            >
              {search.archived ? 'Show active flags' : 'Show archived'}
            </Link>
            <p role="status" className="ml-auto text-ink-2 text-sm">
              {searching ? 'Searching…' : plural(flags.total, 'flag')}
            </p>
          </div>
          <div className={cx('transition-opacity', searching && 'opacity-60')}>
            {flags.items.length === 0 ? (
              <NothingFound search={search} clear={address({ q: '' })} />
            ) : (
              <FlagsTable project={project} flags={flags.items} now={now} may={may} />
            )}
          </div>
          <Pager first={search.cursor && address({})} next={flags.next && address({ cursor: flags.next })} />
        </>
      )}
      <CreateFlagDialog
        project={project.key}
        proposed={asked}
        open={creating}
        onClose={() => {
          setCreating(false)
          if (asked !== null) router.replace(address({}))
        }}
      />
    </>
  )
}

function NothingFound({ search, clear }: { search: Props['search']; clear: string }) {
  if (!search.q)
    return (
      <EmptyState title="Nothing is archived">
        Flags that you archive are kept here, with their history.
      </EmptyState>
    )
  return (
    <EmptyState
      title={`No flag matches “${search.q}”`}
      action={<ButtonLink href={clear}>Clear the search</ButtonLink>}
    >
      Names, keys and descriptions are searched. Try fewer letters, or an operator: tag:beta, owner:ana,
      stale:yes.
    </EmptyState>
  )
}

function Pager({ first, next }: { first: string | undefined | ''; next: string | null }) {
  if (!first && !next) return null
  return (
    <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
      {first && <ButtonLink href={first}>First page</ButtonLink>}
      {next && <ButtonLink href={next}>Next page</ButtonLink>}
    </nav>
  )
}
