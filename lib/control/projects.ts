import { and, asc, eq, exists, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { configId } from '@/db/config-log'
import { envHeads, environments, flags, projects } from '@/db/schema'
import { evaluationCounts } from '@/db/usage'
import { createEnvironmentRow, environmentView, firstVersion } from './environments'
import { conflict, notFound } from './errors'
import { type Locked, lockHeads } from './locks'
import { mutation } from './mutation'
import { query } from './operation'
import { knows } from './roles'
import { key, name, ref } from './schemas'
import type { EnvironmentView, Page, ProjectView } from './views'

const STARTING_ENVIRONMENTS = [
  { key: 'development', name: 'Development', colour: 'green', protected: false },
  { key: 'staging', name: 'Staging', colour: 'blue', protected: false },
  { key: 'production', name: 'Production', colour: 'amber', protected: false },
] as const

type ProjectRow = typeof projects.$inferSelect

async function views(db: Db | Tx, rows: readonly ProjectRow[]): Promise<ProjectView[]> {
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return []
  const [envs, counts, evaluated] = await Promise.all([
    db
      .select({ environment: environments, head: envHeads })
      .from(environments)
      .innerJoin(envHeads, eq(envHeads.environmentId, environments.id))
      .where(sql`${inArray(environments.projectId, ids)} and ${isNull(environments.deletedAt)}`)
      .orderBy(asc(environments.position), asc(environments.id)),
    db
      .select({ projectId: flags.projectId, count: sql<number>`count(*)::int` })
      .from(flags)
      .where(sql`${inArray(flags.projectId, ids)} and ${isNull(flags.archivedAt)}`)
      .groupBy(flags.projectId),
    db
      .selectDistinct({ projectId: environments.projectId })
      .from(environments)
      .where(
        and(
          inArray(environments.projectId, ids),
          exists(
            db
              .select({ flag: evaluationCounts.flag })
              .from(evaluationCounts)
              .where(eq(evaluationCounts.environmentId, environments.id)),
          ),
        ),
      ),
  ])
  return rows.map((row) => ({
    key: row.key,
    name: row.name,
    environments: envs
      .filter(({ environment }) => environment.projectId === row.id)
      .map(({ environment, head }): EnvironmentView => environmentView(environment, configId(head))),
    flagCount: counts.find((count) => count.projectId === row.id)?.count ?? 0,
    evaluated: evaluated.some(({ projectId }) => projectId === row.id),
  }))
}

/** Those that exist as far as whoever asks is concerned. */
export const listProjects = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: async (db, _, { actor }): Promise<Page<ProjectView>> => {
    const all = await db.select().from(projects).orderBy(asc(projects.name))
    const items = await views(
      db,
      all.filter(({ key }) => knows(actor.grants, key)),
    )
    return { items, next: null, total: items.length }
  },
})

export const getProject = query({
  permission: 'project:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input): Promise<ProjectView> => {
    const [view] = await views(db, await db.select().from(projects).where(eq(projects.key, input.project)))
    if (!view) throw notFound('project', input.project)
    return view
  },
})

export async function hasProjects(tx: Tx): Promise<boolean> {
  return (await tx.select({ id: projects.id }).from(projects).limit(1)).length > 0
}

/** A project starts with development, staging and production, each with a first, empty version. */
export async function insertProject(tx: Tx, locked: Locked, values: { key: string; name: string }) {
  const [project] = await tx.insert(projects).values(values).onConflictDoNothing().returning()
  if (!project) throw conflict(`a project "${values.key}" exists already: keys are unique, ignoring case`)
  locked.project = project
  for (const [position, environment] of STARTING_ENVIRONMENTS.entries()) {
    const row = await createEnvironmentRow(tx, project.id, { ...environment, position })
    locked.environments.push(row)
    locked.heads.push(...(await lockHeads(tx, [row.id])))
  }
  return { project, publish: locked.environments.map((row) => firstVersion(row.id)) }
}

export const createProject = mutation({
  permission: 'project:write',
  input: z.strictObject({ key, name }),
  touches: () => null,
  run: async (tx, input, { locked }) => {
    const { project, publish } = await insertProject(tx, locked, input)
    return {
      result: async () => (await views(tx, [project]))[0]!,
      audit: {
        action: 'project.create',
        target: `project:${project.key}`,
        projectId: project.id,
        after: input,
      },
      publish,
    }
  },
})
