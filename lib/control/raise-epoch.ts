import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { sql, type Tx } from '@/db/client'
import { configId } from '@/db/config-log'
import { configVersions } from '@/db/schema'
import { parseId } from '@/lib/evaluation'
import { log } from '@/lib/log'
import { systemContext } from './context'
import type { Head } from './locks'
import { mutation, NO_CHANGE } from './mutation'
import { ref } from './schemas'

// A restored backup or a failover to a replica that lagged leaves the database with less than what clients hold. They
// never go back within an epoch; so a new one begins.

const MOST_EPOCHS_AHEAD = 16 // a made-up id must not use up the numbers
const AGAIN_MS = 60_000

/** Whether the log knows the version that somebody holds. */
async function isKnown(tx: Tx, head: Head, held: { epoch: number; version: number }, id: string) {
  const [row] = await tx
    .select({ hash: configVersions.hash })
    .from(configVersions)
    .where(
      and(
        eq(configVersions.environmentId, head.environmentId),
        eq(configVersions.epoch, held.epoch),
        eq(configVersions.version, held.version),
      ),
    )
  return row !== undefined && configId({ ...held, hash: row.hash }) === id
}

/** Begins a new epoch where the version `held` was published and is gone; does nothing where it is known. */
export const raiseEpoch = mutation({
  permission: 'environment:write',
  lane: 'kill',
  unguarded: true,
  input: z.strictObject({ project: ref, environment: ref, held: z.string().max(100) }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, { environment, held }, { locked }) => {
    const head = locked.heads[0]!
    const lost = parseId(held)
    if (!lost || lost.epoch < head.epoch || lost.epoch > head.epoch + MOST_EPOCHS_AHEAD)
      return { ...NO_CHANGE, result: null }
    if (await isKnown(tx, head, lost, held)) return { ...NO_CHANGE, result: null }
    const epoch = Math.max(head.epoch, lost.epoch) + 1
    return {
      result: null,
      audit: {
        action: 'environment.rewound',
        target: `environment:${environment}`,
        projectId: locked.project.id,
        environment,
        before: { configId: held, epoch: head.epoch },
        after: { configId: configId(head), epoch },
        reason: `version ${held} was delivered, and the database no longer has it`,
      },
      // The kills come along, so that none that only clients remember outlives its history.
      publish: [{ environmentId: head.environmentId, killed: head.killed, epoch }],
    }
  },
})

/** Begins an epoch above those that were ever delivered, once a backup is in the place of what there was. */
export const beginRestoredEpoch = mutation({
  permission: 'environment:write',
  lane: 'kill',
  unguarded: true,
  input: z.strictObject({
    project: ref,
    environment: ref,
    above: z.int().min(0),
    backup: z.string().max(100),
  }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (_tx, { environment, above, backup }, { locked }) => {
    const head = locked.heads[0]!
    const epoch = Math.max(head.epoch, above) + 1
    return {
      result: null,
      audit: {
        action: 'environment.restored',
        target: `environment:${environment}`,
        projectId: locked.project.id,
        environment,
        before: { configId: configId(head), epoch: head.epoch },
        after: { backup, epoch },
        reason: `a backup of ${backup} was restored`,
      },
      publish: [{ environmentId: head.environmentId, killed: head.killed, epoch }],
    }
  },
})

const report = z.object({ flagSetId: z.string(), id: z.string() })

/** Mends what delivery nodes report. At most one new epoch a minute for each environment. */
export async function mendRewoundHistories(): Promise<void> {
  const mendedAt = new Map<string, number>()
  const mend = async (payload: string) => {
    const { flagSetId, id } = report.parse(JSON.parse(payload))
    const now = performance.now()
    if (now - (mendedAt.get(flagSetId) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
    const [project, environment] = flagSetId.split('/') as [string, string]
    const { versions = {} } = await raiseEpoch.answer(systemContext(randomUUID()), {
      project,
      environment,
      held: id,
    })
    const begun = Object.values(versions)[0]
    if (begun === undefined) return
    mendedAt.set(flagSetId, now)
    log.error(
      { flagSetId, lost: id, begun },
      'a new epoch began: the database had lost versions that were delivered',
    )
  }
  await sql('read').listen('jackstaff_rewound', (payload) => {
    mend(payload).catch((error) => log.error({ err: error, payload }, 'a rewound history is not mended yet'))
  })
}
