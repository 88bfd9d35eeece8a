import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { flags, projects, segments, targetings } from '@/db/schema'
import { segmentsNamed, segmentsOfFlag } from '@/lib/evaluation'
import { reachable } from './compile'
import { conflict, invalid, notFound } from './errors'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { mutation } from './mutation'
import { authorize, query } from './operation'
import { page, paging, readCursor } from './pages'
import { key, ref, segmentBody } from './schemas'
import { segmentCycle } from './validate'
import type { Page, SegmentView } from './views'
import { assertValid, loadWorld } from './world'

type Row = typeof segments.$inferSelect

const everywhere = ({ project }: { project: string }) => ({ project, environments: 'all' as const })
const versionOf = (segment: SegmentView) => String(segment.version)

function view({ key, name, by, included, excluded, any, version }: Row): SegmentView {
  return { key, name, by, included, excluded, any, version }
}

async function find(db: Db | Tx, project: string, key: string): Promise<Row> {
  const [row] = await db
    .select({ segment: segments })
    .from(segments)
    .innerJoin(projects, eq(projects.id, segments.projectId))
    .where(and(eq(projects.key, project), eq(segments.key, key)))
  if (!row) throw notFound('segment', key, `project "${project}"`)
  return row.segment
}

export const listSegments = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, ...paging }),
  run: async (db, input): Promise<Page<SegmentView>> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    const inProject = eq(segments.projectId, project.id)
    const after = readCursor(input.cursor, key)
    const [rows, [counted]] = await Promise.all([
      db
        .select()
        .from(segments)
        .where(and(inProject, after === null ? undefined : gt(segments.key, after)))
        .orderBy(asc(segments.key))
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(segments).where(inProject),
    ])
    return page(rows, input.limit, counted?.total ?? 0, view, (row) => row.key)
  },
})

export const getSegment = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, segment: ref }),
  run: async (db, input): Promise<SegmentView> => view(await find(db, input.project, input.segment)),
  etag: versionOf,
})

async function assertSound(tx: Tx, locked: Locked, key: string, any: Row['any']): Promise<void> {
  const rows = await tx
    .select({ key: segments.key, any: segments.any })
    .from(segments)
    .where(eq(segments.projectId, locked.project.id))
  const refs = new Map(rows.map((row) => [row.key, segmentsNamed(row.any)]))
  const missing = segmentsNamed(any).find((named) => named !== key && !refs.has(named))
  if (missing) throw invalid('any', `there is no segment "${missing}": create it first`)
  const cycle = segmentCycle(key, any, (named) => refs.get(named) ?? [])
  if (cycle) throw invalid('any', `${cycle}: break the circle`)
}

/** Flags whose rules reach a segment, with their targeting, in the locked environments. */
async function users(tx: Tx, locked: Locked, key: string) {
  const all = await tx
    .select({ key: segments.key, any: segments.any })
    .from(segments)
    .where(eq(segments.projectId, locked.project.id))
  const refs = new Map(all.map((row) => [row.key, segmentsNamed(row.any)]))
  const rows = await tx
    .select({ flag: flags, targeting: targetings })
    .from(targetings)
    .innerJoin(flags, eq(flags.id, targetings.flagId))
    .where(
      and(
        inArray(
          targetings.environmentId,
          locked.environments.map(({ id }) => id),
        ),
        isNull(flags.archivedAt),
        sql`${targetings.rules}::text like '%"segment":%'`,
      ),
    )
  return rows.filter(({ targeting }) =>
    reachable(segmentsOfFlag(targeting), (named) => refs.get(named) ?? []).has(key),
  )
}

const published = (locked: Locked) =>
  locked.environments.map(({ id }) => ({ environmentId: id, segments: true }))

export const createSegment = mutation({
  permission: 'segment:write',
  input: segmentBody.extend({ project: ref, key }),
  touches: everywhere,
  run: async (tx, { project: _, ...values }, { locked }) => {
    await assertSound(tx, locked, values.key, values.any)
    const [row] = await tx
      .insert(segments)
      .values({ projectId: locked.project.id, ...values })
      .onConflictDoNothing()
      .returning()
    if (!row) throw conflict(`a segment "${values.key}" exists already: keys are unique, ignoring case`)
    return {
      result: view(row),
      audit: {
        action: 'segment.create',
        target: `segment:${row.key}`,
        projectId: locked.project.id,
        after: values,
      },
      publish: [],
    }
  },
  etag: versionOf,
})

/** Replaces a segment, and publishes wherever a flag reaches it: that needs the right to publish. */
export const putSegment = mutation({
  permission: 'segment:write',
  input: segmentBody.extend({ project: ref, segment: ref }),
  touches: everywhere,
  run: async (tx, { project, segment: key, ...values }, { ctx, locked }) => {
    const before = await find(tx, project, key)
    await expectVersion(ctx, 'segment', before.version, () => view(before))
    await assertSound(tx, locked, key, values.any)
    const [row] = await tx
      .update(segments)
      .set({ ...values, version: before.version + 1 })
      .where(eq(segments.id, before.id))
      .returning()
    const reaching = await users(tx, locked, key)
    if (reaching.length > 0) authorize(ctx.actor, 'flag:publish', { project })
    for (const { flag, targeting } of reaching) {
      const at = locked.environments.find(({ id }) => id === targeting.environmentId)!
      const world = await loadWorld(
        tx,
        locked.project.id,
        targeting.environmentId,
        targeting.prerequisites.map((needed) => needed.flag),
      )
      const { key, variants, browser } = flag
      assertValid({ ...targeting, key, variants, browser }, world, `environments.${at.key}.`)
    }
    return {
      result: view(row!),
      audit: {
        action: 'segment.update',
        target: `segment:${key}`,
        projectId: locked.project.id,
        before: view(before),
        after: values,
      },
      publish: published(locked),
    }
  },
  etag: versionOf,
})

export const deleteSegment = mutation({
  permission: 'segment:write',
  input: z.strictObject({ project: ref, segment: ref }),
  touches: everywhere,
  run: async (tx, { project, segment: key }, { ctx, locked }) => {
    const before = await find(tx, project, key)
    if (ctx.ifMatch) await expectVersion(ctx, 'segment', before.version, () => view(before))
    const [user] = await users(tx, locked, key)
    if (user) throw conflict(`flag "${user.flag.key}" uses segment "${key}": change its rules first`)
    const [naming] = await tx
      .select({ key: segments.key, any: segments.any })
      .from(segments)
      .where(eq(segments.projectId, locked.project.id))
      .then((rows) => rows.filter((row) => segmentsNamed(row.any).includes(key)))
    if (naming) throw conflict(`segment "${naming.key}" uses segment "${key}": change it first`)
    await tx.delete(segments).where(eq(segments.id, before.id))
    return {
      result: null,
      audit: {
        action: 'segment.delete',
        target: `segment:${key}`,
        projectId: locked.project.id,
        before: view(before),
      },
      publish: [],
    }
  },
})
