import { describe, expect, it } from 'vitest'
import type { Config } from '../../lib/evaluation'
import { aFlag } from '../../tests/support/build-config'
import { configOf, idOf, patchOf, serving } from '../../tests/support/configs'
import { heldBy, shop, shownBy, startSession } from '../../tests/support/sync-harness'
import type { LastKnownGood } from './last-known-good'

async function ready(...args: Parameters<typeof startSession>) {
  const started = startSession(...args)
  started.beat()
  await started.clock.advance(100)
  expect(await started.session.initialized).toBeNull()
  return started
}

const memory = (config: Config | null): LastKnownGood & { saved: string | null } => ({
  saved: config && JSON.stringify(config),
  load() {
    return this.saved
  },
  save(next) {
    this.saved = next
  },
})

describe('initialising', () => {
  it('ends with a usable config, and the SDK alone says READY', async () => {
    const { events } = await ready()
    expect(events()).toEqual([])
  })

  it('says READY once where providers emit the lifecycle themselves', async () => {
    const { clock, events } = await ready({ emitsLifecycle: true })
    await clock.advance(10_000)
    expect(events()).toEqual(['ready'])
  })

  it('gives up after its time, goes on trying, and is ready later', async () => {
    const server = shop()
    server.down = true
    const { session, clock, said, beat } = startSession({}, server)
    beat()
    await clock.advance(5_000)
    expect(await session.initialized).toEqual({
      fatal: false,
      message: 'no config within 5000 ms: fetch failed',
    })
    await clock.advance(600_000)
    expect(said).toEqual([])
    server.down = false
    await clock.advance(31_000)
    expect(said).toEqual([{ event: 'ready' }])
  })

  it('is fatal where the key is refused, and recovers all the same', async () => {
    const server = shop()
    server.streamReply = { status: 403 }
    const { session, clock, said } = startSession({}, server)
    await clock.advance(100)
    expect(await session.initialized).toEqual({
      fatal: true,
      message: 'the server refused the key (HTTP 403)',
    })
    expect(said).toEqual([])
    server.streamReply = null
    for (let second = 0; second < 91 && server.open === 0; second++) await clock.advance(1_000)
    expect(said).toEqual([{ event: 'ready' }])
  })

  it('is fatal where the options can never work, and asks nobody', async () => {
    const { session, clock, server } = startSession({ misconfigured: 'the option "key" is missing' })
    expect(await session.initialized).toEqual({ fatal: true, message: 'the option "key" is missing' })
    await clock.advance(600_000)
    expect(server.asked).toEqual([])
  })

  it('is ready and then stale where polls work and the stream does not', async () => {
    const server = shop()
    server.down = true
    const { clock, events } = startSession({ initTimeoutMs: 500 }, server)
    await clock.advance(600)
    server.down = false
    server.streamReply = { status: 502 }
    await clock.advance(40_000)
    expect(events()).toEqual(['ready', 'stale'])
  })

  it('ends when the session is closed', async () => {
    const server = shop()
    server.greets = false
    const { session, clock, said } = startSession({}, server)
    await clock.advance(10)
    session.close()
    expect(await session.initialized).toMatchObject({ fatal: false })
    await clock.advance(10_000)
    expect(said).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

describe('losing the server', () => {
  it('is STALE once, ERROR once after the grace period, and READY when it is over', async () => {
    const { server, session, clock, said, events, hush } = await ready()
    server.down = true
    server.stream.cut()
    await clock.advance(59_000)
    expect(said).toEqual([{ event: 'stale', message: 'connection reset' }])
    await clock.advance(600_000)
    expect(events()).toEqual(['stale', 'error'])
    expect(hush()[1]).toEqual({ event: 'error', message: 'fetch failed', errorCode: 'GENERAL' })
    expect(shownBy(heldBy(session))).toBe('hello')

    server.down = false
    await clock.advance(40_000)
    expect(events()).toEqual(['ready'])
  })

  it('says READY before it says what has changed', async () => {
    const { server, clock, said } = await ready()
    server.down = true
    server.stream.cut()
    await clock.advance(5_000)
    server.config = configOf(7, { banner: serving('seven', 7), fresh: serving('x', 6) })
    server.down = false
    await clock.advance(31_000)
    expect(said.slice(1)).toEqual([
      { event: 'ready' },
      { event: 'changed', flagsChanged: ['banner', 'fresh'] },
    ])
  })

  it('stays STALE, and no more, while polls are answered', async () => {
    const { server, clock, events } = await ready()
    server.streamReply = { status: 503 }
    server.stream.end()
    await clock.advance(600_000)
    expect(events()).toEqual(['stale'])
  })

  it('goes on serving where a key is refused later: rotating it must switch nothing off', async () => {
    const { server, session, clock, said } = await ready()
    server.streamReply = { status: 401 }
    server.stream.cut()
    await clock.advance(1_100)
    expect(said).toEqual([
      { event: 'stale', message: 'connection reset' },
      { event: 'error', message: 'the server refused the key (HTTP 401)', errorCode: 'GENERAL' },
    ])
    expect(shownBy(heldBy(session))).toBe('hello')
  })
})

describe('what has changed', () => {
  it('is named exactly, dependants included, once for each publish', async () => {
    const server = shop()
    const dependant = aFlag({ prerequisites: [{ flag: 'banner', variants: ['shown'] }] })
    server.config = configOf(1, { banner: serving('hello'), dependant, other: serving('other') })
    const { clock, said } = await ready({}, server)
    server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
    await clock.advance(50)
    server.stream.send('patch', patchOf(2, 3, {}, { killed: ['other'], killedAt: idOf(3) }))
    await clock.advance(50)
    expect(said).toEqual([
      { event: 'changed', flagsChanged: ['banner', 'dependant'] },
      { event: 'changed', flagsChanged: ['other'] },
    ])
  })

  it('is one event for a burst of fifty publishes', async () => {
    const { server, session, clock, said } = await ready()
    for (let v = 1; v <= 50; v++)
      server.stream.send('patch', patchOf(v, v + 1, { [`f${v % 3}`]: serving(`${v}`) }))
    await clock.advance(50)
    expect(session.config?.id).toBe(idOf(51))
    expect(said).toEqual([{ event: 'changed', flagsChanged: ['f0', 'f1', 'f2'] }])
  })

  it('is announced at once where it is a kill, with what was waiting', async () => {
    const { server, clock, said } = await ready()
    server.stream.send('patch', patchOf(1, 2, { fresh: serving('x', 2) }))
    await clock.advance(1)
    server.stream.send('patch', patchOf(2, 3, {}, { killed: ['banner'], killedAt: idOf(3) }))
    await clock.advance(0)
    expect(said).toEqual([{ event: 'changed', flagsChanged: ['banner', 'fresh'] }])
  })

  it('is one event for publishes milliseconds apart', async () => {
    const { server, clock, said } = await ready()
    for (let v = 1; v <= 3; v++) {
      server.stream.send('patch', patchOf(v, v + 1, { [`f${v}`]: serving('x') }))
      await clock.advance(8)
    }
    await clock.advance(50)
    expect(said).toEqual([{ event: 'changed', flagsChanged: ['f1', 'f2', 'f3'] }])
  })

  it('is nothing where a burst ends as it began, on heartbeats, and on answers that say "unchanged"', async () => {
    const { server, clock, events } = await ready()
    server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 1) }))
    server.stream.send('patch', patchOf(2, 3, { banner: serving('hello', 1) }))
    server.stream.write(':\n\n')
    await clock.advance(0)
    server.config = configOf(3, { banner: serving('hello') })
    server.streamReply = { status: 503 }
    server.stream.cut()
    await clock.advance(200_000)
    expect(events()).toEqual(['stale'])
  })

  it('happens because time passes, too', async () => {
    const server = shop()
    const opensAt = new Date(server.time + 90_000).toISOString()
    const rule = { id: 'r', when: { all: [] }, serve: { variant: 'off' }, from: opensAt }
    server.config = configOf(1, { banner: serving('hello'), timed: { ...serving('x'), rules: [rule] } })
    const { clock, said } = await ready({}, server)
    await clock.advance(89_000)
    expect(said).toEqual([])
    await clock.advance(1_000)
    expect(said).toEqual([{ event: 'changed', flagsChanged: ['timed'] }])
  })
})

describe('a bootstrap', () => {
  const bootstrap = configOf(1, { banner: serving('from the page') })

  it('is usable at once and replaced by what the server says', async () => {
    const { session, clock, said } = startSession({ bootstrap }, shop(2))
    expect(await session.initialized).toBeNull()
    expect(session.replica!.validated).toBe(false)
    await clock.advance(100)
    expect(session.replica!.validated).toBe(true)
    expect(said).toEqual([{ event: 'changed', flagsChanged: ['banner'] }])
  })

  it('says nothing where the server agrees', async () => {
    const server = shop()
    server.config = configOf(1, { banner: serving('from the page') })
    const { clock, session, said } = startSession({ bootstrap }, server)
    await clock.advance(1_000)
    expect(session.replica!.validated).toBe(true)
    expect(said).toEqual([])
  })

  it('serves where the server is away, stale but never rejected', async () => {
    const server = shop()
    server.down = true
    const { session, clock, events } = startSession({ bootstrap }, server)
    expect(await session.initialized).toBeNull()
    await clock.advance(70_000)
    expect(events()).toEqual(['stale', 'error'])
    expect(shownBy(heldBy(session))).toBe('from the page')
  })
})

describe('the last known good config', () => {
  it('is used when the server does not answer, and not before', async () => {
    const server = shop()
    server.down = true
    const lastKnownGood = memory(configOf(1, { banner: serving('saved') }))
    const { session, clock, events } = startSession({ lastKnownGood }, server)
    expect(heldBy(session)).toBeNull()
    await clock.advance(100)
    expect(await session.initialized).toBeNull()
    expect(shownBy(heldBy(session))).toBe('saved')
    expect(session.replica!.validated).toBe(false)
    expect(events()).toEqual(['stale'])
  })

  it('is used when the time is up, where the server only hangs', async () => {
    const server = shop()
    server.greets = false
    server.configReply = { status: 503 }
    const lastKnownGood = memory(configOf(1, { banner: serving('saved') }))
    const { session, clock } = startSession({ lastKnownGood }, server)
    await clock.advance(4_999)
    expect(heldBy(session)).toBeNull()
    await clock.advance(1)
    expect(await session.initialized).toBeNull()
  })

  it('is saved once for a burst, and at the latest on close', async () => {
    const lastKnownGood = memory(null)
    const { server, session, clock } = await ready({ lastKnownGood })
    expect(lastKnownGood.saved).toBeNull()
    await clock.advance(1_000)
    expect(JSON.parse(lastKnownGood.saved!).id).toBe(idOf(1))
    server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
    await clock.advance(10)
    session.close()
    expect(JSON.parse(lastKnownGood.saved!)).toEqual({
      layout: 'lines',
      ...configOf(2, { banner: serving('two', 2) }),
    })
  })

  it('that is garbage is ignored', async () => {
    const server = shop()
    server.down = true
    const lastKnownGood = { load: () => '{ "id": "no config" }', save: () => {} }
    const { session, clock } = startSession({ lastKnownGood }, server)
    await clock.advance(5_000)
    expect(await session.initialized).toMatchObject({ fatal: false })
  })
})
