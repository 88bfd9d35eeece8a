'use client'
import { ChangeList } from '@/app/_components/change-list'
import { EnvironmentName } from '@/app/_components/environment-name'
import type { Plan } from '@/app/_components/publish-plan'
import { ReviewSheet } from '@/app/_components/review/review-sheet'
import { SegmentImpact } from '@/app/_components/review/segment-impact'
import type { Problem } from '@/lib/api-client'
import type { EnvironmentView, SegmentBody, SegmentUses } from '@/lib/control/views'
import { describeSegmentChanges } from '@/lib/describe-segment'
import { plural } from '@/lib/plural'

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

type Props = {
  segment: string
  name: string
  saved: SegmentBody
  body: SegmentBody
  uses: SegmentUses
  /** Where the change is published. */
  reached: readonly EnvironmentView[]
  busy: boolean
  problem: Problem | null
  mayPublish: boolean
  comment: string
  onComment: (comment: string) => void
  onPublish: (comment: string, plan: Plan) => void
  onClose: () => void
}

/** The draft of a segment, before it is saved, and where that reaches. */
export function SegmentReview({ segment, name, saved, body, uses, ...sheet }: Props) {
  const { reached } = sheet
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
      <section aria-label="Where it reaches">
        <h3 className="mb-1.5 font-medium text-sm">Where it reaches</h3>
        {reached.length === 0 ? (
          <p className="text-ink-2">No flag uses this segment yet: nothing changes for anyone.</p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {reached.map((environment) => (
              <Reached key={environment.key} environment={environment} uses={uses} />
            ))}
          </ul>
        )}
      </section>
    </ReviewSheet>
  )
}

function Reached({ environment, uses }: { environment: EnvironmentView; uses: SegmentUses }) {
  const here = uses.flags.filter(({ environments }) => environments.includes(environment.key))
  const named = here.slice(0, 5).map(({ key }) => key)
  return (
    <li className="flex flex-wrap gap-x-2">
      <span className="font-medium">
        <EnvironmentName environment={environment} />
      </span>
      <span className="text-ink-2">
        {plural(here.length, 'flag')}: <span className="font-mono text-sm">{named.join(', ')}</span>
        {here.length > named.length && ` and ${here.length - named.length} more`}
      </span>
    </li>
  )
}
