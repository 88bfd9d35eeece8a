'use client'
import { ArrowLeftRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState, useTransition } from 'react'
import { EnvironmentName } from '@/app/_components/environment-name'
import { Banner } from '@/app/_ui/banner'
import { Button, ButtonLink, IconButton } from '@/app/_ui/button'
import { cx } from '@/app/_ui/cx'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { SearchBox } from '@/app/_ui/search-box'
import { Segmented } from '@/app/_ui/segmented'
import { Select } from '@/app/_ui/select'
import { useRowKeys } from '@/app/_ui/use-row-keys'
import type { ComparedFlag, EnvironmentView, Page, ProjectView } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { ComparedRow } from './compared-row'
import { PromoteSheet } from './promote-sheet'
import { PromotedBanner } from './promoted-banner'
import { MOST, useChosen } from './use-chosen'
import { usePromotion } from './use-promotion'

type Props = {
  project: ProjectView
  from: EnvironmentView
  to: EnvironmentView
  flags: Page<ComparedFlag>
  search: { all: boolean; q: string; cursor: string | undefined }
  may: { write: boolean; publish: boolean }
}

const shownAs = [
  { value: 'differences', label: 'Differences' },
  { value: 'all', label: 'All flags' },
] as const

export function CompareScreen({ project, from, to, flags, search, may }: Props) {
  const router = useRouter()
  const [loading, startLoading] = useTransition()
  const [reviewing, setReviewing] = useState(false)
  const [comment, setComment] = useState('')
  const [overtaken, setOvertaken] = useState<ComparedFlag | null>(null)
  const list = useRef<HTMLUListElement>(null)
  useRowKeys(list)
  const { chosen, isTicked, set, clear } = useChosen(flags.items)
  const { busy, problem, promotion, promote, forgetProblem } = usePromotion(
    { project: project.key, environment: to.key },
    {
      onDone: () => {
        setReviewing(false)
        setOvertaken(null)
        setComment('')
        clear()
        router.refresh()
      },
      onStale: (flag) => {
        setReviewing(false)
        setOvertaken(flag ?? null)
        router.refresh()
      },
    },
  )
  const address = (change: { from?: string; to?: string; all?: boolean; q?: string; cursor?: string }) => {
    const { all, ...query } = { from: from.key, to: to.key, all: search.all, q: search.q, ...change }
    return paths.compare({ project: project.key, ...query, ...(all && { all: 'yes' }) })
  }
  const go = (href: string) => startLoading(() => router.replace(href, { scroll: false }))
  const choices = project.environments.map(({ key, name }) => ({ value: key, label: name }))
  /** An environment is never compared with itself: the other one takes its place. */
  const choose = (side: 'from' | 'to', key: string) => {
    const other = side === 'from' ? to : from
    const swapped = side === 'from' ? { from: key, to: from.key } : { from: to.key, to: key }
    go(address(key === other.key ? swapped : { [side]: key }))
  }
  const different = flags.items.filter(({ differs }) => differs)
  const allTicked = different.length > 0 && different.every(({ key }) => isTicked(key))

  return (
    <div className="mx-auto max-w-6xl">
      <PageHeader title="Compare environments">
        What each flag does, side by side. Choose flags to promote them as one change.
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex flex-wrap items-center gap-2">
          <Select label="From" value={from.key} choices={choices} onChange={(key) => choose('from', key)} />
          <IconButton
            label={`Compare ${to.name} with ${from.name} instead`}
            onClick={() => go(address({ from: to.key, to: from.key }))}
          >
            <ArrowLeftRight size={16} aria-hidden />
          </IconButton>
          <Select label="To" value={to.key} choices={choices} onChange={(key) => choose('to', key)} />
        </div>
        <Segmented
          hideLabel
          label="Show"
          value={search.all ? 'all' : 'differences'}
          choices={shownAs}
          onChange={(value) => go(address({ all: value === 'all' }))}
        />
        <div className="min-w-56 flex-1">
          <SearchBox
            label="Search flags"
            placeholder="Search by name or key"
            value={search.q}
            onSearch={(q) => go(address({ q }))}
          />
        </div>
        <p role="status" className="text-ink-2 text-sm">
          {loading ? 'Comparing…' : plural(flags.total, search.all ? 'flag' : 'difference')}
        </p>
      </div>
      <div className="mb-4 flex flex-col gap-3 empty:hidden">
        {promotion && <PromotedBanner project={project.key} to={to} promotion={promotion} />}
        {overtaken && (
          <Banner tone="info" title={`Someone published ${overtaken.name} in ${to.name} meanwhile`}>
            Nothing was promoted, and your choice is kept. The list shows what {to.name} does now: look again,
            then promote.
          </Banner>
        )}
      </div>
      {flags.items.length === 0 ? (
        <Nothing from={from} to={to} search={search} clear={address({ q: '' })} />
      ) : (
        <div className={cx('card transition-opacity', loading && 'opacity-60')}>
          <div className="grid gap-x-4 border-b px-4 py-2 font-medium text-ink-3 text-xs lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)_minmax(0,1fr)]">
            <label className="flex items-center gap-3">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                aria-label="Choose all that differ on this page"
                disabled={different.length === 0}
                checked={allTicked}
                onChange={(event) => set(different, event.target.checked)}
              />
              Flag
            </label>
            <span className="hidden lg:inline">
              <EnvironmentName environment={from} />
            </span>
            <span className="hidden lg:inline">
              <EnvironmentName environment={to} />, and what promoting would change
            </span>
          </div>
          <ul ref={list} aria-label="Flags">
            {flags.items.map((flag) => (
              <ComparedRow
                key={flag.key}
                project={project.key}
                flag={flag}
                from={from}
                to={to}
                ticked={isTicked(flag.key)}
                onTick={(on) => set([flag], on)}
              />
            ))}
          </ul>
        </div>
      )}
      {(search.cursor || flags.next) && (
        <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
          {search.cursor && <ButtonLink href={address({})}>First page</ButtonLink>}
          {flags.next && <ButtonLink href={address({ cursor: flags.next })}>Next page</ButtonLink>}
        </nav>
      )}
      {chosen.length > 0 && (
        <section
          aria-label="Chosen"
          className="sticky bottom-4 z-20 mt-4 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-raised py-2 pr-2 pl-4"
        >
          <p role="status" className="min-w-0 flex-1 font-medium">
            {plural(chosen.length, 'flag')} chosen
          </p>
          <Button onClick={clear}>Clear</Button>
          <Button
            look="primary"
            disabledReason={reasonAgainst(chosen.length, may)}
            onClick={() => {
              forgetProblem()
              setReviewing(true)
            }}
          >
            Promote {from.name} to {to.name}…
          </Button>
        </section>
      )}
      {reviewing && chosen.length > 0 && (
        <PromoteSheet
          from={from}
          to={to}
          flags={chosen}
          busy={busy}
          problem={problem}
          mayPublish={may.publish}
          comment={comment}
          onComment={setComment}
          onPublish={(said, plan) => promote(chosen, said, plan)}
          onClose={() => setReviewing(false)}
        />
      )}
    </div>
  )
}

function reasonAgainst(count: number, may: Props['may']): string | null {
  if (!may.write) return 'Promoting needs the role editor'
  return count > MOST ? `At most ${MOST} flags make one change: promote them in parts` : null
}

function Nothing({
  from,
  to,
  search,
  clear,
}: Pick<Props, 'from' | 'to' | 'search'> & {
  clear: string
}) {
  if (search.q)
    return (
      <EmptyState
        title={`${search.all ? 'No flag' : 'No difference'} matches “${search.q}”`}
        action={<ButtonLink href={clear}>Clear the search</ButtonLink>}
      >
        Names and keys are searched. Try fewer letters{search.all ? '' : ', or look at all flags'}.
      </EmptyState>
    )
  return (
    <EmptyState title={search.all ? 'There are no flags yet' : 'Nothing differs'}>
      {search.all
        ? 'Flags of the project are compared here.'
        : `Every flag does in ${to.name} what it does in ${from.name}.`}
    </EmptyState>
  )
}
