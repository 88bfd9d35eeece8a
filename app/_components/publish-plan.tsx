'use client'
import { useState } from 'react'
import { Field, TextInput } from '@/app/_ui/field'
import { Segmented } from '@/app/_ui/segmented'
import type { EnvironmentView } from '@/lib/control/views'
import { plural } from '@/lib/plural'
import { NamingFields, useNaming } from './naming'

export type Mode = 'publish' | 'propose' | 'schedule'

/** How a change is to be published, as the API takes it. */
export type Plan = { mode: Mode; confirm?: string[]; at?: string }

const labels: Record<Mode, string> = {
  publish: 'Publish now',
  propose: 'Ask for approval',
  schedule: 'Schedule',
}

const approvalsNeeded = ({ protected: guarded, policy }: EnvironmentView) => (guarded ? policy.approvals : 0)

/** What the policies of environments and one's role leave to choose from; the first is the usual one. */
export function modesFor(environments: readonly EnvironmentView[], mayPublish: boolean): Mode[] {
  if (environments.length === 0) return ['publish']
  const alone = environments.every((environment) => approvalsNeeded(environment) === 0)
  const modes: Mode[] = alone && mayPublish ? ['publish', 'propose', 'schedule'] : ['propose']
  return alone || modes.includes('schedule') ? modes : [...modes, 'schedule']
}

/** `environments`: all that a change reaches; most reach one. */
export function usePlan(environments: readonly EnvironmentView[], mayPublish: boolean) {
  const modes = modesFor(environments, mayPublish)
  const [chosen, setMode] = useState<Mode | null>(null)
  const mode = modes.find((candidate) => candidate === chosen) ?? modes[0]!
  const naming = useNaming(environments)
  const named = mode === 'publish' && naming.asking.length > 0
  const [at, setAt] = useState('')
  const time = at === '' ? null : new Date(at)
  const missing =
    (named && naming.missing) ||
    (mode === 'schedule' && (!time || time.getTime() <= Date.now()) && 'Choose a time to come') ||
    null
  const plan: Plan = {
    mode,
    ...(named && { confirm: naming.asking }),
    ...(mode === 'schedule' && time && { at: time.toISOString() }),
  }
  return { environments, modes, mode, setMode, naming, at, setAt, missing, plan }
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** "Development, Staging and Production" */
export const namesOf = (environments: readonly EnvironmentView[]): string =>
  environments
    .map(({ name }) => name)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1')

/** Publish now, ask for approval or schedule; and what the policies of the environments ask for it. */
export function PlanFields({
  error,
  ...plan
}: ReturnType<typeof usePlan> & {
  /** What the server had against the time. */
  error?: string | undefined
}) {
  const { environments, modes, mode } = plan
  const guarded = environments.filter((environment) => approvalsNeeded(environment) > 0)
  const needed = Math.max(0, ...guarded.map(approvalsNeeded))
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
          {namesOf(guarded)} {guarded.length === 1 ? 'is' : 'are'} protected:{' '}
          {plural(needed, 'other person has', 'other people have')} to approve this
          {mode === 'schedule' ? ' by then' : ' first'}.
        </p>
      )}
      {mode === 'schedule' && (
        <Field
          label="When"
          error={error}
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
      {mode === 'publish' && <NamingFields {...plan.naming} />}
    </div>
  )
}

/** The verb of the button. */
export function planVerb({ mode, environments }: ReturnType<typeof usePlan>): string {
  if (mode !== 'publish') return labels[mode]
  return environments.length === 0 ? 'Save' : `Publish to ${namesOf(environments)}`
}

/** What to say once it is done. */
export const plannedNote = ({ mode, at }: Plan): string =>
  mode === 'schedule' ? `Scheduled for ${new Date(at!).toLocaleString()}` : 'Asked for approval'
