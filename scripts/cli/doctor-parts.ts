import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { migrationsIn } from '@/db/migrate'
import { chained, entryHash } from '@/lib/control/audit-chain'
import { closeRedis, redis } from '@/lib/redis/redis'
import { type Finding, good, skipped, wrong } from './finding'
import { MIGRATIONS } from './installation'

const OLDEST_POSTGRES = 150_000
const FULL = 0.8
const ODD_CLOCK_MS = 2_000

type Server = { number: number; version: string; used: number; most: number; replica: boolean }

export async function checkDatabase(): Promise<Finding> {
  const [server] = await db().execute<Server>(sql`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
      current_setting('max_connections')::int as most, pg_is_in_recovery() as replica`)
  const { number, version, used, most, replica } = server!
  if (number < OLDEST_POSTGRES) return wrong(`Postgres ${version}: use 15 or newer`)
  if (replica) return wrong('this is a replica, which takes no changes: name the primary in DATABASE_URL')
  const [tables] = await db().execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  )
  if (!tables!.there) return wrong('it has no tables yet: run `jackstaff migrate`, or start Jackstaff')
  const [last] = await db().execute<{ at: string }>(
    sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`,
  )
  const newest = migrationsIn(MIGRATIONS).at(-1)!
  if (Number(last!.at) < newest.when)
    return wrong('its schema is of an older release: run `jackstaff migrate`')
  if (used > most * FULL)
    return wrong(
      `${used} of ${most} connections are taken: raise max_connections; an edge needs 5, the dashboard 24`,
    )
  const newer = Number(last!.at) > newest.when ? '; its schema is of a later release' : ''
  return good(`Postgres ${version}, ${used} of ${most} connections taken${newer}`)
}

export async function checkClock(): Promise<Finding> {
  const asked = Date.now()
  const [row] = await db().execute<{ now: string }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::text as now`,
  )
  const off = Math.round(Number(row!.now) - (asked + Date.now()) / 2)
  if (Math.abs(off) > ODD_CLOCK_MS)
    return wrong(
      `this host is ${Math.abs(off)} ms ${off > 0 ? 'behind' : 'ahead of'} Postgres: nothing decides by it, but logs and sign-in codes do; run NTP on both`,
    )
  return good(`within ${Math.max(Math.abs(off), 1)} ms of that of Postgres, which decides`)
}

/** Each entry of a chain was hashed with a key that comes of the secret. */
export async function checkSecret(): Promise<Finding> {
  const [head] = await db().execute<{ chain: number }>(
    sql`select chain from audit_head where seq > 0 order by chain limit 1`,
  )
  if (!head) return skipped('the database holds nothing yet that was made with it')
  for await (const entry of chained(db(), head.chain)) {
    if (entry.prevHash !== null && entry.hash === entryHash(entry.prevHash, entry))
      return good('JACKSTAFF_SECRET is the one that this database was written with')
    return wrong(
      'JACKSTAFF_SECRET is not the one that this database was written with: no key or token works; set the former one',
    )
  }
  return wrong('a chain of audit entries is empty, and its head is not: run `jackstaff verify audit`')
}

export async function checkRedis(): Promise<Finding> {
  const asked = redis()
  if (asked === null) return skipped('none is named, and none is needed')
  try {
    const client = await asked
    const key = `jackstaff:doctor:${randomUUID()}`
    await client.run(`return redis.call('SET', KEYS[1], '1', 'EX', 5)`, [key], [])
    const kept = await client.get(key)
    return kept === '1'
      ? good('takes and gives back')
      : wrong('it does not give back what it took: name a primary')
  } catch (error) {
    const said = (error as Error).message
    return wrong(`does not answer (${said}). Flags go on without it, up to 250 ms later; check REDIS_URL`)
  } finally {
    await closeRedis()
  }
}
