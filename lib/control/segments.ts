import { and, asc, eq, gt, type SQLWrapper, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { projects, segments } from '@/db/schema'
import { segmentsNamed } from '@/lib/evaluation'
import { conflict, invalid, notFound } from './errors'
import type { Locked } from './locks'
import { expectVersion } from './match'
import { mutation } from './mutation'
import { authorize, query } from './operation'
import { page, paging, readCursor } from './pages'
import { key, ref, segmentBody, text } from './schemas'
import { flagsReaching, quoted, segmentRefs, segmentUses } from './segment-uses'
import { segmentCycle } from './validate'
import type { Page, SegmentSummary, SegmentUses, SegmentView } from './views'
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

const cardinality = (list: SQLWrapper) => sql<number>`cardinality(${list})`

/** Without the lists, which may be long. */
export const listSegments = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, ...paging }),
  run: async (db, input): Promise<Page<SegmentSummary>> => {
    const [project] = await db.select().from(projects).where(eq(projects.key, input.project))
    if (!project) throw notFound('project', input.project)
    const inProject = eq(segments.projectId, project.id)
    const after = readCursor(input.cursor, key)
    const { key: segmentKey, name, by, any, version, included, excluded } = segments
    const counts = { included: cardinality(included), excluded: cardinality(excluded) }
    const [rows, [counted], uses] = await Promise.all([
      db
        .select({ key: segmentKey, name, by, any, version, ...counts })
        .from(segments)
        .where(and(inProject, after === null ? undefined : gt(segmentKey, after)))
        .orderBy(asc(segmentKey))
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(segments).where(inProject),
      segmentUses(db, project.id),
    ])
    const flagsOf = (key: string) =>
      new Set(uses.filter(({ reached }) => reached.has(key)).map((use) => use.key)).size
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      ({ included, excluded, ...row }) => ({
        ...row,
        includedCount: included,
        excludedCount: excluded,
        flagCount: flagsOf(row.key),
      }),
      (row) => row.key,
    )
  },
})

const MOST_NAMED = 1_000 // in a menu

/** What editors of conditions offer: the keys of all segments, and what they themselves compare. */
export const listSegmentNames = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref }),
  run: async (db, input): Promise<Pick<SegmentView, 'key' | 'any'>[]> =>
    db
      .select({ key: segments.key, any: segments.any })
      .from(segments)
      .innerJoin(projects, eq(projects.id, segments.projectId))
      .where(eq(projects.key, input.project))
      .orderBy(asc(segments.key))
      .limit(MOST_NAMED),
})

export const getSegment = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, segment: ref }),
  run: async (db, input): Promise<SegmentView> => view(await find(db, input.project, input.segment)),
  etag: versionOf,
})

const MOST_USES = 200 // listed; the total is told

/** The flags whose rules reach a segment, itself or through others, and the segments that name it. */
export const getSegmentUses = query({
  permission: 'flag:read',
  input: z.strictObject({ project: ref, segment: ref }),
  run: async (db, input): Promise<SegmentUses> => {
    const { key, projectId } = await find(db, input.project, input.segment)
    const byFlag = new Map<string, SegmentUses['flags'][number]>()
    for (const { key: flag, name, environment, named, reached } of await segmentUses(db, projectId)) {
      if (!reached.has(key)) continue
      const use = byFlag.get(flag) ?? { key: flag, name, environments: [], direct: false }
      use.environments.push(environment)
      use.direct ||= named.includes(key)
      byFlag.set(flag, use)
    }
    const naming = [...(await segmentRefs(db, projectId))].filter(([, refs]) => refs.includes(key))
    const environments = [...new Set([...byFlag.values()].flatMap((use) => use.environments))]
    return {
      flags: [...byFlag.values()].slice(0, MOST_USES),
      flagCount: byFlag.size,
      environments,
      segments: naming.map(([name]) => name),
    }
  },
})

async function assertSound(tx: Tx, locked: Locked, key: string, any: Row['any']): Promise<void> {
  const refs = await segmentRefs(tx, locked.project.id)
  const missing = segmentsNamed(any).find((named) => named !== key && !refs.has(named))
  if (missing) throw invalid('any', `there is no segment "${missing}": create it first`)
  const cycle = segmentCycle(key, any, (named) => refs.get(named) ?? [])
  if (cycle) throw invalid('any', `${cycle}: break the circle`)
}

const users = (tx: Tx, { project, environments }: Locked, key: string) =>
  flagsReaching(
    tx,
    project.id,
    key,
    environments.map(({ id }) => id),
  )

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
  input: segmentBody.extend({ project: ref, segment: ref, comment: text.optional() }),
  touches: everywhere,
  run: async (tx, { project, segment: key, comment, ...values }, { ctx, locked }) => {
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
        reason: comment || null,
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
    const using = [...new Set((await users(tx, locked, key)).map(({ flag }) => flag.key))]
    if (using.length > 0)
      throw conflict(
        `${using.length === 1 ? `flag ${quoted(using)} uses` : `flags ${quoted(using)} use`} segment "${key}": change their rules first`,
        { flags: using },
      )
    const naming = [...(await segmentRefs(tx, locked.project.id))]
      .filter(([, refs]) => refs.includes(key))
      .map(([name]) => name)
    if (naming.length > 0)
      throw conflict(
        `${naming.length === 1 ? `segment ${quoted(naming)} uses` : `segments ${quoted(naming)} use`} segment "${key}": change that first`,
        { segments: naming },
      )
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
