import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { flags, kills } from '@/db/schema'
import { actorRef } from './audit-log'
import type { Ctx } from './context'
import { notFound } from './errors'
import { killView } from './flag-views'
import { withoutKill } from './kill-overlay'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { mutation } from './mutation'
import { reason, ref } from './schemas'
import type { KillView } from './views'

// A kill is an overlay: it reads no targeting, compiles nothing, needs no If-Match and waits for no editor.

const path = { project: ref, flag: ref, environment: ref }
const idOf = (kill: KillView) => kill.id

async function findFlag(tx: Tx, locked: Locked, key: string) {
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
    .select()
    .from(kills)
    .where(and(eq(kills.flagId, flagId), inArray(kills.environmentId, ids)))
  return Object.fromEntries(
    rows.map((row) => [locked.environments.find(({ id }) => id === row.environmentId)!.key, killView(row)]),
  )
}

/** Kills where it is not killed yet: a repeated request changes nothing and answers with the first kill. */
async function killIn(tx: Tx, ctx: Ctx, locked: Locked, key: string, why: string) {
  const flag = await findFlag(tx, locked, key)
  const alive = locked.heads.filter((head) => !head.killed.includes(flag.key))
  return {
    flag,
    audit: { action: 'flag.kill', target: `flag:${key}`, projectId: locked.project.id, reason: why },
    publish: alive.map((head) => ({
      environmentId: head.environmentId,
      killed: [...head.killed, flag.key].sort(),
    })),
    record: async (published: Record<string, string>) => {
      const rows = locked.environments.flatMap(({ id, key }) =>
        published[key]
          ? [
              {
                flagId: flag.id,
                environmentId: id,
                configId: published[key],
                reason: why,
                actor: actorRef(ctx),
              },
            ]
          : [],
      )
      if (rows.length > 0) await tx.insert(kills).values(rows)
      return killsOf(tx, flag.id, locked)
    },
  }
}

/** Forces a flag to its off variant in one environment, at once and whatever its rules. */
export const kill = mutation({
  permission: 'flag:kill',
  lane: 'kill',
  input: z.strictObject({ ...path, reason }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, input, { ctx, locked }) => {
    const { audit, publish, record } = await killIn(tx, ctx, locked, input.flag, input.reason)
    return {
      result: async (published) => (await record(published))[input.environment]!,
      audit: { ...audit, environment: input.environment },
      publish,
    }
  },
  etag: idOf,
})

/** The same in every environment of the project, in one transaction. */
export const killEverywhere = mutation({
  permission: 'flag:kill',
  lane: 'kill',
  input: z.strictObject({ project: ref, flag: ref, reason }),
  touches: ({ project }) => ({ project, environments: 'all' }),
  run: async (tx, input, { ctx, locked }) => {
    const { audit, publish, record } = await killIn(tx, ctx, locked, input.flag, input.reason)
    return { result: async (published) => ({ environments: await record(published) }), audit, publish }
  },
})

/** Lifts a kill. It must name the kill: a late retry cannot lift a newer one. */
export const restoreKilled = mutation({
  permission: 'flag:publish',
  input: z.strictObject(path),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, input, { ctx, locked }) => {
    const flag = await findFlag(tx, locked, input.flag)
    const current = (await killsOf(tx, flag.id, locked))[input.environment]
    if (!current) throw notFound('kill of flag', input.flag, `environment "${input.environment}"`)
    await expectVersion(ctx, 'kill', current.id, () => current)
    const overlays = await withoutKill(tx, flag, locked)
    return {
      result: null,
      audit: {
        action: 'flag.restore_killed',
        target: `flag:${input.flag}`,
        projectId: locked.project.id,
        environment: input.environment,
        before: current,
      },
      publish: [...overlays].map(([environmentId, killed]) => ({ environmentId, killed })),
    }
  },
})
