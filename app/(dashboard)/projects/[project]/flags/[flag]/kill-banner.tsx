'use client'
import { useState } from 'react'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { PlanFields, plannedNote, planVerb, usePlan } from '@/app/_components/publish-plan'
import { Reach } from '@/app/_components/reach'
import { usePropagation } from '@/app/_components/use-propagation'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { toast } from '@/app/_ui/toast'
import { ApiError, api, type OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, KillView } from '@/lib/control/views'

const LIVE_MS = 60_000 // after a minute the way of this kill to the SDKs is history

export function KillBanner({
  where,
  environment,
  kill,
  locked,
  onLifted,
}: {
  where: OfTargeting
  environment: EnvironmentView
  kill: KillView
  locked: string | null
  onLifted: () => void
}) {
  const [restoring, setRestoring] = useState(false)
  const [live] = useState(() => Date.now() - Date.parse(kill.at) < LIVE_MS)
  const propagation = usePropagation(where, live ? kill.id : null)
  const plan = usePlan([environment], true)
  const { mode, confirm, at } = plan.plan

  const restore = async () => {
    if (mode !== 'publish') {
      const changes = [{ op: 'lift', ifMatch: kill.id, input: { flag: where.flag } }]
      await api.submitChanges(where, { changes, mode, comment: '', ...(at !== undefined && { at }) })
      setRestoring(false)
      toast.done(plannedNote({ mode, at }), 'It stands under Approvals.')
      return
    }
    try {
      await api.liftKill(where, kill.id, confirm === undefined ? {} : { confirm })
    } catch (error) {
      // Someone else lifted it: what was asked for holds already.
      if (!(error instanceof ApiError && error.status === 404)) throw error
    }
    toast.done(`Restored in ${environment.name}`)
    setRestoring(false)
    onLifted()
  }

  return (
    <>
      <Banner
        tone="danger"
        title={
          <>
            Killed by {kill.actor.name} <Time value={kill.at} clock={live} />
          </>
        }
        actions={
          <Button disabledReason={locked} onClick={() => setRestoring(true)}>
            Restore
          </Button>
        }
      >
        <p>“{kill.reason}”</p>
        {live && (
          <p className="mt-1 text-ink">
            <Reach {...propagation} />
          </p>
        )}
      </Banner>
      {restoring && (
        <ConfirmDialog
          title={`Restore in ${environment.name}?`}
          description="The kill is lifted, and the flag serves what its targeting says again, at once."
          confirm={mode === 'publish' ? 'Restore' : planVerb(plan)}
          blocked={plan.missing}
          onConfirm={restore}
          onClose={() => setRestoring(false)}
        >
          <PlanFields {...plan} />
        </ConfirmDialog>
      )}
    </>
  )
}
