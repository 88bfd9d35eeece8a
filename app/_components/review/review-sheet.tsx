'use client'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { isSensitive } from '@/app/_components/environment-name'
import { namesOf, type Plan, PlanFields, planVerb, usePlan } from '@/app/_components/publish-plan'
import { RawDiff } from '@/app/_components/raw-diff'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextArea } from '@/app/_ui/field'
import type { Problem } from '@/lib/api-client'
import type { EnvironmentView } from '@/lib/control/views'
import { ReviewProblem } from './review-problem'

/** One thing that changes, exactly. */
export type Exact = { name: string; before: unknown; after: unknown }

const messageAt = (problem: Problem | null, path: string) =>
  problem?.errors?.find((error) => error.path === path)?.message

/** Less what stands at its own field here. */
const beside = (problem: Problem | null): Problem | null => {
  if (!problem?.errors?.length) return problem
  const errors = problem.errors.filter(({ path }) => path !== 'comment' && path !== 'at')
  return errors.length > 0 ? { ...problem, errors } : null
}

/** Control or Command with Enter sends the form, as Enter alone does elsewhere. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}

function ExactDifference({ exact }: { exact: readonly Exact[] }) {
  const [open, setOpen] = useState(false)
  const noun = exact.length === 1 ? 'difference' : 'differences'
  return (
    <section>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
      >
        {open ? `Hide the exact ${noun}` : `Show the exact ${noun}`}
      </button>
      {open && (
        <div className="mt-2 flex flex-col gap-3">
          {exact.map(({ name, before, after }) => (
            <div key={name}>
              {exact.length > 1 && <h4 className="mb-1 font-medium text-sm">{name}</h4>}
              <RawDiff before={before} after={after} />
            </div>
          ))}
        </div>
      )}
    </section>
  )
}

/** How far a review has come, and the ways on. */
export type ReviewState = {
  busy: boolean
  problem: Problem | null
  mayPublish: boolean
  /** Kept outside: it outlives the sheet. */
  comment: string
  onComment: (comment: string) => void
  onPublish: (comment: string, plan: Plan) => void
  onClose: () => void
}

type Props = ReviewState & {
  title: string
  description?: ReactNode
  /** What happens, in words: the changes, their impact, what is true afterwards. */
  children: ReactNode
  exact: readonly Exact[]
  /** All that the change is published to. */
  reached: readonly EnvironmentView[]
  /** "rules.0.when" -> "Rule 1" */
  placeOf: (path: string) => string
  /** Why there is nothing to publish. */
  blocked?: string | null
  commentHint: string
  /** The way back. */
  back: string
  /** What the button says while the change is on its way. */
  sending?: string
}

/** What is about to happen, in words first; then exactly; then how, and the button. All that is published passes here. */
export function ReviewSheet({
  title,
  description,
  children,
  exact,
  reached,
  mayPublish,
  busy,
  problem,
  placeOf,
  blocked = null,
  comment,
  commentHint,
  back,
  sending = 'Sending…',
  onComment,
  onPublish,
  onClose,
}: Props) {
  const plan = usePlan(reached, mayPublish)
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) top.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  const sensitive = reached.filter(isSensitive)
  const missing = blocked ?? plan.missing
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={title}
      description={description}
      onSubmit={() => !missing && !busy && onPublish(comment, plan.plan)}
      footer={
        <>
          <Button onClick={onClose}>{back}</Button>
          <Button type="submit" look="primary" busy={busy} disabledReason={missing}>
            {busy ? sending : planVerb(plan)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <div ref={top} className="empty:hidden">
          <ReviewProblem problem={beside(problem)} placeOf={placeOf} />
        </div>
        {sensitive.length > 0 && plan.mode === 'publish' && (
          <p className="rounded-md border border-caution-line bg-caution-soft px-3 py-2 text-caution-ink">
            This reaches every connected SDK in {namesOf(sensitive)} within a second.
          </p>
        )}
        {children}
        <ExactDifference exact={exact} />
        <PlanFields {...plan} error={messageAt(problem, 'at')} />
        <Field label="Comment" optional hint={commentHint} error={messageAt(problem, 'comment')}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              maxLength={2000}
              value={comment}
              onChange={(event) => onComment(event.target.value)}
              onKeyDown={submitOnEnter}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
