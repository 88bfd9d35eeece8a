'use client'
import { ButtonLink } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/empty-state'
import { NavTabs } from '@/app/_ui/nav-tabs'
import { PageHeader } from '@/app/_ui/page-header'
import type { EnvironmentView, ProposalView, Targeting } from '@/lib/control/views'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { ProposalCard } from './proposal-card'

/** A change with what it would do, and what whoever looks at it may do about it. */
export type Listed = {
  proposal: ProposalView
  environment: EnvironmentView
  /** All that it is published to. */
  reached: EnvironmentView[]
  lines: { about: string; text: string; isSegment?: boolean }[]
  /** What it would do to whom; of changes that are decided about, nothing. */
  targetings: {
    flag: string
    before: Targeting
    after: Targeting
    salt: string
    variants: string[]
    killed: boolean
  }[]
  isMine: boolean
  mayDecide: boolean
  mayPublish: boolean
}

export function ApprovalsScreen({
  project,
  listed,
  total,
  all,
  next,
}: {
  project: string
  listed: Listed[]
  total: number
  all: boolean
  next: string | null
}) {
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Approvals">
        {total > 0 && `${plural(total, 'change')}${all ? '' : ' to decide about'}, newest first.`}
      </PageHeader>
      <NavTabs
        label="Which"
        tabs={[
          { href: paths.approvals({ project }), current: !all, label: 'To decide' },
          { href: paths.approvals({ project, all: 'yes' }), current: all, label: 'All' },
        ]}
      />
      {listed.length === 0 ? (
        <div className="mt-6">
          <EmptyState title={all ? 'No change was proposed yet' : 'Nothing waits for anyone'}>
            A change that is proposed or scheduled, instead of published at once, is listed here.
          </EmptyState>
        </div>
      ) : (
        <ol aria-label="Changes" className="mt-6 flex flex-col gap-4">
          {listed.map((one) => (
            <li key={one.proposal.id}>
              <ProposalCard project={project} {...one} />
            </li>
          ))}
        </ol>
      )}
      {next && (
        <nav aria-label="Pages" className="mt-3 flex justify-end">
          <ButtonLink href={paths.approvals({ project, cursor: next, ...(all && { all: 'yes' }) })}>
            Older
          </ButtonLink>
        </nav>
      )}
    </div>
  )
}
