import { and, desc, eq, gt, gte, lt, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { type ConfigState, configId, stateAt } from '@/db/config-log'
import { auditEntries, configVersions, receipts } from '@/db/schema'
import { fromWire, type WireFlag } from '@/lib/evaluation'
import { restoredRules } from '@/lib/stored-rules'
import { namesOf } from './actor-names'
import { findEnvironment } from './environments'
import { conflict, notFound } from './errors'
import { mutation, NO_CHANGE } from './mutation'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref, text } from './schemas'
import { type LockedTargeting, lockedTargetings, targetingOf, writeTargeting } from './targeting'
import type { Page, PropagationView, Targeting, VersionView } from './views'
import { loadWorld, refusal } from './world'

const inEnvironment = { project: ref, environment: ref }
const number = z.int32('a version is a whole number').min(1)
const numberInPath = z.coerce.number().pipe(number)

type Joined = { version: typeof configVersions.$inferSelect; audit: typeof auditEntries.$inferSelect }

type Named = Awaited<ReturnType<typeof namesOf>>

function view({ version, audit }: Joined, named: Named): VersionView {
  const { action, target, reason, before, after } = audit
  return {
    id: configId(version),
    version: version.version,
    at: version.createdAt.toISOString(),
    actor: named(audit.actor),
    action,
    target,
    reason,
    before,
    after,
  }
}

const joined = (db: Db) =>
  db
    .select({ version: configVersions, audit: auditEntries })
    .from(configVersions)
    .innerJoin(auditEntries, eq(auditEntries.id, configVersions.auditId))

/** Numbers go on from one epoch to the next, so they name one version each. */
const isVersion = (environmentId: number, version: number) =>
  and(eq(configVersions.environmentId, environmentId), eq(configVersions.version, version))

/** What an entry is about, alone or among others. */
const concerns = (target: string) =>
  or(
    eq(auditEntries.target, target),
    and(eq(auditEntries.action, 'changes.publish'), sql`${auditEntries.after}::jsonb ? ${target}`),
  )

/** The history of an environment, newest first; of one flag when it is named. */
export const listVersions = query({
  permission: 'flag:read',
  input: z.strictObject({ ...inEnvironment, flag: ref.optional(), ...paging }),
  run: async (db, input): Promise<Page<VersionView>> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const before = readCursor(input.cursor, number)
    const filter = and(
      eq(configVersions.environmentId, environment.id),
      input.flag === undefined ? undefined : concerns(`flag:${input.flag}`),
    )
    const [rows, [counted]] = await Promise.all([
      joined(db)
        .where(and(filter, before === null ? undefined : lt(configVersions.version, before)))
        .orderBy(desc(configVersions.version))
        .limit(input.limit + 1),
      db
        .select({ total: sql<number>`count(*)::int` })
        .from(configVersions)
        .innerJoin(auditEntries, eq(auditEntries.id, configVersions.auditId))
        .where(filter),
    ])
    const named = await namesOf(
      db,
      rows.map(({ audit }) => audit.actor),
    )
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      (row) => view(row, named),
      (row) => row.version.version,
    )
  },
})

const MOST_MARKS = 100 // on an axis

/** What was published of a flag in a range of time, oldest first; of more than a hundred, the newest. */
export async function versionsBetween(
  db: Db,
  environmentId: number,
  flag: string,
  { from, to }: { from: Date; to: Date },
): Promise<VersionView[]> {
  const rows = await joined(db)
    .where(
      and(
        eq(configVersions.environmentId, environmentId),
        gte(configVersions.createdAt, from),
        lt(configVersions.createdAt, to),
        concerns(`flag:${flag}`),
      ),
    )
    .orderBy(desc(configVersions.version))
    .limit(MOST_MARKS)
  const named = await namesOf(
    db,
    rows.map(({ audit }) => audit.actor),
  )
  return rows.reverse().map((row) => view(row, named))
}

/** One version with the whole config as it was then. */
export const getVersion = query({
  permission: 'flag:read',
  input: z.strictObject({ ...inEnvironment, version: numberInPath }),
  run: async (db, input) => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const [row] = await joined(db).where(isVersion(environment.id, input.version))
    if (!row) throw notFound('version', String(input.version), `environment "${input.environment}"`)
    const state = await stateAt(db, environment.id, row.version.epoch, input.version)
    const { flags, segments, killed } = state
    return { ...view(row, await namesOf(db, [row.audit.actor])), config: { flags, segments, killed } }
  },
})

const FRESH = sql`now() - interval '15 seconds'` // a node that lives refreshes its row every 5 s

type Receipt = typeof receipts.$inferSelect

const total = (nodes: readonly Receipt[], what: 'connected' | 'drained' | 'asked' | 'acked' | 'browsers') =>
  nodes.reduce((sum, node) => sum + node[what], 0)

/** How many connected SDKs hold a version, from what the delivery nodes have sent. */
export const getPropagation = query({
  permission: 'flag:read',
  input: z.strictObject({ ...inEnvironment, version: numberInPath }),
  run: async (db, input): Promise<PropagationView> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const [row] = await db.select().from(configVersions).where(isVersion(environment.id, input.version))
    if (!row) throw notFound('version', String(input.version), `environment "${input.environment}"`)
    const nodes = await db
      .select()
      .from(receipts)
      .where(and(eq(receipts.environmentId, environment.id), gt(receipts.at, FRESH)))
    const sent = nodes.filter(
      (node) => node.epoch > row.epoch || (node.epoch === row.epoch && node.version >= input.version),
    )
    const timed = nodes.filter((node) => node.version === input.version)
    const done = timed.length > 0 && timed.every((node) => node.elapsedMs !== null)
    return {
      id: configId(row),
      nodes: nodes.length,
      connected: total(nodes, 'connected'),
      reached: total(sent, 'drained'),
      asked: total(nodes, 'asked'),
      acked: total(sent, 'acked'),
      browsers: total(sent, 'browsers'),
      elapsedMs: done ? Math.max(...timed.map((node) => node.elapsedMs!)) : null,
    }
  },
})

function targetingIn(key: string, flag: WireFlag, now: Targeting): Targeting {
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = fromWire(key, flag)
  return {
    on,
    offVariant,
    prerequisites: [...prerequisites],
    targets: [...targets],
    rules: restoredRules(rules, now.rules),
    fallthrough,
  }
}

/** What has to change so that flags do again what they did in a version. */
function changesTo(then: ConfigState, rows: readonly LockedTargeting[]) {
  return rows.flatMap((row) => {
    const before = targetingOf(row.targeting)
    const after = targetingIn(row.flag.key, then.flags[row.flag.key]!, before)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ row, key: row.flag.key, before, after }]
  })
}

/**
 * Makes the targeting of an older version current again, as a new version. Kills stay as they are. All that was named
 * is restored or nothing; without names, flags that are archived by now stay so, and the answer says which.
 */
export const restoreVersion = mutation({
  permission: 'flag:publish',
  input: z.strictObject({
    ...inEnvironment,
    version: number,
    flags: z.array(ref).min(1).max(200).optional(),
    comment: text.optional(),
  }),
  touches: ({ project, environment }) => ({ project, environments: [environment] }),
  run: async (tx, { version, environment, ...input }, { locked }) => {
    const { environmentId } = locked.heads[0]!
    const [wanted] = await tx.select().from(configVersions).where(isVersion(environmentId, version))
    if (!wanted) throw notFound('version', String(version), `environment "${environment}"`)
    const then = await stateAt(tx, environmentId, wanted.epoch, version)
    const rows = (await lockedTargetings(tx, locked, environmentId, input.flags)).filter(({ flag }) =>
      Object.hasOwn(then.flags, flag.key),
    )
    const active = rows.filter(({ flag }) => flag.archivedAt === null)
    const missing = input.flags?.filter((key) => !active.some(({ flag }) => flag.key === key)) ?? []
    if (missing.length > 0)
      throw conflict(
        `not in version ${version}, or archived since: ${missing.map((key) => `"${key}"`).join(', ')}`,
        { flags: missing },
      )

    const changes = changesTo(then, active)
    await Promise.all(changes.map(({ row, after }) => writeTargeting(tx, row, after)))
    const needed = changes.flatMap(({ after }) => after.prerequisites.map(({ flag }) => flag))
    const world = await loadWorld(tx, locked.project.id, environmentId, needed)
    const problems = changes.flatMap(({ row: { flag }, key, after }) => {
      const { variants, browser } = flag
      return refusal({ ...after, key, variants, browser }, world, `flags.${key}.`)?.message ?? []
    })
    if (problems.length > 0)
      throw conflict(`version ${version} no longer fits: ${problems.join('; ')}`, { problems })

    const restored = changes.map(({ key }) => key)
    const skipped = rows.filter(({ flag }) => flag.archivedAt !== null).map(({ flag }) => flag.key)
    if (restored.length === 0) return { ...NO_CHANGE, result: { restored, skipped } }
    const side = (which: 'before' | 'after') => Object.fromEntries(changes.map((c) => [c.key, c[which]]))
    return {
      result: { restored, skipped },
      audit: {
        action: 'version.restore',
        target: input.flags?.length === 1 ? `flag:${input.flags[0]}` : `version:${version}`,
        projectId: locked.project.id,
        environment,
        before: side('before'),
        after: side('after'),
        reason: input.comment || `restore version ${version}`,
      },
      publish: [{ environmentId, flags: changes.map(({ row }) => row.flag.id) }],
    }
  },
})
