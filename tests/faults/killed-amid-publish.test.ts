import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type Pool } from '@/db/client'
import { freshDatabase, type TestDatabase } from '../support/database'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { follow } from '../support/follow'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { isWhole } from '../support/long-form'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'
import { type TappedPostgres, tapPostgres } from '../support/tapped-postgres'

// Whatever a node has told its database when it is killed, the change is there wholly or not at all, and a node that
// lives on delivers it.

const LONG = isWhole // before and after each message, a quarter of an hour
const MESSAGES = LONG ? 'PBDCQEHS' : 'QE' // else at those that Postgres acts on
const BEYOND = 8 // more messages than were counted: a connection may have to prepare more than another
const LAG_MS = 400 // a look every 250 ms, 50 ms of joining, and the machine

let database: TestDatabase
let tap: TappedPostgres
let jackstaff: Jackstaff
let edge: Edge
let stream: Stream
let serverKey: string
let sql: ReturnType<typeof connect>

beforeAll(async () => {
  database = await freshDatabase()
  sql = connect(database.url, { max: 1 })
  tap = await tapPostgres(database.url)
  jackstaff = await startJackstaff({ DATABASE_URL: tap.url })
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff, { DATABASE_URL: database.url })
  stream = await openStream(edge.url, serverKey)
  await stream.next('put')
})
afterAll(async () => {
  stream?.close()
  await edge?.program.end()
  await jackstaff?.stop()
  tap?.close()
  await sql?.end()
  await database?.drop()
})

type Answer = Awaited<ReturnType<Jackstaff['api']>>
type Change = {
  pool: Pool
  every: number
  make(marker: string, number: number): Promise<Answer>
  /** Whether the state is as the change makes it. */
  holds(number: number): Promise<boolean>
  undo(): Promise<unknown>
}

const first = async <T>(rows: Promise<T[]> | PromiseLike<T[]>) => (await rows)[0]!

const kill: Change = {
  pool: 'kill',
  every: LONG ? 1 : 3,
  make: (reason) => jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason }),
  async holds() {
    const { kills, killed } = await first(sql`
      select (select count(*)::int from kill) as kills,
        (select json_array_length(h.killed) from env_head h join environment e on e.id = h.environment_id
          where e.key = 'production') as killed`)
    expect(kills).toBe(killed)
    return kills === 1
  },
  async undo() {
    const { body } = await jackstaff.api('GET', `${PRODUCTION}/kill`)
    return jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${body.id}"` })
  },
}

const edit: Change = {
  pool: 'edit',
  every: LONG ? 1 : 8,
  async make(comment, number) {
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    return jackstaff.api(
      'PUT',
      PRODUCTION,
      { ...share(number / 10), comment },
      { 'if-match': headers.get('etag')! },
    )
  },
  async holds(number) {
    const { set, compiled } = await first(sql`
      select (t.fallthrough -> 'rollout' ->> 'share')::int as set, t.compiled
      from targeting t join environment e on e.id = t.environment_id where e.key = 'production'`)
    expect(compiled.includes(`"share":${set}`) || set === null).toBe(true)
    return set === number * 100
  },
  undo: async () => {},
}

/** What the log says of a change, once nobody works on it any more; `version` is null where it is not there. */
async function logged(pool: Pool, marker: string): Promise<{ entries: number; version: string | null }> {
  await until('the connection of the killed to be given up', async () => {
    const { open } = await first(sql`
      select count(*)::int as open from pg_stat_activity
      where datname = current_database() and application_name = ${`jackstaff-${pool}`}`)
    return open === 0
  })
  return first(sql<{ entries: number; version: string | null }[]>`
    select count(a.id)::int as entries,
      min(v.epoch || '.' || v.version || '.' || left(v.hash, 8)) as version
    from audit a left join config_version v on v.audit_id = a.id where a.reason = ${marker}`)
}

async function head(): Promise<string> {
  const { id } = await first(sql<{ id: string }[]>`
    select h.epoch || '.' || h.version || '.' || left(h.hash, 8) as id
    from env_head h join environment e on e.id = h.environment_id where e.key = 'production'`)
  return id
}

const servedBy = async (url: string) => {
  const { body } = await raw(`${url}/config`, { headers: bearer(serverKey) })
  return JSON.parse(body.toString('utf8')).id as string
}

let serial = 0 // no two changes are alike: one that changes nothing is not published

const count = (change: Change) =>
  tap.arm({ pool: change.pool, message: 0, when: 'before', types: MESSAGES, act: () => {} })

/**
 * One change by a process that is killed at a message; answers whether it was kept, and how late it was streamed. Null
 * where the change was done before it sent so many.
 */
async function struck(change: Change, message: number, when: 'before' | 'after') {
  const number = ++serial
  const marker = `${change.pool} ${when} ${message}, ${number}`
  let dead: Promise<number> | undefined
  const act = () => {
    dead = jackstaff.program.end('SIGKILL')
  }
  tap.arm({ pool: change.pool, message, when, types: MESSAGES, act })
  const answer = await change.make(marker, number).catch(() => null)
  if (answer?.status === 200 && !dead) {
    count(change)
    await change.undo()
    return null
  }
  await until('the process to be killed', () => dead)
  await dead
  const began = jackstaff.startAgain()
  const { entries, version } = await logged(change.pool, marker)
  expect(answer, marker).toBeNull()
  expect([entries, version !== null, await change.holds(number)], marker).toEqual(
    entries === 0 ? [0, false, false] : [1, true, true],
  )
  let lag = 0
  if (version) {
    const frame = await until('the edge to stream it', () => stream.frames.find(({ id }) => id === version))
    lag = frame.at - tap.committedAt()
  }
  await began
  const now = await head()
  await until('both nodes to serve it', async () => (await servedBy(edge.url)) === now)
  expect(await servedBy(jackstaff.url)).toBe(now)
  if (version) {
    await change.undo()
    await until('the stream to follow', async () => follow(stream.frames).id === (await head()))
  }
  return { kept: version !== null, lag }
}

/** A process whose connections have prepared nothing yet: each change then sends the same messages. */
async function afresh(): Promise<void> {
  await jackstaff.program.end('SIGKILL')
  await jackstaff.startAgain()
}

describe.each([
  ['a kill', kill],
  ['an edit', edit],
])('a node that is killed at each step of a publish: %s', (name, change) => {
  it(
    'has made the change wholly or not at all, and another node delivers it',
    async () => {
      const counts: number[] = []
      for (const number of [998, 999]) {
        await afresh()
        count(change)
        expect((await change.make('undisturbed', number)).status).toBe(200)
        counts.push(tap.counted())
        await change.undo()
      }
      const last = Math.min(...counts) // the process may do something of its own beside one of them
      await afresh()

      const steps = Array.from({ length: LONG ? last + BEYOND : last }, (_, i) => i + 1)
      const chosen = steps.filter((n) => n % change.every === 0 || n >= last - 1)
      const strikes = chosen.flatMap((n) =>
        (LONG || n === last ? (['before', 'after'] as const) : ['before' as const]).map(
          (when) => [n, when] as const,
        ),
      )
      let unreached = 0
      const kept: string[] = []
      const lags: number[] = []
      for (const [n, when] of strikes) {
        const found = await struck(change, n, when)
        if (!found) {
          unreached++
          continue
        }
        if (found.kept) kept.push(`${when} ${n}`)
        if (found.kept) lags.push(Math.round(found.lag))
      }
      console.log(
        `${name} of ${last} messages, killed at ${strikes.length - unreached} places: ${kept.length} kept whole (${kept}), ` +
          `the others absent; streamed by another node ${lags} ms after the COMMIT`,
      )
      if (LONG)
        expect([kept.length > 0, unreached > 0], 'everything was seen, to its end').toEqual([true, true])
      else expect(kept).toEqual([`after ${last}`]) // nothing before COMMIT is passed on
      figure('node-failpoints', `changes half made, of ${strikes.length - unreached} places in ${name}`, 0)
      figure('postgres-cut', `until another node streams ${name} that was committed`, Math.max(...lags), 'ms')
      expect(Math.max(...lags)).toBeLessThan(LAG_MS)
      // Each patch follows the one before it: a gap throws. What was undone last may still be on its way.
      await until('the stream to follow', async () => follow(stream.frames).id === (await head()))
      expect(await verifyHistory(database.url)).toBeGreaterThan(3)
    },
    LONG ? 3_600_000 : 120_000,
  )
})
