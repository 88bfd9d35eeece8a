import { z } from 'zod'
import { ControlError, conflict, invalid } from './errors'
import type { Environment } from './locks'
import { instant, reason } from './schemas'

const freeze = z
  .strictObject({ from: instant, until: instant, reason })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
    path: ['until'],
    message: 'a freeze ends after it begins',
  })

/** What a protected environment asks of each change, but of a kill. */
export const policy = z
  .strictObject({
    /** People who must have approved it, none of them its author. */
    approvals: z.int().min(0).max(5, 'at most 5 approvals').default(1),
    /** Whoever publishes names the environment, in `confirm`. */
    confirm: z.boolean().default(true),
    /** Times in which nothing is published. */
    freezes: z.array(freeze).max(50, 'at most 50 freezes').default([]),
  })
  .meta({ title: 'PolicyInput' })

/** What a change brings along to be let into protected environments. */
export type Permit = {
  /** Environments that whoever publishes has named. */
  readonly confirmed: readonly string[]
  /** How many people have approved exactly this. */
  readonly approvals: number
  /** Nobody is there to name an environment: it was named when the change was planned. */
  readonly planned?: boolean
}

/** How many approvals a change needs here. */
export const approvalsNeeded = ({ protected: guarded, policy }: Environment): number =>
  guarded ? policy.approvals : 0

/** The freeze that holds at a time, in epoch ms. */
export function freezeAt({ protected: guarded, policy }: Environment, now: number) {
  const holds = ({ from, until }: { from: string; until: string }) =>
    Date.parse(from) <= now && now < Date.parse(until)
  return guarded ? policy.freezes.find(holds) : undefined
}

/** Refuses what a protected environment does not let in. */
export function assertPermitted(environment: Environment, permit: Permit, now: number): void {
  const { key, policy } = environment
  if (!environment.protected) return
  const frozen = freezeAt(environment, now)
  if (frozen)
    throw conflict(`"${key}" is frozen until ${frozen.until} (${frozen.reason}): schedule the change`, {
      code: 'frozen',
      until: frozen.until,
    })
  if (permit.approvals < policy.approvals) {
    const needed = `${policy.approvals} approval${policy.approvals === 1 ? '' : 's'}`
    throw new ControlError(
      'forbidden',
      `"${key}" is protected: a change needs ${needed} and has ${permit.approvals}: propose it`,
      [],
      { code: 'approval_needed', environment: key, needed: policy.approvals, approvals: permit.approvals },
    )
  }
  if (policy.confirm && !permit.planned && !permit.confirmed.includes(key))
    throw invalid('confirm', `"${key}" is protected: name it here to publish to it`)
}
