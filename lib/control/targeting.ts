import { and, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { flags, kills, targetings } from '@/db/schema'
import { segmentsOfFlag } from '@/lib/evaluation'
import { findEnvironment } from './environments'
import { notFound } from './errors'
import { type KillRow, killColumns, targetingView } from './flag-views'
import { findFlag } from './flags'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { mutation } from './mutation'
import { query } from './operation'
import { ref, targeting, text } from './schemas'
import type { Targeting, TargetingView } from './views'
import { assertValid, loadWorld, NOTHING_ELSE } from './world'

const path = { project: ref, flag: ref, environment: ref }

type FlagRow = typeof flags.$inferSelect
type TargetingRow = typeof targetings.$inferSelect

const versionOf = (view: TargetingView) => String(view.version)

const at = (flagId: number, environmentId: number) =>
  and(eq(targetings.flagId, flagId), eq(targetings.environmentId, environmentId))

async function view(db: Db | Tx, flagId: number, environmentId: number): Promise<TargetingView> {
  const [row] = await db
    .select({ targeting: targetings, kill: killColumns })
    .from(targetings)
    .leftJoin(kills, and(eq(kills.flagId, flagId), eq(kills.environmentId, environmentId)))
    .where(at(flagId, environmentId))
  return targetingView(row!.targeting, row!.kill)
}

/** What an editor may set, without what the system keeps. */
export function targetingOf(row: TargetingRow): Targeting {
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = row
  return { on, offVariant, prerequisites, targets, rules, fallthrough }
}

export const getTargeting = query({
  permission: 'flag:read',
  input: z.strictObject(path),
  run: async (db, input): Promise<TargetingView> => {
    const flag = await findFlag(db, input.project, input.flag)
    const { environment } = await findEnvironment(db, input.project, input.environment)
    return view(db, flag.id, environment.id)
  },
  etag: versionOf,
})

export type LockedTargeting = { flag: FlagRow; targeting: TargetingRow; kill: KillRow | null }

/** Flags of the locked environment with what they do there: those named, or all; archived ones too. */
export function lockedTargetings(
  tx: Tx,
  locked: Locked,
  environmentId: number,
  keys?: readonly string[],
): Promise<LockedTargeting[]> {
  return tx
    .select({ flag: flags, targeting: targetings, kill: killColumns })
    .from(flags)
    .innerJoin(targetings, and(eq(targetings.flagId, flags.id), eq(targetings.environmentId, environmentId)))
    .leftJoin(kills, and(eq(kills.flagId, flags.id), eq(kills.environmentId, environmentId)))
    .where(and(eq(flags.projectId, locked.project.id), keys && inArray(flags.key, [...keys])))
}

export async function writeTargeting(
  tx: Tx,
  { flag, targeting: before, kill }: LockedTargeting,
  after: Targeting,
): Promise<TargetingView> {
  const [row] = await tx
    .update(targetings)
    .set({ ...after, version: before.version + 1, updatedAt: sql`now()` })
    .where(at(flag.id, before.environmentId))
    .returning()
  return targetingView(row!, kill)
}

async function worldOf(
  tx: Tx,
  locked: Locked,
  environmentId: number,
  after: Targeting & { readonly browser: boolean },
) {
  const needed = after.prerequisites.map((prerequisite) => prerequisite.flag)
  const alone = !after.browser && needed.length === 0 && segmentsOfFlag(after).length === 0
  return alone ? NOTHING_ELSE : loadWorld(tx, locked.project.id, environmentId, needed)
}

/** Replaces what a flag does in one environment, and publishes it. */
export const putTargeting = mutation({
  permission: 'flag:publish',
  input: targeting.extend({ ...path, comment: text.optional() }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, { project: _, flag: key, environment, comment, ...after }, { ctx, locked }) => {
    const environmentId = locked.environments[0]!.id
    const [row] = await lockedTargetings(tx, locked, environmentId, [key])
    if (!row || row.flag.archivedAt)
      throw notFound(row ? 'active flag' : 'flag', key, `project "${locked.project.key}"`)
    await expectVersion(ctx, 'targeting', row.targeting.version, () => targetingView(row.targeting, row.kill))
    const { variants, browser } = row.flag
    assertValid(
      { ...after, key, variants, browser },
      await worldOf(tx, locked, environmentId, { ...after, browser }),
    )
    return {
      result: await writeTargeting(tx, row, after),
      audit: {
        action: 'targeting.update',
        target: `flag:${key}`,
        projectId: locked.project.id,
        environment,
        before: targetingOf(row.targeting),
        after,
        reason: comment || null,
      },
      publish: [{ environmentId, flags: [row.flag.id] }],
    }
  },
  etag: versionOf,
})
