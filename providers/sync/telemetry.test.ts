import { beforeEach, describe, expect, it } from 'vitest'
import { parsed } from '../../tests/support/build-config'
import { idOf } from '../../tests/support/configs'
import type { ScriptedServer } from '../../tests/support/scripted-server'
import { shop } from '../../tests/support/sync-harness'
import { VirtualClock } from '../../tests/support/virtual-clock'
import { endpointAt } from './endpoint'
import { Tally } from './tally'
import { startTelemetry, type Telemetry } from './telemetry'

let clock: VirtualClock
let server: ScriptedServer
let tally: Tally
let source: { current: ReturnType<typeof parsed>; validated: boolean }
let telemetry: Telemetry
let hide: () => void
let watching: boolean

const HOUR_MS = 3_600_000

beforeEach(() => begin())

function begin(seed = 1) {
  clock = new VirtualClock(seed)
  server = shop()
  tally = new Tally(clock.wall)
  source = { current: parsed({ id: idOf(7) }), validated: true }
  watching = true
  telemetry = startTelemetry({
    endpoint: endpointAt({
      url: 'http://flags.test/base/',
      headers: { Authorization: 'Bearer key' },
      query: { more: 'so' },
      cache: 'no-store',
      fetch: (...args) => server.fetch(...args),
    }),
    clock,
    tally,
    instance: 'instance-1',
    client: 'openfeature-server/0.1.0',
    replica: source,
    whenHidden: (run) => {
      hide = run
      return () => {
        watching = false
      }
    },
  })
}

const count = (flag = 'banner', variant = 'on') =>
  tally.counter(flag, true, variant, 'STATIC', undefined).count++
const track = (name = 'purchase') =>
  tally.add({ event: { name, context: {}, details: {}, at: clock.wall() }, size: 20 })
/** Counts a flag and sends it, so that no later count of it is its first. */
async function known() {
  count()
  await clock.advance(1_000)
  server.told.splice(0)
}
const totals = () =>
  server.told.map(({ body }) =>
    (body.counts as { count: number }[]).reduce((sum, { count }) => sum + count, 0),
  )

describe('a batch', () => {
  it('says who sends it, what it is about, and what was counted', async () => {
    count()
    track()
    await clock.advance(1_000)
    const [{ body, headers, query, keepalive }] = server.told as [(typeof server.told)[0]]
    const at = Date.parse('2026-01-01T00:00:00Z')
    expect(body).toEqual({
      attributes: [],
      batch: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
      client: 'openfeature-server/0.1.0',
      instance: 'instance-1',
      applied: idOf(7),
      from: at,
      to: expect.any(Number),
      counts: [{ flag: 'banner', variant: 'on', reason: 'STATIC', count: 1 }],
      events: [{ name: 'purchase', context: {}, details: {}, at }],
      dropped: 0,
    })
    expect(body.to).toBeGreaterThan(at)
    expect(headers.get('authorization')).toBe('Bearer key')
    expect(query.get('more')).toBe('so')
    expect(keepalive).toBe(true)
  })

  it('has an id of its own', async () => {
    await known()
    for (let i = 0; i < 5; i++) {
      count()
      await clock.advance(80_000)
    }
    expect(new Set(server.told.map(({ body }) => body.batch)).size).toBe(5)
  })
})

describe('when it is sent', () => {
  it.each([1, 2, 3, 4, 5])(
    'is within a second of the first evaluation of a flag (chance %i)',
    async (seed) => {
      begin(seed)
      count()
      await clock.advance(1_000)
      expect(totals()).toEqual([1])
      count('another')
      await clock.advance(1_000)
      expect(totals()).toEqual([1, 1])
    },
  )

  it('is after that once a minute, a quarter more or less', async () => {
    await known()
    const times: number[] = []
    for (let second = 0; second < 1_200; second++) {
      count()
      const before = server.told.length
      await clock.advance(1_000)
      if (server.told.length > before) times.push(second)
    }
    const gaps = times.slice(1).map((at, i) => at - times[i]!)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(44)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(76)
    expect(new Set(gaps).size).toBeGreaterThan(3)
  })

  it('is never while there is nothing to say', async () => {
    await clock.advance(HOUR_MS)
    expect(server.told).toEqual([])
  })

  it('is at once where 500 events wait', async () => {
    for (let i = 0; i < 499; i++) track()
    await clock.advance(10)
    expect(server.told).toEqual([])
    track()
    await clock.advance(0)
    expect(server.told[0]!.body.events).toHaveLength(500)
  })

  it('is in as many requests as it needs, one after the other', async () => {
    await known()
    for (let i = 0; i < 3_000; i++) tally.counter('banner', true, `v${i}`, 'SPLIT', undefined).count++
    await clock.advance(75_000)
    expect(totals().length).toBeGreaterThan(3)
    expect(totals().reduce((sum, some) => sum + some)).toBe(3_000)
  })

  it('is not before a server has confirmed the config', async () => {
    source.validated = false
    count()
    await clock.advance(HOUR_MS)
    expect(server.told).toEqual([])
    source.validated = true
    await clock.advance(75_000)
    expect(totals()).toEqual([1])
  })

  it('asks to outlive the page only where a browser would allow it', async () => {
    for (let i = 0; i < 10; i++) {
      const context = { text: 'あ'.repeat(5_000) }
      tally.add({ event: { name: 'purchase', context, details: {}, at: 0 }, size: 5_000 })
    }
    await clock.advance(80_000)
    expect(server.told.map(({ keepalive }) => keepalive)).toEqual([false])
  })

  it('is when the page is left', async () => {
    await known()
    count()
    hide()
    expect(totals()).toEqual([1])
  })
})

describe('a failure', () => {
  it.each([0, 408, 429, 500, 503])(
    'of %i (0: no answer) is followed by the same batch, ever more rarely, while the tally goes on',
    async (status) => {
      await known()
      server.down = status === 0
      server.telemetryReply = { status: status || 202 }
      count()
      await clock.advance(75_000)
      count()
      await clock.advance(2 * HOUR_MS)
      expect(server.told.length).toBeGreaterThan(6)
      expect(server.told.length).toBeLessThan(15)
      server.down = false
      server.telemetryReply = { status: 202 }
      await clock.advance(HOUR_MS)
      const ids = server.told.map(({ body }) => body.batch)
      expect(new Set(ids.slice(0, -1)).size).toBe(1)
      expect(ids.at(-1)).not.toBe(ids[0])
      expect(totals().slice(-2)).toEqual([1, 1])
    },
  )

  it('never has two requests under way', async () => {
    await known()
    server.telemetryHangs = true
    count()
    while (server.told.length === 0) await clock.advance(1_000)
    for (let i = 0; i < 500; i++) track()
    hide()
    await clock.advance(8_000)
    expect(server.told).toHaveLength(1)
  })

  it('is a server that does not answer within ten seconds', async () => {
    server.telemetryHangs = true
    count()
    await clock.advance(11_000)
    server.telemetryHangs = false
    await clock.advance(80_000)
    expect(totals()).toEqual([1, 1])
  })

  it.each([429, 503])('of %i waits as long as the server asks', async (status) => {
    server.telemetryReply = { status, headers: { 'retry-after': '200' } }
    count()
    await clock.advance(150_000)
    expect(server.told).toHaveLength(1)
    server.telemetryReply = { status: 202 }
    await clock.advance(160_000)
    expect(totals()).toEqual([1, 1])
  })

  it.each([404, 405, 410])('of %i is an older server: it is asked once an hour', async (status) => {
    server.telemetryReply = { status }
    count()
    await clock.advance(HOUR_MS - 5_000)
    hide()
    expect(server.told).toHaveLength(1)
    await clock.advance(100_000)
    expect(server.told).toHaveLength(2)
  })

  it.each([401, 403])('of %i is the end', async (status) => {
    server.telemetryReply = { status }
    count()
    await clock.advance(24 * HOUR_MS)
    hide()
    await telemetry.close()
    expect(server.told).toHaveLength(1)
  })

  it.each([400, 413])(
    'of %i is a batch that nobody wants: it is not sent again, but told as dropped',
    async (status) => {
      server.telemetryReply = { status }
      count()
      count()
      await clock.advance(1_000)
      server.telemetryReply = { status: 202 }
      await clock.advance(100_000)
      expect(totals()).toEqual([2, 0])
      expect(server.told[1]!.body.dropped).toBe(2)
    },
  )
})

describe('closing', () => {
  it('sends what there is, and never again', async () => {
    await known()
    count()
    await telemetry.close()
    expect(totals()).toEqual([1])
    count('another')
    for (let i = 0; i < 500; i++) track()
    await clock.advance(HOUR_MS)
    expect(totals()).toEqual([1])
    expect(watching).toBe(false)
    expect(clock.timers).toBe(0)
  })

  it('waits for a server that hangs no longer than a second', async () => {
    await known()
    server.telemetryHangs = true
    count()
    let closed = false
    void telemetry.close().then(() => {
      closed = true
    })
    await clock.advance(999)
    expect(closed).toBe(false)
    await clock.advance(1)
    expect(closed).toBe(true)
    expect(clock.timers).toBe(0)
  })

  it('does not wait for a server that has failed', async () => {
    await known()
    server.down = true
    count('another')
    await clock.advance(1_000)
    await telemetry.close()
    expect(server.told).toHaveLength(1)
  })
})
