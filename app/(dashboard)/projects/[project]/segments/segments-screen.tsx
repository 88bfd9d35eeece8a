'use client'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useMemo, useState } from 'react'
import { Button, ButtonLink } from '@/app/_ui/button'
import { type Columns, DataTable } from '@/app/_ui/data-table'
import { EmptyState } from '@/app/_ui/empty-state'
import { PageHeader } from '@/app/_ui/page-header'
import { rowLink } from '@/app/_ui/use-row-keys'
import { useShortcuts } from '@/app/_ui/use-shortcuts'
import type { Page, SegmentSummary } from '@/lib/control/views'
import { describeSegment } from '@/lib/describe-segment'
import { paths } from '@/lib/paths'
import { plural } from '@/lib/plural'
import { CreateSegmentDialog } from './create-segment-dialog'

function columnsFor(project: string): Columns<SegmentSummary> {
  return [
    {
      id: 'name',
      header: 'Segment',
      meta: { className: 'min-w-48' },
      cell: ({ row: { original: segment } }) => (
        <>
          <Link
            href={paths.segment({ project, segment: segment.key })}
            {...rowLink}
            className="block rounded-sm font-medium underline-offset-4 hover:underline"
          >
            {segment.name}
          </Link>
          <code className="break-all font-mono text-ink-3 text-xs">{segment.key}</code>
        </>
      ),
    },
    {
      id: 'who',
      header: 'Who is in it',
      meta: { className: 'min-w-64' },
      cell: ({ row }) => (
        <span className="line-clamp-2 text-ink-2" title={describeSegment(row.original)}>
          {describeSegment(row.original)}
        </span>
      ),
    },
    {
      id: 'uses',
      header: 'Used by',
      meta: { className: 'whitespace-nowrap' },
      cell: ({ row: { original: segment } }) => (
        <span className={segment.flagCount === 0 ? 'text-ink-3' : undefined}>
          {segment.flagCount === 0 ? 'No flag' : plural(segment.flagCount, 'flag')}
        </span>
      ),
    },
  ]
}

type Props = {
  project: string
  segments: Page<SegmentSummary>
  cursor: string | undefined
  mayWrite: boolean
}

export function SegmentsScreen({ project, segments, cursor, mayWrite }: Props) {
  const [creating, setCreating] = useState(false)
  useShortcuts({ c: () => mayWrite && setCreating(true) })
  const columns = useMemo(() => columnsFor(project), [project])
  const create = (
    <Button
      look="primary"
      disabledReason={!mayWrite && 'Creating segments needs the role editor'}
      onClick={() => setCreating(true)}
    >
      <Plus size={16} aria-hidden /> Create segment
    </Button>
  )
  const empty = segments.total === 0
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title="Segments" actions={!empty && create}>
        People that several flags have in common. A change reaches every flag that uses the segment,
        everywhere.
      </PageHeader>
      {empty ? (
        <EmptyState title="Name a group of people once" action={create}>
          Beta testers, the staff, customers of a plan: write down who they are, and target them from any
          flag.
        </EmptyState>
      ) : (
        <DataTable caption="Segments" columns={columns} rows={segments.items} rowId={({ key }) => key} />
      )}
      {(cursor || segments.next) && (
        <nav aria-label="Pages" className="mt-3 flex justify-end gap-2">
          {cursor && <ButtonLink href={paths.segments({ project })}>First page</ButtonLink>}
          {segments.next && (
            <ButtonLink href={paths.segments({ project, cursor: segments.next })}>Next page</ButtonLink>
          )}
        </nav>
      )}
      {creating && <CreateSegmentDialog project={project} onClose={() => setCreating(false)} />}
    </div>
  )
}
