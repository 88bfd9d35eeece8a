import { and, asc, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { evaluationCounts } from '@/db/usage'
import { databaseTime } from './clock'
import { findEnvironment } from './environments'
import { findFlag } from './flags'
import { query } from './operation'
import { ref } from './schemas'
import { versionsBetween } from './versions'
import type { InsightsView } from './views'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How far back, and in steps of what: 60 to 120 points. */
const ranges = {
  hour: { length: HOUR, step: MINUTE },
  day: { length: DAY, step: 15 * MINUTE },
  week: { length: 7 * DAY, step: 2 * HOUR },
  month: { length: 30 * DAY, step: 6 * HOUR },
} as const

export type InsightsRange = keyof typeof ranges

const MOST = 50 // rows of a table

const { environmentId, flag, minute, variant, reason, errorCode, browser, client, count, toldAt } =
  evaluationCounts
const summed = sql<number>`sum(${count})::float8`
const failed = sql<number>`coalesce(sum(${count}) filter (where ${reason} = 'ERROR'), 0)::float8`

function pointsOf(db: Db, within: SQL, step: number, variants: readonly string[]) {
  const at = sql<number>`(floor(extract(epoch from ${minute}) * 1000 / ${step}::float8) * ${step}::float8)::float8`
  const known = sql`${variant} = '' or ${variant} in (${sql.join(
    variants.map((name) => sql`${name}`),
    sql`, `,
  )})`
  return db
    .select({ at: at.as('at'), variant, count: summed })
    .from(evaluationCounts)
    .where(sql`${within} and (${known})`)
    .groupBy(sql`1`, variant)
    .orderBy(sql`1`)
}

function reasonsOf(db: Db, within: SQL) {
  return db
    .select({ reason, errorCode, count: summed })
    .from(evaluationCounts)
    .where(within)
    .groupBy(reason, errorCode)
    .orderBy(desc(summed))
    .limit(MOST)
}

function clientsOf(db: Db, within: SQL) {
  const at = sql<string>`max(coalesce(${toldAt}, ${minute}))`
  return db
    .select({ client, browser, count: summed, errors: failed, at })
    .from(evaluationCounts)
    .where(within)
    .groupBy(client, browser)
    .orderBy(desc(summed))
    .limit(MOST)
}

async function totalsOf(db: Db, within: SQL) {
  const [row] = await db
    .select({
      total: sql<number>`coalesce(sum(${count}), 0)::float8`,
      defaults: sql<number>`coalesce(sum(${count}) filter (where ${variant} = ''), 0)::float8`,
      errors: failed,
    })
    .from(evaluationCounts)
    .where(within)
  return row!
}

/** The two ends of what there is of a flag: one look at an index each. */
async function endsOf(db: Db, ofFlag: SQL): Promise<{ firstAt: string | null; lastAt: string | null }> {
  const end = async (order: SQL) => {
    const [row] = await db.select({ minute }).from(evaluationCounts).where(ofFlag).orderBy(order).limit(1)
    return row?.minute?.toISOString() ?? null
  }
  const [firstAt, lastAt] = await Promise.all([end(asc(minute)), end(desc(minute))])
  return { firstAt, lastAt }
}

/** How a flag was evaluated in one environment, added up, with what was published meanwhile. */
export const getInsights = query({
  permission: 'flag:read',
  input: z.strictObject({
    project: ref,
    environment: ref,
    flag: ref,
    range: z.enum(Object.keys(ranges) as [InsightsRange, ...InsightsRange[]]).default('day'),
  }),
  run: async (db, input): Promise<InsightsView> => {
    const { environment } = await findEnvironment(db, input.project, input.environment)
    const { key, variants } = await findFlag(db, input.project, input.flag)
    const { length, step } = ranges[input.range]
    const to = new Date((Math.floor((await databaseTime(db)) / step) + 1) * step)
    const from = new Date(to.getTime() - length)
    const ofFlag = and(eq(environmentId, environment.id), eq(flag, key))!
    const within = and(ofFlag, gte(minute, from), lt(minute, to))!
    const [points, totals, reasons, clients, ends, changes] = await Promise.all([
      pointsOf(db, within, step, Object.keys(variants)),
      totalsOf(db, within),
      reasonsOf(db, within),
      clientsOf(db, within),
      endsOf(db, ofFlag),
      versionsBetween(db, environment.id, key, { from, to }),
    ])
    return {
      ...totals,
      ...ends,
      from: from.toISOString(),
      to: to.toISOString(),
      step,
      points: points.map((point) => ({
        at: new Date(point.at).toISOString(),
        variant: point.variant || null,
        count: point.count,
      })),
      gone: totals.total - points.reduce((sum, point) => sum + point.count, 0),
      reasons: reasons.map((row) => ({ ...row, errorCode: row.errorCode || null })),
      clients: clients.map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
      changes,
    }
  },
})
