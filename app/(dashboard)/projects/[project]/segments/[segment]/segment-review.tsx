'use client'
import { ChangeList } from '@/app/_components/change-list'
import { ReviewSheet, type ReviewState } from '@/app/_components/review/review-sheet'
import { SegmentImpact } from '@/app/_components/review/segment-impact'
import type { EnvironmentView, SegmentBody, SegmentUses } from '@/lib/control/views'
import { describeSegmentChanges } from '@/lib/describe-segment'
import { WhereItReaches } from './where-it-reaches'

const LISTED = 50 // ids that the exact difference spells out

/** "any.1.values" -> "Condition 2" */
function placeOf(path: string): string {
  const [field = '', index] = path.split('.')
  if (field === 'any' && index !== undefined) return `Condition ${Number(index) + 1}`
  return (
    ({ included: 'Included', excluded: 'Excluded', by: 'Lists', name: 'Name' } as Record<string, string>)[
      field
    ] ?? ''
  )
}

const short = (ids: readonly string[]) =>
  ids.length > LISTED ? `${ids.length.toLocaleString('en')} ids` : ids
const exact = ({ included, excluded, ...rest }: SegmentBody) => ({
  ...rest,
  included: short(included),
  excluded: short(excluded),
})

type Props = ReviewState & {
  project: string
  segment: string
  name: string
  saved: SegmentBody
  body: SegmentBody
  uses: SegmentUses
  through: readonly string[]
  /** Where the change is published. */
  reached: readonly EnvironmentView[]
}

/** The draft of a segment, before it is saved, and where that reaches. */
export function SegmentReview({ project, segment, name, saved, body, uses, through, ...sheet }: Props) {
  const changes = describeSegmentChanges(saved, body)
  return (
    <ReviewSheet
      {...sheet}
      title={`Review changes to ${name}`}
      exact={[{ name, before: exact(saved), after: exact(body) }]}
      placeOf={placeOf}
      blocked={changes.length === 0 ? 'There is nothing to save' : null}
      commentHint="Stands in the audit trail, beside your name."
      back="Keep editing"
    >
      <section aria-label="Changes">
        <ChangeList changes={changes} />
      </section>
      <SegmentImpact segment={segment} before={saved} after={body} />
      <WhereItReaches
        project={project}
        segment={segment}
        saved={saved}
        body={body}
        uses={uses}
        through={through}
        reached={sheet.reached}
      />
    </ReviewSheet>
  )
}
