'use client'
import { useState } from 'react'
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
import type { ComparedFlag, EnvironmentView } from '@/lib/control/views'
import { describeStatus, plural } from '@/lib/describe'
import { promoted } from '@/lib/promote'
import { changesOf } from './compared-row'

type Props = {
  from: EnvironmentView
  to: EnvironmentView
  flags: readonly ComparedFlag[]
  busy: boolean
  problem: Problem | null
  mayPublish: boolean
  onPublish: (comment: string, plan: Plan) => void
  onClose: () => void
}

const nameOf = (flags: readonly ComparedFlag[], path: string) =>
  flags[Number(/^changes\.(\d+)\./.exec(path)?.[1])]?.name ?? ''

function Reviewed({ flag, raw }: { flag: ComparedFlag; raw: boolean }) {
  const before = targetingOf(flag.to)
  const after = promoted(targetingOf(flag.from), before)
  return (
    <section aria-label={flag.name} className="rounded-lg border px-4 py-3">
      <h3 className="font-medium">{flag.name}</h3>
      <code className="break-all font-mono text-ink-3 text-xs">{flag.key}</code>
      <div className="mt-2">
        <ChangeList changes={changesOf(flag)} />
      </div>
      <div className="mt-3 border-t pt-2.5 text-sm">
        <span className="sr-only">Afterwards: </span>
        <StatusLine status={describeStatus({ ...after, kill: flag.to.kill })} />
        {flag.to.kill && (
          <p className="mt-1 text-ink-2">It is killed here, and stays so until it is restored.</p>
        )}
      </div>
      {raw && (
        <div className="mt-3">
          <RawDiff before={before} after={after} />
        </div>
      )}
    </section>
  )
}

/** All chosen flags as one change: what each does afterwards, and how it is published. */
export function PromoteSheet({ from, to, flags, busy, problem, mayPublish, onPublish, onClose }: Props) {
  const plan = usePlan([to], mayPublish)
  const [comment, setComment] = useState('')
  const [raw, setRaw] = useState(false)
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={`Promote ${plural(flags.length, 'flag')} to ${to.name}`}
      description={`Each does in ${to.name} what it does in ${from.name}: all of them, as one version, or none.`}
      onSubmit={() => !plan.missing && onPublish(comment, plan.plan)}
      footer={
        <>
          <Button onClick={onClose}>Keep choosing</Button>
          <Button type="submit" look="primary" busy={busy} disabledReason={plan.missing}>
            {busy ? `Sending ${plural(flags.length, 'flag')}…` : planVerb(plan)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {problem && <ReviewProblem problem={problem} placeOf={(path) => nameOf(flags, path)} />}
        {isSensitive(to) && plan.mode === 'publish' && (
          <p className="rounded-md border border-caution-line bg-caution-soft px-3 py-2 text-caution-ink">
            This reaches every connected SDK in {to.name} within a second.
          </p>
        )}
        <button
          type="button"
          aria-expanded={raw}
          onClick={() => setRaw(!raw)}
          className="w-fit rounded-sm text-accent-ink text-sm underline-offset-4 hover:underline"
        >
          {raw ? 'Hide the exact differences' : 'Show the exact differences'}
        </button>
        {flags.map((flag) => (
          <Reviewed key={flag.key} flag={flag} raw={raw} />
        ))}
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
