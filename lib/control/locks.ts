import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { envHeads, environments, projects } from '@/db/schema'
import { notFound } from './errors'

/** First key of the advisory gate that ordinary publishers queue at, one queue an environment. */
const PUBLISH_GATE = 7_235_902
const LOCK_TIMEOUT = '4s' // no request waits without an answer over 5 s

/** What a mutation is about to publish to: all environments of a project, or these. */
export type Selector = { project: string; environments: readonly string[] | 'all' }

export type Environment = typeof environments.$inferSelect
export type Head = typeof envHeads.$inferSelect
export type Locked = { project: typeof projects.$inferSelect; environments: Environment[]; heads: Head[] }

export async function findProject(tx: Tx, key: string) {
  const [project] = await tx.select().from(projects).where(eq(projects.key, key))
  if (!project) throw notFound('project', key)
  return project
}

async function findEnvironments(tx: Tx, projectId: number, selector: Selector): Promise<Environment[]> {
  const named = selector.environments
  const rows = await tx
    .select()
    .from(environments)
    .where(
      and(
        eq(environments.projectId, projectId),
        isNull(environments.deletedAt),
        named === 'all' ? undefined : inArray(environments.key, [...named]),
      ),
    )
    .orderBy(asc(environments.id))
  const missing = named === 'all' ? undefined : named.find((key) => !rows.some((row) => row.key === key))
  if (missing !== undefined) throw notFound('environment', missing, `project "${selector.project}"`)
  return rows
}

/**
 * Locks what will be published, in ascending order, before anything is read: concurrent changes are ordered here.
 * A kill skips the gate: it waits for at most the one publish that holds the row, never for the queue.
 */
export async function lock(tx: Tx, selector: Selector, lane: 'edit' | 'kill'): Promise<Locked> {
  const project = await findProject(tx, selector.project)
  const rows = await findEnvironments(tx, project.id, selector)
  const ids = rows.map((row) => row.id)
  await tx.execute(sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`)
  if (lane === 'edit')
    for (const id of ids) await tx.execute(sql`select pg_advisory_xact_lock(${PUBLISH_GATE}, ${id})`)
  const heads =
    ids.length === 0
      ? []
      : await tx
          .select()
          .from(envHeads)
          .where(inArray(envHeads.environmentId, ids))
          .orderBy(asc(envHeads.environmentId))
          .for('update')
  return { project, environments: rows, heads }
}
