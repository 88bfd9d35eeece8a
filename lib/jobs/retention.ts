import { type SQL, sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

// What may be forgotten, and when: docs/backup.md. No version and no audit entry is: the chains hang on them.

const EVERY_MS = 60 * 60_000
const SPREAD_MS = 10 * 60_000 // nodes that start together do not look together
const ROWS = 2_000 // a statement: it ends long before the time limit of statements
const STATEMENTS = 500 // an hour: what is left comes with the next
/** Of snapshots, one among this many versions stays: so many are replayed at most to show an old state. */
export const THINNED_TO = 1_024

type Limits = { rows?: number; statements?: number }

const days = (count: number) => sql`now() - make_interval(days => ${count})`

/** Rows are named by their place, so that any number of nodes can forget at once: each passes over those of others. */
const forget = (table: SQL, where: SQL, rows: number) =>
  sql`delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${where} limit ${rows} for update skip locked))`

/** A snapshot repeats what the versions say. Those that a start or an edit reads stay, and the first of each epoch. */
const thin = (rows: number) => sql`
  update config_version v set snapshot = null where v.ctid = any(array(
    select old.ctid from config_version old join env_head h on h.environment_id = old.environment_id
    where old.snapshot is not null and old.version % ${THINNED_TO} <> 0
      and old.created_at < ${days(env.keepSnapshotsDays)} and old.version < h.version - ${THINNED_TO}
      and exists (
        select 1 from config_version before where before.environment_id = old.environment_id
          and before.epoch = old.epoch and before.version < old.version and before.snapshot is not null)
    limit ${rows} for update of old skip locked))`

const statements = (): Record<string, (rows: number) => SQL> => ({
  evaluations: (rows) => forget(sql`evaluation_count`, sql`minute < ${days(env.keepTelemetryDays)}`, rows),
  events: (rows) => forget(sql`tracked_event`, sql`minute < ${days(env.keepTelemetryDays)}`, rows),
  answers: (rows) => forget(sql`idempotency`, sql`created_at < ${days(1)}`, rows),
  receipts: (rows) => forget(sql`receipt`, sql`at < ${days(1)}`, rows), // a node that lives renews its own every 5 s
  snapshots: thin,
})

/** Forgets what is old enough, in bounded statements. Answers with how many rows, of each kind that had any. */
export async function forgetOld({ rows = ROWS, statements: most = STATEMENTS }: Limits = {}) {
  const forgotten: Record<string, number> = {}
  for (const [kind, statement] of Object.entries(statements()))
    for (let left = most; left > 0; left--) {
      const { count } = await db('jobs').execute(statement(rows))
      if (count > 0) forgotten[kind] = (forgotten[kind] ?? 0) + count
      if (count < rows) break
    }
  return forgotten
}

/**
 * Forgets once an hour, beginning some minutes after the start.
 *
 * @returns how to stop, once what is under way is done
 */
export function startRetention(): () => Promise<void> {
  let working: Promise<void> | null = null
  let timer = setTimeout(work, Math.random() * SPREAD_MS)
  function work() {
    working = forgetOld()
      .then((forgotten) => {
        if (Object.keys(forgotten).length > 0) log.info({ forgotten }, 'old rows are forgotten')
      })
      .catch((err) => log.warn({ err }, 'old rows are not forgotten yet: the database does not answer'))
    timer = setTimeout(work, EVERY_MS)
    timer.unref()
  }
  timer.unref()
  return async () => {
    clearTimeout(timer)
    await working
  }
}
