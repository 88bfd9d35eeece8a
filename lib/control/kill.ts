import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { flags, kills } from '@/db/schema'
import { actorRef, keptActor } from './audit-log'
import type { Ctx } from './context'
import { findEnvironment } from './environments'
import { ControlError, notFound } from './errors'
import { killColumns, killView } from './flag-views'
import { findFlag } from './flags'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { type Change, mutation, NO_CHANGE } from './mutation'
import { query } from './operation'
import { reason, ref } from './schemas'
import type { KillView } from './views'

// A kill is an overlay: it reads no targeting, compiles nothing, needs no If-Match and waits for no editor.

const path = { project: ref, flag: ref, environment: ref }
const idOf = (kill: KillView) => kill.id

async function findActive(tx: Tx, locked: Locked, key: string) {
  const [row] = await tx
    .select({ id: flags.id, key: flags.key, archivedAt: flags.archivedAt })
    .from(flags)
    .where(and(eq(flags.projectId, locked.project.id), eq(flags.key, key)))
  if (!row || row.archivedAt) throw notFound('active flag', key, `project "${locked.project.key}"`)
  return row
}

/** The kills of a flag in the locked environments, by environment key. */
async function killsOf(tx: Tx, flagId: number, locked: Locked): Promise<Record<string, KillView>> {
  const ids = locked.environments.map(({ id }) => id)
  const rows = await tx
    .select(killColumns)
    .from(kills)
    .where(and(eq(kills.flagId, flagId), inArray(kills.environmentId, ids)))
  return Object.fromEntries(
    rows.map((row) => [locked.environments.find(({ id }) => id === row.environmentId)!.key, killView(row)]),
  )
}

/** Kills where it is not killed yet: a repeated request changes nothing and answers with the first kill. */
async function killIn(tx: Tx, ctx: Ctx, locked: Locked, key: string, why: string, environment?: string) {
  const flag = await findActive(tx, locked, key)
  const alive = locked.heads.filter((head) => !head.killed.includes(flag.key))
  const change: Change = {
    audit: {
      action: 'flag.kill',
      target: `flag:${key}`,
      projectId: locked.project.id,
      environment,
      reason: why,
    },
    publish: alive.map((head) => ({
      environmentId: head.environmentId,
      killed: [...head.killed, flag.key].sort(),
    })),
  }
  return {
    change: alive.length > 0 ? change : NO_CHANGE,
    record: async (published: Record<string, string>) => {
      const rows = locked.environments.flatMap(({ id, key }) =>
        published[key]
          ? [
              {
                flagId: flag.id,
                environmentId: id,
                configId: published[key],
                reason: why,
                actor: keptActor(actorRef(ctx)),
              },
            ]
          : [],
      )
      const inserted = rows.length > 0 ? tx.insert(kills).values(rows).execute() : null
      const [all] = await Promise.all([killsOf(tx, flag.id, locked), inserted])
      return all
    },
  }
}

/** The kill that holds now: what lifting it must name. */
export const getKill = query({
  permission: 'flag:read',
  input: z.strictObject(path),
  run: async (db, input): Promise<KillView> => {
    const flag = await findFlag(db, input.project, input.flag)
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const [row] = await db
      .select(killColumns)
      .from(kills)
      .where(and(eq(kills.flagId, flag.id), eq(kills.environmentId, environment.id)))
    if (!row) throw notFound('kill of flag', input.flag, `environment "${input.environment}"`)
    return killView(row)
  },
  etag: idOf,
})

/** Forces a flag to its off variant in one environment, at once and whatever its rules. */
export const kill = mutation({
  permission: 'flag:kill',
  lane: 'kill',
  unguarded: true,
  input: z.strictObject({ ...path, reason }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, input, { ctx, locked }) => {
    const { flag, reason, environment } = input
    const { change, record } = await killIn(tx, ctx, locked, flag, reason, environment)
    return { ...change, result: async (published) => (await record(published))[environment]! }
  },
  etag: idOf,
})

/** The same in every environment of the project, in one transaction. */
export const killEverywhere = mutation({
  permission: 'flag:kill',
  lane: 'kill',
  unguarded: true,
  input: z.strictObject({ project: ref, flag: ref, reason }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, input, { ctx, locked }) => {
    const { change, record } = await killIn(tx, ctx, locked, input.flag, input.reason)
    return { ...change, result: async (published) => ({ environments: await record(published) }) }
  },
})

/** Lifts a kill. It must name the kill: a late retry cannot lift a newer one. */
export const restoreKilled = mutation({
  permission: 'flag:publish',
  lane: 'kill',
  input: z.strictObject(path),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, input, { ctx, locked }) => {
    const flag = await findActive(tx, locked, input.flag)
    const current = (await killsOf(tx, flag.id, locked))[input.environment]
    if (!current) throw notFound('kill of flag', input.flag, `environment "${input.environment}"`)
    if (ctx.ifMatch?.includes('*'))
      throw new ControlError('precondition_required', `name the kill to lift in If-Match: "${current.id}"`)
    await expectVersion(ctx, 'kill', current.id, () => current)
    const head = locked.heads[0]!
    await tx.delete(kills).where(and(eq(kills.flagId, flag.id), eq(kills.environmentId, head.environmentId)))
    return {
      result: null,
      audit: {
        action: 'flag.restore_killed',
        target: `flag:${input.flag}`,
        projectId: locked.project.id,
        environment: input.environment,
        before: current,
      },
      publish: [{ environmentId: head.environmentId, killed: head.killed.filter((key) => key !== flag.key) }],
    }
  },
})
