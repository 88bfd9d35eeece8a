import { and, eq, inArray, like } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import { flags, publishedSegments, segments, targetings } from '@/db/schema'
import { type Segment, segmentsNamed, segmentsOfFlag, type WireFlag } from '@/lib/evaluation'
import { type Change, compileSegment, reachable } from './compile'
import type { Head, Locked } from './locks'

/** Flags that name segments, and the segments they reach; lists are left out, they may be long. */
type Reached = { flags: Record<string, WireFlag>; segments: Record<string, Segment> }

/** The published flags of an environment that name a segment. */
async function namingSegments(tx: Tx, environmentId: number): Promise<Record<string, WireFlag>> {
  const rows = await tx
    .select({ key: flags.key, compiled: targetings.compiled })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .where(and(eq(targetings.environmentId, environmentId), like(targetings.compiled, '%"segment":%')))
  return Object.fromEntries(
    rows.map(({ key, compiled }) => [key, (JSON.parse(compiled!) as { flag: WireFlag }).flag]),
  )
}

/** Compiles the segments that published flags reach where they changed, and drops those no longer reached. */
export async function changedSegments(tx: Tx, locked: Locked, head: Head, change: Change): Promise<Reached> {
  const { environmentId } = head
  const users = await namingSegments(tx, environmentId)
  const known = await tx
    .select({ id: segments.id, key: segments.key, version: segments.version, any: segments.any })
    .from(segments)
    .where(eq(segments.projectId, locked.project.id))
  const byKey = new Map(known.map((row) => [row.key, row]))
  const reached = reachable(Object.values(users).flatMap(segmentsOfFlag), (key) =>
    segmentsNamed(byKey.get(key)?.any ?? []),
  )

  const published = await tx
    .select()
    .from(publishedSegments)
    .where(eq(publishedSegments.environmentId, environmentId))
  const before = new Map(published.map((row) => [row.key, row]))
  const stale = known.filter(({ id, key, version }) => {
    const then = before.get(key)
    return reached.has(key) && (then?.segmentId !== id || then.segmentVersion !== version)
  })
  await add(tx, environmentId, stale, before, change)
  await drop(
    tx,
    environmentId,
    published.filter((row) => !reached.has(row.key)),
    change,
  )

  const shape = (any: Segment['any']): Segment => ({ by: 'targetingKey', included: [], excluded: [], any })
  const shapes = known.filter(({ key }) => reached.has(key)).map(({ key, any }) => [key, shape(any)])
  return { flags: users, segments: Object.fromEntries(shapes) }
}

type PublishedRow = typeof publishedSegments.$inferSelect

async function add(
  tx: Tx,
  environmentId: number,
  stale: readonly { id: number }[],
  before: ReadonlyMap<string, PublishedRow>,
  change: Change,
): Promise<void> {
  if (stale.length === 0) return
  const ids = stale.map(({ id }) => id)
  for (const row of await tx.select().from(segments).where(inArray(segments.id, ids))) {
    const compiled = compileSegment(row)
    const bytes = Buffer.byteLength(JSON.stringify(compiled))
    change.patch.segments[row.key] = compiled
    change.bytes += bytes - (before.get(row.key)?.bytes ?? 0)
    const values = { segmentId: row.id, segmentVersion: row.version, bytes }
    await tx
      .insert(publishedSegments)
      .values({ environmentId, key: row.key, ...values })
      .onConflictDoUpdate({ target: [publishedSegments.environmentId, publishedSegments.key], set: values })
  }
}

async function drop(
  tx: Tx,
  environmentId: number,
  gone: readonly PublishedRow[],
  change: Change,
): Promise<void> {
  if (gone.length === 0) return
  for (const row of gone) {
    change.patch.segments[row.key] = null
    change.bytes -= row.bytes
  }
  const keys = gone.map(({ key }) => key)
  await tx
    .delete(publishedSegments)
    .where(and(eq(publishedSegments.environmentId, environmentId), inArray(publishedSegments.key, keys)))
}
