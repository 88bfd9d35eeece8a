import { connect as open, type Socket } from 'node:net'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { env } from '@/lib/env'
import { endWithConnection } from './lost-connection'
import * as schema from './schema'

export type Db = PostgresJsDatabase<typeof schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/**
 * Editors queue for a publish while holding a connection, so they have a pool of their own: reads, credentials and the
 * kill switch never wait for it.
 */
const pools = { read: 8, edit: 8, kill: 2, delivery: 4, jobs: 2 } as const

export type Pool = keyof typeof pools

const LONGEST_SILENCE_MS = 5_000 // no request waits longer than this for an answer
const LONGEST_STATEMENT_MS = 4_500 // the server gives up first, and says why
const LONGEST_BACKOFF_S = 1 // everyone is up to date again within 5 s of the database's return

type Address = { path: string | false; host: string[]; port: number[] }

/**
 * A socket that hangs up when it has heard nothing for too long: the driver itself would wait for ever behind a cut
 * cable. One that is merely idle goes too, and is opened again when it is needed; so LISTEN is renewed as well.
 */
function impatientSocket({ path, host: [host], port: [port] }: Address): Socket {
  const socket = path ? open(path) : open(port!, host!)
  // The driver drops all listeners when it starts TLS: this one comes after that.
  setImmediate(() => socket.setTimeout(LONGEST_SILENCE_MS, () => socket.destroy()))
  return Object.assign(socket, { host, port }) // what the driver checks a certificate against
}

/**
 * Connection options for a URL. `?host=/directory` names a unix socket, as libpq has it.
 *
 * @example connect('postgres://app@localhost/jackstaff?host=/var/run/postgresql', { max: 2 })
 */
export function connect(url: string, options: postgres.Options<Record<string, never>>) {
  const parsed = new URL(url)
  const socket = parsed.searchParams.get('host')
  parsed.searchParams.delete('host')
  const sql = postgres(parsed.toString(), {
    connect_timeout: 4,
    keep_alive: 3,
    backoff: (retries) => Math.min(0.05 * 2 ** retries, LONGEST_BACKOFF_S),
    onnotice: () => {},
    ...options,
    ...(socket ? { host: socket } : {}),
  })
  return endWithConnection(sql)
}

type Held = { sql: ReturnType<typeof connect>; db: Db }

// Next bundles this module apart from the entry: one process, one set of pools.
const shared = globalThis as { jackstaffPools?: Partial<Record<Pool, Held>> }
shared.jackstaffPools ??= {}
const held = shared.jackstaffPools

function openPool(pool: Pool): Held {
  if (!env.databaseUrl) throw new Error('DATABASE_URL is not set: start with `npm start`, or name a server')
  const sql = connect(env.databaseUrl, {
    max: pools[pool],
    socket: impatientSocket,
    connection: {
      application_name: `jackstaff-${pool}`,
      statement_timeout: LONGEST_STATEMENT_MS,
      // Locks of a process that vanished behind a cut cable must not outlive it.
      idle_in_transaction_session_timeout: LONGEST_SILENCE_MS,
    },
  } as postgres.Options<Record<string, never>>)
  return { sql, db: drizzle(sql, { schema, casing: 'snake_case' }) }
}

function pool(name: Pool): Held {
  held[name] ??= openPool(name)
  return held[name]
}

export const db = (name: Pool = 'read'): Db => pool(name).db

/** The driver itself, for LISTEN and hand-written reads. */
export const sql = (name: Pool = 'read') => pool(name).sql

export async function closeDatabase(): Promise<void> {
  const open = Object.keys(held) as Pool[]
  await Promise.all(open.map((name) => held[name]?.sql.end({ timeout: 1 })))
  for (const name of open) delete held[name]
}
