import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { follow } from '../support/follow'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

// Nodes whose clocks are wrong, on one database. What a time decides, it decides by the clock of Postgres, everywhere.

const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const LIBRARY = `/usr/lib/${MACHINE}-linux-gnu/faketime/libfaketime.so.1` // Debian's libfaketime
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const skews = { right: 0, ahead: HOUR, behind: -24 * HOUR }
type Name = keyof typeof skews
const names = Object.keys(skews) as Name[]
const KEYS = '/projects/shop/environments/production/keys'

let jackstaff: Jackstaff
let serverKey: string
const edges = {} as Record<Name, Edge>
const streams = {} as Record<Name, Stream>

/** The machine's own clocks go on as ever: only the time of day is another one. */
const faketime = (ms: number) => ({
  LD_PRELOAD: LIBRARY,
  FAKETIME: `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1_000}`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
})

beforeAll(async () => {
  if (!existsSync(LIBRARY)) throw new Error(`${LIBRARY} is missing: apt-get install libfaketime`)
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  for (const name of names) {
    edges[name] = await startEdge(jackstaff, skews[name] === 0 ? {} : faketime(skews[name]))
    streams[name] = await openStream(edges[name].url, serverKey)
  }
})
afterAll(async () => {
  for (const name of names) streams[name]?.close()
  for (const name of names) await edges[name]?.program.end()
  await jackstaff?.stop()
})

const config = (name: Name, key = serverKey) => raw(`${edges[name].url}/config`, { headers: bearer(key) })

async function keyUntil(ms: number): Promise<string> {
  const expiresAt = new Date(Date.now() + ms).toISOString()
  const { body } = await jackstaff.api('POST', KEYS, {
    kind: 'server',
    name: `until ${expiresAt}`,
    expiresAt,
  })
  return body.key
}

describe.each(names)('a node whose clock is %s', (name) => {
  it('does have that clock', async () => {
    const { headers } = await config(name)
    expect(Math.abs(Date.parse(headers.date!) - Date.now() - skews[name])).toBeLessThan(10_000)
  })

  it('tells clients the time of Postgres, by which they decide', async () => {
    const { data } = await streams[name].next('hello')
    expect(Math.abs(data.time - Date.now())).toBeLessThan(60_000)
  })
})

describe('nodes whose clocks differ by a day', () => {
  it('stream each kill at once, and hold the same', async () => {
    const lags: Record<Name, number[]> = { right: [], ahead: [], behind: [] }
    for (let i = 0; i < 5; i++) {
      const began = performance.now()
      const { body } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
      for (const name of names) {
        const { frames } = streams[name]
        const frame = await until(`the kill at ${name}`, () => frames.find(({ data }) => data.to === body.id))
        lags[name].push(Math.round(frame.at - began))
      }
      await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${body.id}"` })
    }
    console.log(`kills were streamed after ${names.map((name) => `${name} ${lags[name]}`).join(', ')} ms`)
    const slowest = Math.max(...names.flatMap((name) => lags[name]))
    figure('clock-skew', 'until a kill is streamed by nodes a day apart, slowest', slowest, 'ms')
    expect(slowest).toBeLessThan(1_000)
    const same = (held: unknown[]) => new Set(held).size === 1
    await until('all to hold the same', async () =>
      same(await Promise.all(names.map(async (name) => (await config(name)).headers.etag))),
    )
    await until('all to stream the same', () => same(names.map((name) => follow(streams[name].frames).id)))
  })

  it('say truly how long a change took to reach everyone', async () => {
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
    const sql = connect(jackstaff.databaseUrl, { max: 1 })
    const rows = await until('all receipts', async () => {
      const rows = await sql<{ ms: number }[]>`
        select r.elapsed_ms as ms from receipt r join env_head h on h.environment_id = r.environment_id
        where r.version = h.version and r.connected > 0 and r.elapsed_ms is not null
          and abs(extract(epoch from clock_timestamp() - r.at)) < 15`
      return rows.length === names.length && rows
    })
    await sql.end()
    const taken = rows.map(({ ms }) => ms).sort((a, b) => a - b)
    console.log(`three nodes say that a change reached everyone within ${taken} ms`)
    expect(taken.at(-1)).toBeLessThan(2_000)
    expect(taken.at(0)).toBeGreaterThan(0) // nothing is heard of before it is committed
  })

  it('decide alike what depends on the time', async () => {
    await jackstaff.api('POST', '/projects/shop/flags', { key: 'recent', name: 'Recent', type: 'boolean' })
    const path = '/projects/shop/flags/recent/environments/production'
    const rule = {
      id: 'r',
      when: { attribute: 'seen', op: 'within_last', values: ['30m'] },
      serve: { variant: 'on' },
    }
    const { headers } = await jackstaff.api('GET', path)
    const { status } = await jackstaff.api(
      'PUT',
      path,
      { on: true, offVariant: 'off', rules: [rule], fallthrough: { variant: 'off' } },
      { 'if-match': headers.get('etag')! },
    )
    expect(status).toBe(200)
    const decided = (name: Name, seen: number) =>
      raw(`${edges[name].url}/ofrep/v1/evaluate/flags/recent`, {
        method: 'POST',
        headers: bearer(serverKey),
        body: JSON.stringify({ context: { targetingKey: 'ana', seen } }),
      }).then(({ body }) => JSON.parse(body.toString('utf8')).value)
    for (const name of names) {
      await until(`${name} to say yes`, () => decided(name, Date.now() - 20 * MINUTE))
      expect(await decided(name, Date.now() - 40 * MINUTE), name).toBe(false)
    }
  })

  it('accept a key for as long as it is valid, and keep its streams', async () => {
    const key = await keyUntil(30 * MINUTE)
    for (const name of names) {
      expect((await config(name, key)).status, name).toBe(200)
      const stream = await openStream(edges[name].url, key)
      await until(`a heartbeat at ${name}`, () => stream.heartbeats() > 0 || stream.ended(), 15_000)
      expect(stream.ended(), name).toBe(false)
      stream.close()
    }
  })

  it('refuse a key from when it has expired', async () => {
    const key = await keyUntil(1_500)
    for (const name of names)
      await until(`${name} to refuse it`, async () => (await config(name, key)).status === 401, 5_000)
  })
})
