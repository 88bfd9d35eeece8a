import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { env } from '@/lib/env'
import * as schema from './schema'

export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/**
 * Editors queue for a publish while holding a connection, so they have a pool of their own: reads, credentials and the
 * kill switch never wait for it.
 */
const pools = { read: 8, edit: 8, kill: 2, delivery: 4 } as const

export type Pool = keyof typeof pools

/**
 * Connection options for a URL. `?host=/directory` names a unix socket, as libpq has it.
 *
 * @example connect('postgres://app@localhost/jackstaff?host=/var/run/postgresql', { max: 2 })
 */
export function connect(url: string, options: postgres.Options<Record<string, never>>) {
  const parsed = new URL(url)
  const socket = parsed.searchParams.get('host')
  parsed.searchParams.delete('host')
  return postgres(parsed.toString(), {
    connect_timeout: 5,
    keep_alive: 3,
    onnotice: () => {},
    ...options,
    ...(socket ? { host: socket } : {}),
  })
}

type Held = { sql: ReturnType<typeof connect>; db: Db }

// Next bundles this module apart from the entry: one process, one set of pools.
const shared = globalThis as { jackstaffPools?: Partial<Record<Pool, Held>> }
shared.jackstaffPools ??= {}
const held = shared.jackstaffPools

function open(pool: Pool): Held {
  if (!env.databaseUrl) throw new Error('DATABASE_URL is not set: start with `npm start`, or name a server')
  const sql = connect(env.databaseUrl, {
    max: pools[pool],
    connection: { application_name: `jackstaff-${pool}`, statement_timeout: 10_000 },
  })
  return { sql, db: drizzle(sql, { schema, casing: 'snake_case' }) }
}

function pool(name: Pool): Held {
  held[name] ??= open(name)
  return held[name]
}

export const db = (name: Pool = 'read'): Db => pool(name).db

/** The driver itself, for LISTEN and hand-written reads. */
export const sql = (name: Pool = 'read') => pool(name).sql

export async function closeDatabase(): Promise<void> {
  const open = Object.keys(held) as Pool[]
  await Promise.all(open.map((name) => held[name]?.sql.end({ timeout: 2 })))
  for (const name of open) delete held[name]
}
