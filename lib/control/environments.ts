import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { configId } from '@/db/config-log'
import { envHeads, environments, flags, type Policy, projects, sdkKeys, targetings } from '@/db/schema'
import { conflict, notFound } from './errors'
import { type Environment, lockHeads } from './locks'
import { mutation } from './mutation'
import { assertFresh, query } from './operation'
import { policy } from './protection'
import type { Publication } from './publish'
import { key, name, ref } from './schemas'
import { startingTargeting } from './starting-targeting'
import type { EnvironmentView, Page } from './views'

const ROWS_AT_ONCE = 1_000 // a statement takes at most 65,535 parameters

const colour = z.enum(['slate', 'green', 'blue', 'amber', 'red', 'violet'])

export function environmentView(row: Environment, id: string): EnvironmentView {
  const { key, name, policy, colour, position } = row
  return { key, name, protected: row.protected, policy, colour, position, configId: id }
}

/** Finds an environment of a project, or says which of the two is missing. */
export async function findEnvironment(db: Db | Tx, project: string, environment: string) {
  const [row] = await db
    .select({ environment: environments, head: envHeads, project: projects })
    .from(environments)
    .innerJoin(projects, eq(projects.id, environments.projectId))
    .innerJoin(envHeads, eq(envHeads.environmentId, environments.id))
    .where(and(eq(projects.key, project), eq(environments.key, environment), isNull(environments.deletedAt)))
  if (!row) throw notFound('environment', environment, `project "${project}"`)
  return row
}

export const firstVersion = (environmentId: number): Publication => ({
  environmentId,
  killed: [],
  always: true,
})

const keyOnceDeleted = ({ key, id }: Environment) => `${key}#${id}` // no key may hold a "#"

/** Applications that knew a deleted environment of this key hold its versions: a new one must come after them. */
async function nextEpoch(tx: Tx, { projectId, key }: Environment): Promise<number> {
  const [{ former } = { former: 0 }] = await tx
    .select({ former: sql<number>`count(*)::int` })
    .from(environments)
    .where(
      and(
        eq(environments.projectId, projectId),
        sql`starts_with(lower(${environments.key}), lower(${key}) || '#')`,
      ),
    )
  return 1 + former
}

export async function createEnvironmentRow(
  tx: Tx,
  projectId: number,
  values: Pick<Environment, 'key' | 'name' | 'colour' | 'protected' | 'position'> & { policy?: Policy },
): Promise<Environment> {
  const [row] = await tx
    .insert(environments)
    .values({ projectId, ...values })
    .onConflictDoNothing()
    .returning()
  if (!row) throw conflict(`an environment "${values.key}" exists already: keys are unique, ignoring case`)
  await tx.insert(envHeads).values({ environmentId: row.id, epoch: await nextEpoch(tx, row) })
  return row
}

export const listEnvironments = query({
  permission: 'project:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input): Promise<Page<EnvironmentView>> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    const rows = await db
      .select({ environment: environments, head: envHeads })
      .from(environments)
      .innerJoin(envHeads, eq(envHeads.environmentId, environments.id))
      .where(and(eq(environments.projectId, project.id), isNull(environments.deletedAt)))
      .orderBy(asc(environments.position), asc(environments.id))
    const items = rows.map((row) => environmentView(row.environment, configId(row.head)))
    return { items, next: null, total: items.length }
  },
})

/** A new environment starts with every flag of the project, off. */
export const createEnvironment = mutation({
  permission: 'environment:write',
  unguarded: true,
  input: z.strictObject({
    project: ref,
    key,
    name,
    protected: z.boolean().default(false),
    policy: policy.optional(),
    colour: colour.nullable().default(null),
  }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { project: _, ...values }, { locked }) => {
    const position = Math.max(-1, ...locked.environments.map((row) => row.position)) + 1
    const row = await createEnvironmentRow(tx, locked.project.id, { ...values, position })
    const existing = await tx.select().from(flags).where(eq(flags.projectId, locked.project.id))
    for (let i = 0; i < existing.length; i += ROWS_AT_ONCE)
      await tx.insert(targetings).values(
        existing.slice(i, i + ROWS_AT_ONCE).map((flag) => ({
          flagId: flag.id,
          environmentId: row.id,
          ...startingTargeting(flag.key, flag.variants, undefined),
        })),
      )
    locked.environments.push(row)
    locked.heads.push(...(await lockHeads(tx, [row.id])))
    return {
      result: async (published) => environmentView(row, published[row.key]!),
      audit: {
        action: 'environment.create',
        target: `environment:${row.key}`,
        projectId: locked.project.id,
        environment: row.key,
        after: values,
      },
      publish: [
        {
          ...firstVersion(row.id),
          flags: existing.map((flag) => flag.id),
          attributes: locked.project.attributes,
        },
      ],
    }
  },
})

export const updateEnvironment = mutation({
  permission: 'environment:write',
  input: z.strictObject({
    project: ref,
    environment: ref,
    name: name.optional(),
    protected: z.boolean().optional(),
    policy: policy.optional(),
    colour: colour.nullable().optional(),
    position: z.int().min(0).max(1_000).optional(),
  }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, { project: _, environment, ...changes }, { ctx, locked }) => {
    const before = locked.environments[0]!
    if (changes.protected !== undefined || changes.policy) assertFresh(ctx.actor)
    const [row] = await tx
      .update(environments)
      .set({ ...changes, name: changes.name ?? before.name })
      .where(eq(environments.id, before.id))
      .returning()
    const view = (of: Environment) => environmentView(of, configId(locked.heads[0]!))
    return {
      result: view(row!),
      audit: {
        action: 'environment.update',
        target: `environment:${environment}`,
        projectId: locked.project.id,
        environment,
        before: view(before),
        after: view(row!),
      },
      publish: [],
    }
  },
})

/** Takes an environment away: its keys are refused from now on, its history stays. */
export const deleteEnvironment = mutation({
  permission: 'environment:write',
  input: z.strictObject({ project: ref, environment: ref }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, { project, environment }, { locked }) => {
    const row = locked.environments.find(({ key }) => key === environment)
    if (!row) throw notFound('environment', environment, `project "${project}"`)
    if (row.protected) throw conflict(`"${environment}" is protected: take its protection away first`)
    const head = locked.heads.find(({ environmentId }) => environmentId === row.id)!
    if (locked.environments.length === 1)
      throw conflict(`"${environment}" is the last environment of its project: create another first`)
    await tx
      .update(environments)
      .set({ deletedAt: sql`now()`, key: keyOnceDeleted(row) })
      .where(eq(environments.id, row.id))
    await tx
      .update(sdkKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(sdkKeys.environmentId, row.id), isNull(sdkKeys.revokedAt)))
    await tx
      .update(envHeads)
      .set({ keysRevision: sql`${envHeads.keysRevision} + 1` })
      .where(eq(envHeads.environmentId, row.id))
    return {
      result: null,
      audit: {
        action: 'environment.delete',
        target: `environment:${environment}`,
        projectId: locked.project.id,
        environment,
        before: environmentView(row, configId(head)),
      },
      publish: [],
    }
  },
})
