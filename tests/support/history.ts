import { connect } from '@/db/client'
import { compareIds } from '@/lib/evaluation'
import { auditProblems } from './audit-problems'
import type { Follower } from './follower'
import { verifyHistory } from './hash-chain'
import type { Jackstaff } from './jackstaff'

/** What was seen while something was broken. */
export type Seen = {
  /** Ids of configs that answers to changes have named. */
  acknowledged: readonly string[]
  followers?: readonly Follower[]
}

async function idsIn(databaseUrl: string): Promise<Set<string>> {
  const sql = connect(databaseUrl, { max: 1 })
  try {
    const rows = await sql<{ id: string }[]>`
      select epoch || '.' || version || '.' || left(hash, 8) as id from config_version`
    return new Set(rows.map(({ id }) => id))
  } finally {
    await sql.end()
  }
}

/** Each step of a client to a lower epoch or version. */
function stepsBack(follower: Follower): string[] {
  const ids = follower.frames().flatMap(({ id }) => id ?? [])
  return ids.flatMap((id, i) => (i > 0 && compareIds(id, ids[i - 1]!) < 0 ? [`${ids[i - 1]} -> ${id}`] : []))
}

/**
 * Judges what happened by the guarantees of the house: no acknowledged change is lost, no client moved back or missed a
 * version, every version follows the one before it and names one audit entry, and the chains verify. All lists are empty
 * where all is well.
 *
 * @example expect(await judged(jackstaff, { acknowledged, followers })).toEqual(SOUND)
 */
export async function judged(of: Pick<Jackstaff, 'databaseUrl' | 'env'>, seen: Seen) {
  const ids = await idsIn(of.databaseUrl)
  await verifyHistory(of.databaseUrl)
  return {
    lost: seen.acknowledged.filter((id) => !ids.has(id)),
    back: (seen.followers ?? []).flatMap(stepsBack),
    missed: (seen.followers ?? []).flatMap((follower) => follower.broken()),
    audit: await auditProblems(of),
  }
}

export const SOUND = { lost: [], back: [], missed: [], audit: [] }
