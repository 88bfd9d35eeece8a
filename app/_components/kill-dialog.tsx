'use client'
import { useEffect, useRef, useState } from 'react'
import { Banner } from '@/app/_ui/banner'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, TextInput } from '@/app/_ui/field'
import { HoldButton } from '@/app/_ui/hold-button'
import { api, type OfTargeting, untilHeard } from '@/lib/api-client'
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
  const [again, setAgain] = useState(false)
  const closed = useRef(new AbortController())
  useEffect(() => {
    closed.current = new AbortController()
    return () => closed.current.abort()
  }, [])
  const { busy, problem, run, fieldError } = useAction(async () => {
    const { signal } = closed.current
    const asked = untilHeard(() => api.kill(where, { reason }), { signal, whenAgain: () => setAgain(true) })
    const { value } = await asked.finally(() => setAgain(false))
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
          <Button onClick={onClose}>{again ? 'Stop asking' : 'Cancel'}</Button>
          <HoldButton
            onHeld={run}
            disabledReason={busy ? 'Asked for' : reason.trim() === '' && 'Say why first'}
          >
            Hold to kill
          </HoldButton>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ProblemBanner problem={problem} shown={['reason']} />
        {again && (
          <Banner tone="info" title="Not confirmed yet. Asking again every second until Jackstaff answers." />
        )}
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
