'use client'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { StatusLine } from '@/app/_components/status-line'
import { toast } from '@/app/_ui/toast'
import { ApiError, api, type OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, TargetingView } from '@/lib/control/views'
import { describeStatus } from '@/lib/describe'
import { targetingOf } from './targeting/use-draft'

/** The switch publishes itself and nothing else: a draft of other changes stays a draft. */
export function SwitchDialog({
  where,
  environment,
  published,
  onSwitched,
  onStale,
  onClose,
}: {
  where: OfTargeting
  environment: EnvironmentView
  published: TargetingView
  onSwitched: (view: TargetingView, configId: string | undefined) => void
  /** Someone published meanwhile: what the switch would have overwritten. */
  onStale: (view: TargetingView) => void
  onClose: () => void
}) {
  const next = { ...targetingOf(published), on: !published.on }
  const verb = next.on ? 'Turn on' : 'Turn off'
  const turn = async () => {
    try {
      const { value, published: versions } = await api.publish(where, published.version, next)
      onSwitched(value, versions[where.environment])
      onClose()
      toast.done(`Turned ${next.on ? 'on' : 'off'} in ${environment.name}`)
    } catch (error) {
      if (error instanceof ApiError && error.problem.current) onStale(error.problem.current)
      throw error
    }
  }
  return (
    <ConfirmDialog
      title={`${verb} in ${environment.name}?`}
      description={`This publishes at once to every connected SDK in ${environment.name}.`}
      confirm={verb}
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
    </ConfirmDialog>
  )
}
