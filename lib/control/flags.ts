import { and, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { flags, projects, targetings } from '@/db/schema'
import { BOUNDS } from '@/lib/evaluation'
import { ControlError, conflict, invalid, notFound } from './errors'
import { flagViews } from './flag-views'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { mutation, NO_CHANGE } from './mutation'
import { authorize, query } from './operation'
import type { Publication } from './publish'
import { flagFields, flagType, key, ref, variants } from './schemas'
import { startingTargeting } from './starting-targeting'
import type { FlagView } from './views'
import { assertValid, dependants, loadWorld } from './world'

export type FlagRow = typeof flags.$inferSelect

const inProject = { project: ref, flag: ref }
const everywhere = ({ project }: { project: string }) => ({ project, environments: 'all' as const })

/** Names the variant whose value is not of the flag's type, or null. */
function mistyped(type: string, values: Record<string, unknown>): string | null {
  const kind = (value: unknown) => (typeof value === 'object' && value !== null ? 'object' : typeof value)
  const wrong = Object.entries(values).find(([, value]) => kind(value) !== type)
  return wrong ? `variant "${wrong[0]}" is ${JSON.stringify(wrong[1])}, not of type ${type}` : null
}

export async function findFlag(db: Db | Tx, project: string, key: string): Promise<FlagRow> {
  const [row] = await db
    .select({ flag: flags })
    .from(flags)
    .innerJoin(projects, eq(projects.id, flags.projectId))
    .where(and(eq(projects.key, project), eq(flags.key, key)))
  if (!row) throw notFound('flag', key, `project "${project}"`)
  return row.flag
}

async function view(db: Db | Tx, id: number): Promise<FlagView> {
  const [result] = await flagViews(db, await db.select().from(flags).where(eq(flags.id, id)))
  return result!
}

const versionOf = (flag: FlagView) => String(flag.version)

export const getFlag = query({
  permission: 'flag:read',
  input: z.strictObject(inProject),
  run: async (db, input): Promise<FlagView> => view(db, (await findFlag(db, input.project, input.flag)).id),
  etag: versionOf,
})

async function assertRoom(tx: Tx, locked: Locked): Promise<void> {
  const [{ count } = { count: 0 }] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(flags)
    .where(and(eq(flags.projectId, locked.project.id), isNull(flags.archivedAt)))
  if (count >= BOUNDS.flags)
    throw new ControlError('too_large', `a project holds at most ${BOUNDS.flags} flags: archive some first`)
}

/** A new flag is off in every environment, so creating it changes nothing for anyone. */
export const createFlag = mutation({
  permission: 'flag:write',
  unguarded: true,
  input: z
    .strictObject({
      project: ref,
      key,
      name: flagFields.name,
      type: flagType,
      variants: variants.optional(),
      offVariant: key.nullable().optional(),
      description: flagFields.description.default(''),
      tags: flagFields.tags.default([]),
      owner: flagFields.owner.default(null),
      kind: flagFields.kind.default('release'),
      browser: flagFields.browser.default(false),
    })
    .transform((flag, issue) => {
      const given = flag.variants ?? (flag.type === 'boolean' ? { on: true, off: false } : null)
      const problem = given === null ? `a ${flag.type} flag needs its variants` : mistyped(flag.type, given)
      if (problem) issue.addIssue({ code: 'custom', path: ['variants'], message: problem })
      if (given && flag.offVariant && !Object.hasOwn(given, flag.offVariant))
        issue.addIssue({
          code: 'custom',
          path: ['offVariant'],
          message: `there is no variant "${flag.offVariant}"`,
        })
      return { ...flag, variants: given ?? {} }
    }),
  touches: everywhere,
  run: async (tx, { project: _, offVariant, ...values }, { locked }) => {
    await assertRoom(tx, locked)
    const [row] = await tx
      .insert(flags)
      .values({ projectId: locked.project.id, ...values })
      .onConflictDoNothing()
      .returning()
    if (!row)
      throw conflict(
        `a flag "${values.key}" exists already, perhaps archived: keys are unique, ignoring case`,
      )
    const starting = startingTargeting(row.key, row.variants, offVariant)
    await tx
      .insert(targetings)
      .values(locked.environments.map(({ id }) => ({ flagId: row.id, environmentId: id, ...starting })))
    return {
      result: await view(tx, row.id),
      audit: {
        action: 'flag.create',
        target: `flag:${row.key}`,
        projectId: locked.project.id,
        after: values,
      },
      publish: locked.environments.map(({ id }) => ({ environmentId: id, flags: [row.id] })),
    }
  },
  etag: versionOf,
})

/** Checks a changed flag against every environment it is in. */
async function assertValidEverywhere(tx: Tx, flag: FlagRow, locked: Locked): Promise<void> {
  for (const environment of locked.environments) {
    const [targeting] = await tx
      .select()
      .from(targetings)
      .where(and(eq(targetings.flagId, flag.id), eq(targetings.environmentId, environment.id)))
    if (!targeting) continue
    const named = targeting.prerequisites.map((needed) => needed.flag)
    const world = await loadWorld(tx, locked.project.id, environment.id, named)
    const { key, variants, browser } = flag
    const at = `environments.${environment.key}.`
    assertValid({ ...targeting, key, variants, browser }, world, at)
    for (const dependant of dependants(world, flag.key)) {
      const gone = dependant.variants.find((variant) => !Object.hasOwn(flag.variants, variant))
      if (gone !== undefined)
        throw conflict(
          `flag "${dependant.flag}" needs variant "${gone}" in ${environment.key}: change that flag first`,
        )
      if (dependant.browser && !flag.browser)
        throw conflict(
          `flag "${dependant.flag}" is available to browsers and needs this one in ${environment.key}`,
        )
    }
  }
}

async function lockedFlag(tx: Tx, locked: Locked, key: string): Promise<FlagRow> {
  const [row] = await tx
    .select()
    .from(flags)
    .where(and(eq(flags.projectId, locked.project.id), eq(flags.key, key)))
    .for('no key update')
  if (!row) throw notFound('flag', key, `project "${locked.project.key}"`)
  return row
}

const published = (locked: Locked, flag: FlagRow): Publication[] =>
  locked.environments.map(({ id }) => ({ environmentId: id, flags: [flag.id] }))

/** Undefined keeps, null clears. What applications are served needs the right to publish. */
export const updateFlag = mutation({
  permission: 'flag:write',
  input: z.strictObject({
    ...inProject,
    name: flagFields.name.optional(),
    description: flagFields.description.optional(),
    tags: flagFields.tags.optional(),
    owner: flagFields.owner.optional(),
    kind: flagFields.kind.optional(),
    browser: flagFields.browser.optional(),
    variants: flagFields.variants.optional(),
  }),
  touches: everywhere,
  run: async (tx, { project, flag: flagKey, ...changes }, { ctx, locked }) => {
    const served = changes.variants !== undefined || changes.browser !== undefined
    if (served) authorize(ctx.actor, 'flag:publish', { project })
    const before = await lockedFlag(tx, locked, flagKey)
    await expectVersion(ctx, 'flag', before.version, () => view(tx, before.id))
    const problem = changes.variants ? mistyped(before.type, changes.variants) : null
    if (problem) throw invalid('variants', problem)
    const [row] = await tx
      .update(flags)
      .set({ ...changes, version: before.version + 1 })
      .where(eq(flags.id, before.id))
      .returning()
    if (served) await assertValidEverywhere(tx, row!, locked)
    const previous = Object.fromEntries(
      Object.keys(changes).map((field) => [field, before[field as keyof typeof changes]]),
    )
    return {
      result: await view(tx, before.id),
      audit: {
        action: 'flag.update',
        target: `flag:${flagKey}`,
        projectId: locked.project.id,
        before: previous,
        after: changes,
      },
      publish: published(locked, row!),
    }
  },
  etag: versionOf,
})

async function assertNotNeeded(tx: Tx, flag: FlagRow, locked: Locked): Promise<void> {
  for (const environment of locked.environments) {
    const [dependant] = dependants(await loadWorld(tx, locked.project.id, environment.id, []), flag.key)
    if (dependant)
      throw conflict(
        `flag "${dependant.flag}" needs "${flag.key}" in ${environment.key}: remove that prerequisite first`,
      )
  }
}

/** A kill stays: what comes back was killed for a reason that may still hold. */
async function setArchived(tx: Tx, flag: FlagRow, locked: Locked, archived: boolean) {
  await tx
    .update(flags)
    .set({ archivedAt: archived ? sql`now()` : null, version: flag.version + 1 })
    .where(eq(flags.id, flag.id))
  return {
    result: await view(tx, flag.id),
    audit: {
      action: archived ? 'flag.archive' : 'flag.restore',
      target: `flag:${flag.key}`,
      projectId: locked.project.id,
    },
    publish: published(locked, flag),
  }
}

/** Takes a flag out of every config; applications then get FLAG_NOT_FOUND and their defaults. */
export const archiveFlag = mutation({
  permission: 'flag:publish',
  input: z.strictObject(inProject),
  touches: everywhere,
  run: async (tx, input, { ctx, locked }) => {
    const flag = await lockedFlag(tx, locked, input.flag)
    if (flag.archivedAt) return { ...NO_CHANGE, result: await view(tx, flag.id) }
    if (ctx.ifMatch) await expectVersion(ctx, 'flag', flag.version, () => view(tx, flag.id))
    await assertNotNeeded(tx, flag, locked)
    return setArchived(tx, flag, locked, true)
  },
  etag: versionOf,
})

export const restoreFlag = mutation({
  permission: 'flag:publish',
  input: z.strictObject(inProject),
  touches: everywhere,
  run: async (tx, input, { locked }) => {
    const flag = await lockedFlag(tx, locked, input.flag)
    if (!flag.archivedAt) return { ...NO_CHANGE, result: await view(tx, flag.id) }
    await assertRoom(tx, locked)
    await assertValidEverywhere(tx, flag, locked)
    return setArchived(tx, flag, locked, false)
  },
  etag: versionOf,
})
