import { asc, eq, isNull, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { environments, misusedKeys, sdkKeys } from '@/db/schema'
import { systemContext } from './context'
import { mutation, NO_CHANGE } from './mutation'

const EVERY_MS = 2_000
const KEPT = sql`now() - interval '7 days'`

/** Makes an audit entry of one server key that came out of a browser; answers whether there was one. */
const recordOne = mutation({
  permission: 'key:write',
  input: z.strictObject({}),
  touches: () => null,
  run: async (tx) => {
    const [found] = await tx
      .select({ misused: misusedKeys, environment: environments })
      .from(misusedKeys)
      .innerJoin(sdkKeys, eq(sdkKeys.id, misusedKeys.keyId))
      .innerJoin(environments, eq(environments.id, sdkKeys.environmentId))
      .where(isNull(misusedKeys.recordedAt))
      .orderBy(asc(misusedKeys.hour))
      .limit(1)
      .for('update', { of: misusedKeys, skipLocked: true })
    if (!found) return { ...NO_CHANGE, result: false }
    const { keyId, hour, origin } = found.misused
    await tx.delete(misusedKeys).where(lt(misusedKeys.hour, KEPT))
    await tx
      .update(misusedKeys)
      .set({ recordedAt: sql`now()` })
      .where(sql`${misusedKeys.keyId} = ${keyId} and ${misusedKeys.hour} = ${hour.toISOString()}`)
    return {
      result: true,
      audit: {
        action: 'key.misuse',
        target: `key:${keyId}`,
        projectId: found.environment.projectId,
        environment: found.environment.key,
        after: { origin },
      },
      publish: [],
    }
  },
})

async function recordAll(): Promise<void> {
  while (await recordOne(systemContext('misused-keys'), {}));
}

/** Delivery only writes down that a secret has leaked; here it becomes part of the history. Stops when told to. */
export function watchMisusedKeys(failed: (error: unknown) => void): () => void {
  let busy = false
  let failing = false
  const look = async () => {
    if (busy) return
    busy = true
    try {
      await recordAll()
      failing = false
    } catch (error) {
      if (!failing) failed(error) // the database is away, which others say often enough
      failing = true
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void look(), EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
