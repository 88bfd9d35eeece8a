'use client'
import { useEffect, useRef, useState } from 'react'
import { ChangeList } from '@/app/_components/change-list'
import { isSensitive } from '@/app/_components/environment-name'
import { type Plan, PlanFields, planVerb, usePlan } from '@/app/_components/publish-plan'
import { RawDiff } from '@/app/_components/raw-diff'
import { ReviewProblem } from '@/app/_components/review-problem'
import { StatusLine } from '@/app/_components/status-line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextArea } from '@/app/_ui/field'
import type { Problem } from '@/lib/api-client'
import type { EnvironmentView, Targeting, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { describeChanges } from '@/lib/describe-changes'

const lines: Record<string, string> = {
  fallthrough: 'Otherwise',
  offVariant: 'When off',
  targets: 'Individuals',
  prerequisites: 'Needs',
}

/** "rules.0.when.values" -> "Rule 1" */
function placeOf(path: string): string {
  const [line = '', index] = path.split('.')
  if (line === 'rules' && index !== undefined) return `Rule ${Number(index) + 1}`
  return lines[line] ?? line
}

type Props = {
  environment: EnvironmentView
  published: TargetingView
  targeting: Targeting
  busy: boolean
  problem: Problem | null
  mayPublish: boolean
  onPublish: (comment: string, plan: Plan) => void
  onClose: () => void
}

/** What is about to happen, in words first; then exactly; then the button. */
export function ReviewSheet({
  environment,
  published,
  targeting,
  busy,
  problem,
  mayPublish,
  onPublish,
  onClose,
}: Props) {
  const plan = usePlan([environment], mayPublish)
  const [comment, setComment] = useState('')
  const [raw, setRaw] = useState(false)
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) top.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  const before = targetingOf(published)
  const changes = describeChanges(before, targeting)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={`Review changes in ${environment.name}`}
      onSubmit={() => !plan.missing && onPublish(comment, plan.plan)}
      footer={
        <>
          <Button onClick={onClose}>Keep editing</Button>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabledReason={changes.length === 0 ? 'There is nothing to publish' : plan.missing}
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
        {isSensitive(environment) && plan.mode === 'publish' && (
          <p className="rounded-md border border-caution-line bg-caution-soft px-3 py-2 text-caution-ink">
            This reaches every connected SDK in {environment.name} within a second.
          </p>
        )}
        <section aria-label="Changes">
          <ChangeList changes={changes} />
        </section>
        <section>
          <h3 className="mb-1.5 font-medium text-sm">Afterwards</h3>
          <StatusLine status={describeStatus({ ...targeting, kill: published.kill })} />
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
              <RawDiff before={before} after={targeting} />
            </div>
          )}
        </section>
        <PlanFields {...plan} />
        <Field label="Comment" optional hint="Stands in the history, beside your name.">
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
