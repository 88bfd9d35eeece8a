'use client'
import { useEffect, useRef, useState } from 'react'
import { ChangeList } from '@/app/_components/change-list'
import { EnvironmentName, isSensitive } from '@/app/_components/environment-name'
import { namesOf, type Plan, PlanFields, planVerb, usePlan } from '@/app/_components/publish-plan'
import { RawDiff } from '@/app/_components/raw-diff'
import { ReviewProblem } from '@/app/_components/review-problem'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextArea } from '@/app/_ui/field'
import type { Problem } from '@/lib/api-client'
import type { EnvironmentView, SegmentBody, SegmentUses } from '@/lib/control/views'
import { plural } from '@/lib/describe'
import { describeSegmentChanges } from '@/lib/describe-segment'

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
  name: string
  saved: SegmentBody
  body: SegmentBody
  uses: SegmentUses
  /** Where the change is published. */
  reached: readonly EnvironmentView[]
  busy: boolean
  problem: Problem | null
  mayPublish: boolean
  onSave: (comment: string, plan: Plan) => void
  onClose: () => void
}

/** What is about to happen, and where; then exactly; then the button. */
export function SegmentReview({
  name,
  saved,
  body,
  uses,
  reached,
  busy,
  problem,
  mayPublish,
  onSave,
  onClose,
}: Props) {
  const plan = usePlan(reached, mayPublish)
  const [comment, setComment] = useState('')
  const [raw, setRaw] = useState(false)
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) top.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  const changes = describeSegmentChanges(saved, body)
  const sensitive = reached.filter(isSensitive)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={`Review changes to ${name}`}
      onSubmit={() => !plan.missing && onSave(comment, plan.plan)}
      footer={
        <>
          <Button onClick={onClose}>Keep editing</Button>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabledReason={changes.length === 0 ? 'There is nothing to save' : plan.missing}
          >
            {busy ? 'Sending…' : planVerb(plan)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <div ref={top} className="empty:hidden">
          <ReviewProblem problem={problem} placeOf={placeOf} />
        </div>
        {sensitive.length > 0 && plan.mode === 'publish' && (
          <p className="rounded-md border border-caution-line bg-caution-soft px-3 py-2 text-caution-ink">
            This reaches every connected SDK in {namesOf(sensitive)} within a second.
          </p>
        )}
        <section aria-label="Changes">
          <ChangeList changes={changes} />
        </section>
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
        <section>
          <button
            type="button"
            aria-expanded={raw}
            onClick={() => setRaw(!raw)}
            className="rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
          >
            {raw ? 'Hide the exact difference' : 'Show the exact difference'}
          </button>
          {raw && (
            <div className="mt-2">
              <RawDiff before={exact(saved)} after={exact(body)} />
            </div>
          )}
        </section>
        <PlanFields {...plan} />
        <Field label="Comment" optional hint="Stands in the audit trail, beside your name.">
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              maxLength={2000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
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
