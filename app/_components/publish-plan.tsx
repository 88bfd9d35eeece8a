'use client'
import { useState } from 'react'
import { Field, TextInput } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import type { EnvironmentView } from '@/lib/control/views'
import { plural } from '@/lib/describe'

export type Mode = 'publish' | 'propose' | 'schedule'

/** How a change is to reach an environment, as the API takes it. */
export type Plan = { mode: Mode; confirm?: string; at?: string }

const labels: Record<Mode, string> = {
  publish: 'Publish now',
  propose: 'Ask for approval',
  schedule: 'Schedule',
}

const approvalsNeeded = ({ protected: guarded, policy }: EnvironmentView) => (guarded ? policy.approvals : 0)

/** What an environment's policy and one's role leave to choose from; the first is the usual one. */
export function modesFor(environment: EnvironmentView, mayPublish: boolean): Mode[] {
  const alone = approvalsNeeded(environment) === 0
  const modes: Mode[] = alone && mayPublish ? ['publish', 'propose', 'schedule'] : ['propose']
  return alone || modes.includes('schedule') ? modes : [...modes, 'schedule']
}

export function usePlan(environment: EnvironmentView, mayPublish: boolean) {
  const modes = modesFor(environment, mayPublish)
  const [mode, setMode] = useState<Mode>(modes[0]!)
  const [confirm, setConfirm] = useState('')
  const [at, setAt] = useState('')
  const asks = mode === 'publish' && environment.protected && environment.policy.confirm
  const time = at === '' ? null : new Date(at)
  const missing =
    (asks && confirm.trim() !== environment.key && `Type ${environment.key} first`) ||
    (mode === 'schedule' && (!time || time.getTime() <= Date.now()) && 'Choose a time to come') ||
    null
  const plan: Plan = {
    mode,
    ...(asks && { confirm: confirm.trim() }),
    ...(mode === 'schedule' && time && { at: time.toISOString() }),
  }
  return { environment, modes, mode, setMode, confirm, setConfirm, at, setAt, asks, missing, plan }
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Publish now, ask for approval or schedule; and what the environment's policy asks for it. */
export function PlanFields(plan: ReturnType<typeof usePlan>) {
  const { environment, modes, mode, asks } = plan
  const needed = approvalsNeeded(environment)
  return (
    <div className="flex flex-col gap-4">
      {modes.length > 1 && (
        <Segmented
          label="How"
          value={mode}
          choices={modes.map((value) => ({ value, label: labels[value] }))}
          onChange={plan.setMode}
        />
      )}
      {needed > 0 && (
        <p className="text-ink-2">
          {environment.name} is protected: {plural(needed, 'other person has', 'other people have')} to
          approve this{mode === 'schedule' ? ' by then' : ' first'}.
        </p>
      )}
      {mode === 'schedule' && (
        <Field
          label="When"
          hint={`In ${zone()}. It is checked again then, and held if something is in the way.`}
        >
          {(control) => (
            <TextInput
              {...control}
              type="datetime-local"
              value={plan.at}
              className="w-fit"
              onChange={(event) => plan.setAt(event.target.value)}
            />
          )}
        </Field>
      )}
      {asks && (
        <Field label={`Type ${environment.key} to publish to it`}>
          {(control) => (
            <TextInput
              {...control}
              value={plan.confirm}
              className="w-64 font-mono"
              onChange={(event) => plan.setConfirm(event.target.value)}
            />
          )}
        </Field>
      )}
    </div>
  )
}

/** The verb of the button. */
export function planVerb({ mode, environment }: ReturnType<typeof usePlan>): string {
  return mode === 'publish' ? `Publish to ${environment.name}` : labels[mode]
}

/** What to say once it is done. */
export const plannedNote = ({ mode, at }: Plan): string =>
  mode === 'schedule' ? `Scheduled for ${new Date(at!).toLocaleString()}` : 'Asked for approval'
