import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { envHeads, environments, projects } from '@/db/schema'
import { notFound } from './errors'

/** First key of the advisory gate that ordinary publishers queue at, one queue an environment. */
const PUBLISH_GATE = 7_235_902
const LOCK_TIMEOUT = '4s' // no request waits without an answer over 5 s
const TRANSACTION_TIMEOUT = '6s' // a process that stops amid a change, or is cut off, must not hold up the others

const setLimits = sql`
  select set_config('lock_timeout', ${LOCK_TIMEOUT}, true), case
    when current_setting('server_version_num')::int >= 170000
    then set_config('transaction_timeout', ${TRANSACTION_TIMEOUT}, true) end`

/** What a mutation is about to publish to: all environments of a project, or these. */
export type Selector = { project: string; environments: readonly string[] | 'all' }

export type Environment = typeof environments.$inferSelect
export type Head = typeof envHeads.$inferSelect

/** `heads`: as they are for as long as they are locked; an editor's are not until it publishes, and kills may pass. */
export type Locked = {
  project: typeof projects.$inferSelect
  environments: Environment[]
  heads: Head[]
  headsAreLocked: boolean
}

const alive = ({ environments: named }: Selector) =>
  and(isNull(environments.deletedAt), named === 'all' ? undefined : inArray(environments.key, [...named]))

async function find(tx: Tx, selector: Selector) {
  const rows = await tx
    .select({ project: projects, environmentId: environments.id })
    .from(projects)
    .leftJoin(environments, and(eq(environments.projectId, projects.id), alive(selector)))
    .where(eq(projects.key, selector.project))
    .orderBy(asc(environments.id))
  return { project: rows[0]?.project, ids: rows.flatMap((row) => row.environmentId ?? []) }
}

/** One statement for all queues: they are entered from left to right. */
async function queue(tx: Tx, environmentIds: readonly number[]): Promise<void> {
  if (environmentIds.length === 0) return
  const gates = environmentIds.map((id) => sql`pg_advisory_xact_lock(${PUBLISH_GATE}, ${id})`)
  await tx.execute(sql`select ${sql.join(gates, sql`, `)}`)
}

/** The environments of a selector with their heads, in ascending order. */
function headsOf(tx: Tx, selector: Selector) {
  return tx
    .select({ environment: environments, head: envHeads })
    .from(envHeads)
    .innerJoin(environments, eq(environments.id, envHeads.environmentId))
    .innerJoin(projects, eq(projects.id, environments.projectId))
    .where(and(eq(projects.key, selector.project), alive(selector)))
    .orderBy(asc(envHeads.environmentId))
}

/** An editor: through the gate, in the order of its environments. What it reads next, no other editor changes. */
async function enter(tx: Tx, selector: Selector) {
  const [found] = await Promise.all([find(tx, selector), tx.execute(setLimits)])
  // Read again: environments may have come and gone while this waited. New ones have the highest ids. Both are sent
  // together, and done one after the other.
  const [, rows] = await Promise.all([queue(tx, found.ids), headsOf(tx, selector)])
  return { project: found.project, rows }
}

/** A kill: past the gate. It waits for at most the one publish that holds the row, never for the queue. */
async function pass(tx: Tx, selector: Selector) {
  const [, found, rows] = await Promise.all([
    tx.execute(setLimits),
    find(tx, selector),
    headsOf(tx, selector).for('update', { of: envHeads }),
  ])
  return { project: found.project, rows }
}

/**
 * Locks what will be published, in ascending order, before anything is read: concurrent changes are ordered here. The
 * gate orders editors, for as long as they take; the rows of the heads order versions, and an editor locks them only to
 * append its own (`lockHeads`).
 */
export async function lock(tx: Tx, selector: Selector, lane: 'edit' | 'kill'): Promise<Locked> {
  const { project, rows } = lane === 'edit' ? await enter(tx, selector) : await pass(tx, selector)
  if (!project) throw notFound('project', selector.project)
  const named = selector.environments === 'all' ? [] : selector.environments
  const missing = named.find((key) => !rows.some(({ environment }) => environment.key === key))
  if (missing !== undefined) throw notFound('environment', missing, `project "${selector.project}"`)
  return {
    project,
    environments: rows.map(({ environment }) => environment),
    heads: rows.map(({ head }) => head),
    headsAreLocked: lane === 'kill',
  }
}

/** The heads of some environments as they stay until the end of the transaction. */
export async function lockHeads(tx: Tx, environmentIds: readonly number[]): Promise<Head[]> {
  return tx
    .select()
    .from(envHeads)
    .where(inArray(envHeads.environmentId, [...environmentIds]))
    .orderBy(asc(envHeads.environmentId))
    .for('update')
}
