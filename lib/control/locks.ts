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
export type Locked = { project: typeof projects.$inferSelect; environments: Environment[]; heads: Head[] }

const alive = ({ environments: named }: Selector) =>
  and(isNull(environments.deletedAt), named === 'all' ? undefined : inArray(environments.key, [...named]))

async function find(tx: Tx, selector: Selector) {
  const rows = await tx
    .select({ project: projects, environmentId: environments.id })
    .from(projects)
    .leftJoin(environments, and(eq(environments.projectId, projects.id), alive(selector)))
    .where(eq(projects.key, selector.project))
    .orderBy(asc(environments.id))
  const [first] = rows
  if (!first) throw notFound('project', selector.project)
  return { project: first.project, ids: rows.flatMap((row) => row.environmentId ?? []) }
}

/** One statement for all queues: they are entered from left to right. */
async function queue(tx: Tx, environmentIds: readonly number[]): Promise<void> {
  if (environmentIds.length === 0) return
  const gates = environmentIds.map((id) => sql`pg_advisory_xact_lock(${PUBLISH_GATE}, ${id})`)
  await tx.execute(sql`select ${sql.join(gates, sql`, `)}`)
}

/**
 * Locks what will be published, in ascending order, before anything is read: concurrent changes are ordered here.
 * A kill skips the gate: it waits for at most the one publish that holds the row, never for the queue.
 */
export async function lock(tx: Tx, selector: Selector, lane: 'edit' | 'kill'): Promise<Locked> {
  const [{ project, ids }] = await Promise.all([find(tx, selector), tx.execute(setLimits)])
  // Read again: environments may have come and gone while this waited. New ones have the highest ids. Both are sent
  // together, and done one after the other.
  const queued = lane === 'edit' ? queue(tx, ids) : null
  const heads = tx
    .select({ environment: environments, head: envHeads })
    .from(envHeads)
    .innerJoin(environments, eq(environments.id, envHeads.environmentId))
    .where(and(eq(environments.projectId, project.id), alive(selector)))
    .orderBy(asc(envHeads.environmentId))
    .for('update', { of: envHeads })
  const [rows] = await Promise.all([heads, queued])
  const named = selector.environments === 'all' ? [] : selector.environments
  const missing = named.find((key) => !rows.some(({ environment }) => environment.key === key))
  if (missing !== undefined) throw notFound('environment', missing, `project "${selector.project}"`)
  return {
    project,
    environments: rows.map(({ environment }) => environment),
    heads: rows.map(({ head }) => head),
  }
}
