'use client'
import { useMemo } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { PlanFields, plannedNote, planVerb, usePlan } from '@/app/_components/publish-plan'
import { TargetingImpact } from '@/app/_components/review/targeting-impact'
import { StatusLine } from '@/app/_components/status-line'
import { targetingOf } from '@/app/_components/targeting/targeting-of'
import { toast } from '@/app/_ui/toast'
import { ApiError, api, type OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'

/** The switch publishes itself and nothing else: a draft of other changes stays a draft. */
export function SwitchDialog({
  where,
  environment,
  published,
  variants,
  mayPublish,
  onSwitched,
  onStale,
  onClose,
}: {
  where: OfTargeting
  environment: EnvironmentView
  published: TargetingView
  /** The names of the flag's variants, in its order. */
  variants: readonly string[]
  mayPublish: boolean
  onSwitched: (view: TargetingView, configId: string | undefined) => void
  /** Someone published meanwhile: what the switch would have overwritten. */
  onStale: (view: TargetingView) => void
  onClose: () => void
}) {
  const now = useMemo(() => targetingOf(published), [published])
  const next = useMemo(() => ({ ...now, on: !now.on }), [now])
  const verb = next.on ? 'Turn on' : 'Turn off'
  const plan = usePlan([environment], mayPublish)
  const { mode, confirm, at } = plan.plan
  const turn = async () => {
    if (mode !== 'publish') {
      const input = { flag: where.flag, ...next }
      const changes = [{ op: 'targeting', ifMatch: String(published.version), input }]
      await api.submitChanges(where, { changes, mode, comment: '', ...(at !== undefined && { at }) })
      onClose()
      toast.done(plannedNote({ mode, at }), 'It stands under Approvals.')
      return
    }
    try {
      const { value, published: versions } = await api.publish(where, published.version, {
        ...next,
        ...(confirm !== undefined && { confirm }),
      })
      onSwitched(value, versions[where.environment])
      onClose()
      toast.done(`Turned ${next.on ? 'on' : 'off'} in ${environment.name}`)
    } catch (error) {
      if (error instanceof ApiError && error.problem.current) onStale(error.problem.current as TargetingView)
      throw error
    }
  }
  return (
    <ConfirmDialog
      title={`${verb} in ${environment.name}?`}
      description={
        mode === 'publish'
          ? `This publishes at once to every connected SDK in ${environment.name}.`
          : `Nothing changes in ${environment.name} ${mode === 'propose' ? 'before others have approved it' : 'before its time'}.`
      }
      confirm={mode === 'publish' ? verb : planVerb(plan)}
      blocked={plan.missing}
      onConfirm={turn}
      onClose={onClose}
    >
      <dl className="grid grid-cols-[4rem_1fr] gap-y-2">
        <dt className="text-ink-3">Now</dt>
        <dd>
          <StatusLine status={describeStatus(published)} />
        </dd>
        <dt className="text-ink-3">Then</dt>
        <dd>
          <StatusLine status={describeStatus({ ...next, kill: published.kill })} />
        </dd>
      </dl>
      <TargetingImpact
        before={now}
        after={next}
        salt={published.salt}
        variants={variants}
        killed={published.kill !== null}
      />
      <PlanFields {...plan} />
    </ConfirmDialog>
  )
}
