'use client'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'
import { HoldButton } from '@/app/_ui/hold-button'
import { api, type OfTargeting } from '@/lib/api-client'
import type { EnvironmentView, KillView } from '@/lib/control/views'
import { describeOff } from '@/lib/describe'
import { ProblemBanner } from './problem-banner'
import { useAction } from './use-action'

export function KillDialog({
  where,
  environment,
  offVariant,
  onClose,
  onKilled,
}: {
  where: OfTargeting
  environment: EnvironmentView
  offVariant: string | null
  onClose: () => void
  onKilled: (kill: KillView) => void
}) {
  const [reason, setReason] = useState('')
  const { problem, run, fieldError } = useAction(async () => {
    const { value } = await api.kill(where, { reason })
    onKilled(value)
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Kill ${where.flag} in ${environment.name}`}
      description={
        <>
          At once and whatever its rules, everyone gets{' '}
          <strong className="font-medium text-ink">{describeOff(offVariant)}</strong>, until you restore it.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <HoldButton onHeld={run} disabledReason={reason.trim() === '' && 'Say why first'}>
            Hold to kill
          </HoldButton>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['reason']} />
        <Field label="Why" error={fieldError('reason')} hint="Kept in the history. A few words are enough.">
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              value={reason}
              maxLength={500}
              placeholder="Error rate is up since 14:00"
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
