import { sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import type { Actor } from '../context'
import { ControlError, conflict } from '../errors'
import { can, type Grant, type Permission, type Place } from '../roles'

const nameOf = ({ project, environment }: Place) =>
  project === null
    ? 'in the whole installation'
    : environment === null
      ? `in project "${project}"`
      : `in environment "${environment}" of project "${project}"`

/**
 * Nobody gives away what they do not hold, nor takes it from others: else whoever may add members could make themselves
 * an admin, or lock the admins out.
 */
export function assertHolds(actor: Actor, permissions: readonly Permission[], place: Place): void {
  const missing = permissions.filter((permission) => !can(actor.grants, permission, place))
  if (missing.length === 0) return
  const named = missing.map((permission) => `"${permission}"`).join(', ')
  throw new ControlError(
    'forbidden',
    `you do not hold ${named} ${nameOf(place)}, and nobody gives or takes more than they hold: ask somebody who does`,
  )
}

/** Whether the actor holds all that some grants allow, each where it is held. */
export function assertCovers(actor: Actor, held: readonly Grant[]): void {
  for (const grant of held) assertHolds(actor, grant.permissions, grant)
}

/** For what an operation's path does not say: a permission at a place that its input names. */
export function assertMay(actor: Actor, permission: Permission, place: Place): void {
  if (can(actor.grants, permission, place)) return
  throw new ControlError('forbidden', `"${permission}" is needed ${nameOf(place)}`)
}

const PEOPLE_GATE = 7_235_903 // first key of an advisory lock, as that of publishing
const LOCK_TIMEOUT = '4s' // no request waits without an answer over 5 s

/** Changes of people, groups and grants come one after the other: what one has checked, no other changes meanwhile. */
export async function inTurn(tx: Tx): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`)
  await tx.execute(sql`select pg_advisory_xact_lock(${PEOPLE_GATE}, 0)`)
}

/** Whom the break-glass passphrase signs in: an admin, while the environment says so. */
export const BREAK_GLASS = 'break-glass'

/** People who can do everything: the role itself counts, by name or by a group, held everywhere. */
async function admins(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from app_user u where u.disabled_at is null and u.id <> ${BREAK_GLASS} and exists (
      select 1 from role_grant g where g.role = 'admin' and g.project_id is null and (g.user_id = u.id
        or g.group_id in (select m.group_id from group_member m where m.user_id = u.id)))`)
  return row!.count
}

/** Runs a change that may take admins away, and refuses it where it would leave nobody. Comes after `inTurn`. */
export async function keepingAnAdmin<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  const before = await admins(tx)
  const result = await change()
  if (before > 0 && (await admins(tx)) === 0)
    throw conflict('nobody would be left as an admin of this installation: make somebody else one first')
  return result
}
