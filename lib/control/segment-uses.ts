import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { environments, flags, segments, targetings } from '@/db/schema'
import { segmentsNamed, segmentsOfFlag } from '@/lib/evaluation'
import { reachable } from './compile'

type Refs = ReadonlyMap<string, readonly string[]>

/** The segments of a project, and which of them each one names. */
export async function segmentRefs(db: Db | Tx, projectId: number): Promise<Refs> {
  const rows = await db
    .select({ key: segments.key, any: segments.any })
    .from(segments)
    .where(eq(segments.projectId, projectId))
  return new Map(rows.map((row) => [row.key, segmentsNamed(row.any)]))
}

/** Active flags with rules that name segments, in the environments that there are. */
const namesSegments = (projectId: number) =>
  and(
    eq(flags.projectId, projectId),
    isNull(flags.archivedAt),
    isNull(environments.deletedAt),
    sql`${targetings.rules}::text like '%"segment":%'`,
  )

const reachedFrom = (named: readonly string[], refs: Refs) => reachable(named, (key) => refs.get(key) ?? [])

/** What uses segments: each flag in each environment, with the segments that it names and those that it reaches. */
export async function segmentUses(db: Db | Tx, projectId: number) {
  const refs = await segmentRefs(db, projectId)
  const rows = await db
    .select({ key: flags.key, name: flags.name, environment: environments.key, rules: targetings.rules })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .innerJoin(environments, eq(environments.id, targetings.environmentId))
    .where(namesSegments(projectId))
    .orderBy(flags.key, environments.position, environments.id)
  return rows.map(({ rules, ...row }) => {
    const named = segmentsOfFlag({ rules })
    return { ...row, named, reached: reachedFrom(named, refs) }
  })
}

/** Flags whose rules reach a segment, with their targeting, in some environments. */
export async function flagsReaching(
  tx: Tx,
  projectId: number,
  key: string,
  environmentIds: readonly number[],
) {
  const refs = await segmentRefs(tx, projectId)
  const rows = await tx
    .select({ flag: flags, targeting: targetings })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .innerJoin(environments, eq(environments.id, targetings.environmentId))
    .where(and(namesSegments(projectId), inArray(targetings.environmentId, [...environmentIds])))
    .orderBy(flags.key)
  return rows.filter(({ targeting }) => reachedFrom(segmentsOfFlag(targeting), refs).has(key))
}

/** `"a"`, `"a" and "b"`, `"a", "b" and 4 more` */
export function quoted(names: readonly string[]): string {
  const [shown, rest] = [names.slice(0, 2).map((name) => `"${name}"`), names.length - 2]
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(' and ')
}
