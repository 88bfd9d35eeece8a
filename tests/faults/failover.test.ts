import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { compareIds, parseId } from '@/lib/evaluation'
import { type Cable, layCable } from '../support/cable'
import { figure } from '../support/figure'
import { type Follower, followStream } from '../support/follower'
import { judged, SOUND } from '../support/history'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres'
import { until } from '../support/process'
import { type Replica, startReplica } from '../support/replica'

// The machine of Postgres is gone amid writes, and a replica takes over at its address.

const READERS = inForm(10, 200)
const SECRET = 'the-same-for-both-since-it-is-kept-in-this-process'
const WRITES = inForm(20, 500) // acknowledged before the machine is gone
const CONVERGED_MS = 5_000

describe.each([
  ['synchronous', true],
  ['asynchronous, and lagged', false],
])('a failover to a replica that was %s', (how, synchronous) => {
  let primary: OwnPostgres
  let replica: Replica
  let cable: Cable
  let jackstaff: Jackstaff
  let followers: Follower[] = []

  beforeAll(async () => {
    primary = await startOwnPostgres()
    cable = await layCable(primary.url)
    jackstaff = await startJackstaff({ DATABASE_URL: cable.url, JACKSTAFF_SECRET: SECRET })
    const { serverKey } = await seedShop(jackstaff)
    replica = await startReplica(primary, { synchronous })
    followers = Array.from({ length: READERS }, () => followStream(jackstaff.url, serverKey))
    await until('all streams', () => followers.every((follower) => follower.id() !== undefined))
  }, 120_000)
  afterAll(async () => {
    for (const follower of followers) follower.close()
    await jackstaff?.stop()
    cable?.close()
    await replica?.remove()
    await primary?.remove()
  })

  let percent = 0
  /** The id of an edit that was acknowledged; null where it was not. */
  async function publish(): Promise<string | null> {
    const { status, headers } = await jackstaff.api('GET', PRODUCTION)
    if (status !== 200) return null
    const tag = { 'if-match': headers.get('etag')! }
    percent = (percent % 99) + 0.5
    const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), tag)
    return answer.status === 200
      ? answer.headers.get('x-jackstaff-version')!.replace('production=', '')
      : null
  }
  async function head(): Promise<string> {
    const sql = connect(replica.url, { max: 1 })
    const [row] = await sql<{ id: string }[]>`
      select h.epoch || '.' || h.version || '.' || left(h.hash, 8) as id
      from env_head h join environment e on e.id = h.environment_id where e.key = 'production'`
    await sql.end()
    return row!.id
  }
  const everyone = (id: string) =>
    until(
      `everyone to hold ${id} or what came after`,
      () => followers.every((follower) => compareIds(follower.id()!, id) >= 0),
      30_000,
    )

  it('loses nothing that it had, and everyone follows', async () => {
    const [before, after]: [string[], string[]] = [[], []]
    while (before.length < WRITES / 2) before.push((await publish())!)
    if (!synchronous) await replica.fallBehind()
    let gone = false
    const writing = (async () => {
      while (!gone) {
        const id = await publish()
        if (id) after.push(id)
      }
    })()
    await until('writes in flight', () => after.length >= WRITES / 2, 60_000)
    if (!synchronous) await everyone(after.at(-1)!)
    await primary.crash()
    const since = performance.now()
    gone = true
    await writing
    await replica.promote()
    cable.reroute(replica.url)
    const taken = performance.now()
    const next = await until('a write to be acknowledged', publish, 30_000)
    const written = performance.now() - taken
    await until(
      'everyone to follow the new history',
      async () => {
        const id = await head()
        if (followers.every((follower) => follower.id() === id)) return true
        // The new epoch is told without an id: to come and fetch it. These readers only listen, and hear of what follows.
        await sleep(300)
        await publish()
      },
      30_000,
    )
    const converged = performance.now() - taken

    const had = synchronous ? [...before, ...after, next] : [...before, next]
    const verdict = await judged(
      { databaseUrl: replica.url, env: jackstaff.env },
      { acknowledged: had, followers },
    )
    const epochs = parseId(followers[0]!.id()!)!.epoch - parseId(before[0]!)!.epoch
    console.log(
      `${how}: ${before.length + after.length} writes before the machine was gone, a replica took over ${Math.round(taken - since)} ms later: ` +
        `${verdict.lost.length} lost of what it had, ${epochs} new epoch; a write after ${Math.round(written)} ms, everyone followed after ${Math.round(converged)} ms`,
    )
    figure(
      'postgres-failover',
      `${how}: writes lost of ${had.length} that the replica had`,
      verdict.lost.length,
    )
    figure('postgres-failover', `${how}: new epochs`, epochs)
    figure('postgres-failover', `${how}: until everyone follows the replica`, converged, 'ms')
    figure('S2', `steps back of ${READERS} readers over a failover, ${how}`, verdict.back.length)
    expect(epochs).toBe(synchronous ? 0 : 1)
    expect(converged).toBeLessThan(CONVERGED_MS)
    // A new epoch is told as a whole.
    expect(verdict).toEqual(synchronous ? SOUND : { ...SOUND, missed: verdict.missed })
  }, 180_000)
})
