import { describe, expect, it } from 'vitest'
import { configOf, idOf, patchOf, serving } from '../../tests/support/configs'
import { heldBy, shop, shownBy, startSession } from '../../tests/support/sync-harness'

const HOUR = 3_600_000

async function ready(...args: Parameters<typeof startSession>) {
  const started = startSession(...args)
  await started.clock.advance(100)
  expect(started.session.status).toBe('ready')
  return { ...started, sync: started.session }
}

describe('connecting', () => {
  it('opens one stream, with the key in its header, and asks for nothing else', async () => {
    const { server, sync, clock } = await ready()
    await clock.advance(20_000)
    expect(server.asked.map(({ path }) => path)).toEqual(['/base/config/stream'])
    expect(server.asked[0]!.headers.get('authorization')).toBe('Bearer key')
    expect(server.asked[0]!.headers.has('last-event-id')).toBe(false)
    expect(shownBy(heldBy(sync))).toBe('hello')
  })

  it('fetches a config that is too big for the stream', async () => {
    const server = shop()
    server.greets = false
    const { clock, session } = startSession({}, server)
    await clock.advance(0)
    server.hello()
    server.stream.send('resync', { id: server.config.id, spread: 0, killed: [], killedAt: idOf(0) })
    await clock.advance(10)
    expect(session.status).toBe('ready')
    expect(server.askedFor('/base/config')).toHaveLength(1)
  })

  it('fetches where a proxy holds the stream back', async () => {
    const server = shop()
    server.greets = false
    const { clock, session } = startSession({}, server)
    await clock.advance(4_000)
    expect(await session.initialized).toBeNull()
    expect(session.status).toBe('starting')
  })

  it('asks again soon where a late greeting tells of a newer version', async () => {
    const server = shop()
    server.greets = false
    const { clock, session } = startSession({}, server)
    await clock.advance(4_000)
    server.config = configOf(2, { banner: serving('two', 2) })
    server.hello()
    await clock.advance(1_100)
    expect(session.status).toBe('ready')
    expect(shownBy(heldBy(session))).toBe('two')
  })

  it('polls every few seconds where a proxy holds the stream back, and tries the stream beside it', async () => {
    const server = shop()
    server.greets = false
    const { clock } = startSession({}, server)
    await clock.advance(20_000)
    let asked = server.askedFor('/base/config').length
    let [since, longest] = [0, 0]
    for (let ms = 0; ms < 120_000; ms += 50) {
      await clock.advance(50)
      since += 50
      longest = Math.max(longest, since)
      const now = server.askedFor('/base/config').length
      if (now > asked) since = 0
      asked = now
    }
    expect(longest).toBeLessThanOrEqual(3_850)
    expect(server.streams.length).toBeGreaterThan(3)
  })

  it('takes a stream that is no stream for a failure', async () => {
    const server = shop()
    server.streamReply = {
      status: 200,
      body: '<html>sign in</html>',
      headers: { 'content-type': 'text/html' },
    }
    const { clock, session } = startSession({}, server)
    await clock.advance(100)
    expect(session.status).toBe('stale')
    expect(session.problem).toContain('something other than a stream')
  })
})

describe('the stream', () => {
  it('applies patches as they come', async () => {
    const { server, sync, clock } = await ready()
    server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
    await clock.advance(0)
    expect(shownBy(heldBy(sync))).toBe('two')
    expect(sync.config?.id).toBe(idOf(2))
  })

  it('survives garbage frames', async () => {
    const { server, sync, clock } = await ready()
    server.stream.write('event: patch\ndata: {not json\n\n')
    server.stream.write('event: put\ndata: 7\n\nevent: hello\ndata: {"id":"zzz"}\n\n')
    server.stream.send('patch', { from: idOf(1), to: 5 })
    server.stream.send('unheard-of', { id: idOf(9) })
    server.stream.send('resync', { id: idOf(9), spread: 'soon' })
    await clock.advance(0)
    expect(sync.status).toBe('ready')
    expect(sync.config?.id).toBe(idOf(1))
  })

  it('fetches the whole config when the server sends a malformed one', async () => {
    const { server, sync, clock } = await ready()
    server.config = configOf(2, { banner: serving('two') })
    server.stream.send('put', { ...server.config, flags: 'none' })
    await clock.advance(2_000)
    expect(shownBy(heldBy(sync))).toBe('two')
  })

  it('never goes back, whatever is offered', async () => {
    const { server, sync, clock } = await ready({}, shop(5))
    server.stream.send('put', configOf(4, { banner: serving('older') }))
    server.stream.send('patch', patchOf(3, 4, { banner: serving('older') }))
    server.stream.send('put', configOf(99, { banner: serving('older') }, { id: idOf(99, 0) }))
    await clock.advance(60)
    expect(shownBy(heldBy(sync))).toBe('hello')
    server.stream.send('put', configOf(1, { banner: serving('epoch two') }, { id: idOf(1, 2) }))
    await clock.advance(0)
    expect(shownBy(heldBy(sync))).toBe('epoch two')
  })

  it('that is opened and says nothing is given up after 5 s, and the config asked for every few seconds', async () => {
    const { server, sync, clock } = await ready()
    server.greets = false
    server.stream.cut()
    await clock.advance(60_000)
    expect(sync.problem).toBe('the stream was silent for 5000 ms')
    const before = server.askedFor('/base/config').length
    server.config = configOf(2, { banner: serving('two', 2) })
    await clock.advance(5_000)
    expect(shownBy(heldBy(sync))).toBe('two')
    await clock.advance(55_000)
    const polls = server.askedFor('/base/config').length - before
    expect(polls).toBeGreaterThanOrEqual(12)
    expect(polls).toBeLessThanOrEqual(22)
    expect(sync.status).toBe('stale')
    server.greets = true
    for (let second = 0; second < 60 && sync.status !== 'ready'; second++) await clock.advance(1_000)
    expect(sync.status).toBe('ready')
    const settled = server.askedFor('/base/config').length
    await clock.advance(20_000)
    expect(server.askedFor('/base/config').length).toBe(settled)
  })

  it('that is silent for two and a half heartbeats is given up, one with heartbeats is not', async () => {
    const { server, sync, clock } = await ready()
    for (let beat = 0; beat < 6; beat++) {
      await clock.advance(20_000)
      server.stream.write(':\n\n')
    }
    expect(server.streams).toHaveLength(1)
    await clock.advance(25_001)
    expect(sync.problem).toBe('the stream was silent for 25000 ms')
    expect(server.open).toBeLessThanOrEqual(1)
    await clock.advance(2_000)
    expect(server.streams).toHaveLength(2)
  })

  it('that says bye is followed by another, and nothing was ever stale', async () => {
    const { server, sync, clock, events } = await ready()
    server.stream.send('bye', { retry: 4_000, reason: 'max age' })
    await clock.advance(3_900)
    expect(sync.status).toBe('ready')
    expect(server.open).toBe(0)
    await clock.advance(1_200)
    expect(server.streams).toHaveLength(2)
    expect(events()).toEqual([])
  })

  it('that says bye is stale when the next attempt fails', async () => {
    const { server, sync, clock } = await ready()
    server.down = true
    server.stream.send('bye', { retry: 0, reason: 'draining' })
    await clock.advance(1_100)
    expect(sync.status).toBe('stale')
  })
})

describe('an event that cannot be read', () => {
  it.each([
    ['put', 'garbage'],
    ['patch', { from: 'x' }],
    ['resync', { id: idOf(2) }],
  ])('is asked for: %s %j', async (event, data) => {
    const { server, sync, clock, warnings } = await ready()
    server.config = configOf(2, { banner: serving('two', 2) })
    server.stream.send(event, data)
    await clock.advance(1_100)
    expect(shownBy(heldBy(sync))).toBe('two')
    expect(warnings).toContain('the server sent an event that cannot be read')
    expect(server.streams).toHaveLength(1)
  })

  it('is none where the name is one of the future', async () => {
    const { server, clock } = await ready()
    const before = server.asked.length
    server.stream.send('novelty', 'garbage')
    await clock.advance(10_000)
    expect(server.asked).toHaveLength(before)
  })
})

describe('a gap', () => {
  it('is filled with the patches since the version held', async () => {
    const { server, sync, clock } = await ready()
    server.patches = [patchOf(1, 2, { a: serving('a', 2) }), patchOf(2, 3, { banner: serving('three', 3) })]
    server.stream.send('patch', patchOf(2, 3, { banner: serving('three', 3) }))
    await clock.advance(0)
    expect(server.askedFor('/base/config').map(({ query }) => query.get('since'))).toEqual([idOf(1)])
    expect(sync.config?.id).toBe(idOf(3))
    expect(heldBy(sync)!.flags.keys().sort()).toEqual(['a', 'banner'])
  })

  it('is filled with the whole config where the patches are gone or do not fit', async () => {
    for (const patches of [null, [patchOf(7, 8, {})]]) {
      const { server, sync, clock } = await ready()
      server.patches = patches
      server.config = configOf(3, { banner: serving('three') })
      server.stream.send('patch', patchOf(2, 3, { banner: serving('three', 3) }))
      await clock.advance(10)
      expect(shownBy(heldBy(sync))).toBe('three')
      expect(server.askedFor('/base/config')).toHaveLength(2)
    }
  })

  it('does not hold back a kill', async () => {
    const { server, sync, clock } = await ready()
    server.configReply = { status: 503 }
    server.stream.send('patch', patchOf(7, 8, {}, { killed: ['banner'], killedAt: idOf(8) }))
    await clock.advance(0)
    expect(heldBy(sync)).toMatchObject({ id: idOf(1), killed: ['banner'] })
  })

  it('asks again, ever more slowly, while the nodes it reaches are behind', async () => {
    const { server, sync, clock } = await ready()
    server.stream.send('resync', { id: idOf(2), spread: 0, killed: [], killedAt: idOf(0) })
    await clock.advance(60_000)
    const asked = server.askedFor('/base/config').length
    expect(asked).toBeGreaterThan(3)
    expect(asked).toBeLessThan(30)
    server.config = configOf(2)
    await clock.advance(31_000)
    expect(sync.config?.id).toBe(idOf(2))
  })
})

describe('a resync', () => {
  it('applies kills at once and spreads the requests of the fleet', async () => {
    const { server, sync, clock } = await ready()
    server.config = configOf(2, { banner: serving('two') }, { killed: ['banner'], killedAt: idOf(2) })
    server.stream.send('resync', { id: idOf(2), spread: 20_000, killed: ['banner'], killedAt: idOf(2) })
    await clock.advance(0)
    expect(heldBy(sync)).toMatchObject({ id: idOf(1), killed: ['banner'] })
    expect(server.askedFor('/base/config')).toHaveLength(0)
    await clock.advance(20_000)
    expect(server.askedFor('/base/config').map(({ query }) => query.get('min'))).toEqual([idOf(2)])
    expect(sync.config?.id).toBe(idOf(2))
  })
})

describe('while the stream is down', () => {
  it('polls with an ETag, soon and then at its interval, so that a kill still arrives', async () => {
    const { server, sync, clock } = await ready()
    server.streamReply = { status: 503 }
    server.stream.cut()
    await clock.advance(4_000)
    expect(server.askedFor('/base/config')).toHaveLength(1)
    await clock.advance(90_000)
    const polls = server.askedFor('/base/config')
    expect(polls.length).toBeGreaterThanOrEqual(3)
    expect(polls.length).toBeLessThanOrEqual(6)
    expect(polls.at(-1)!.headers.get('if-none-match')).toBe(`"${idOf(1)}-v1-identity"`)

    server.config = configOf(2, server.config.flags, { killed: ['banner'], killedAt: idOf(2) })
    await clock.advance(40_000)
    expect(sync.status).toBe('stale')
    expect(heldBy(sync)?.killed).toEqual(['banner'])
  })

  it('resumes from the version it holds', async () => {
    const { server, clock } = await ready()
    server.stream.send('patch', patchOf(1, 2, {}))
    await clock.advance(0)
    server.config = configOf(2)
    server.stream.cut()
    await clock.advance(2_000)
    expect(server.askedFor('/base/config/stream').at(-1)!.headers.get('last-event-id')).toBe(idOf(2))
  })

  it('waits as long as Retry-After says', async () => {
    const { server, clock } = await ready()
    server.streamReply = { status: 503, headers: { 'retry-after': '20' } }
    server.stream.cut()
    await clock.advance(2_000)
    const before = server.askedFor('/base/config/stream').length
    await clock.advance(18_000)
    expect(server.askedFor('/base/config/stream')).toHaveLength(before)
    server.streamReply = null
    await clock.advance(10_000)
    expect(server.open).toBe(1)
  })

  it('asks a bounded number of times in an hour', async () => {
    const { server, clock } = await ready()
    server.down = true
    server.stream.cut()
    const before = server.asked.length
    await clock.advance(HOUR)
    const asked = server.asked.length - before
    expect(asked).toBeGreaterThan(200)
    expect(asked).toBeLessThan(500)
  })

  it('holds exactly one socket, after a thousand reconnects too, and forgets its timers', async () => {
    const { server, sync, clock } = await ready()
    const timers = clock.timers
    for (let i = 0; i < 1_000; i++) {
      server.stream.cut()
      for (let tries = 0; server.open === 0 && tries < 100; tries++) await clock.advance(1_000)
    }
    expect(server.streams).toHaveLength(1_001)
    expect(server.mostOpen).toBe(1)
    expect(sync.status).toBe('ready')
    expect(clock.timers).toBeLessThanOrEqual(timers + 1)
  }, 60_000)
})

describe('a refused key', () => {
  it('is tried again, slowly and for ever', async () => {
    const server = shop()
    server.streamReply = { status: 401 }
    server.configReply = { status: 401 }
    const { session, clock } = startSession({}, server)
    await clock.advance(HOUR)
    expect(session.status).toBe('refused')
    expect(server.asked.length).toBeGreaterThan(30)
    expect(server.asked.length).toBeLessThan(125)
    server.streamReply = null
    for (let second = 0; second < 91 && server.open === 0; second++) await clock.advance(1_000)
    expect(session.status).toBe('ready')
  })
})

describe('the server time', () => {
  it('is what rules with a window go by, whatever this machine believes', async () => {
    const server = shop()
    server.time = Date.parse('2030-06-01T12:00:00Z')
    const { sync, clock } = await ready({}, server)
    expect(sync.now() - server.time).toBe(100)
    await clock.advance(5_000)
    expect(sync.now() - server.time).toBe(5_100)
  })
})

describe('closing', () => {
  it('ends the stream, every request and every timer', async () => {
    const { session, server, clock } = await ready()
    session.close()
    session.close()
    await clock.advance(0)
    expect(server.open).toBe(0)
    expect(clock.timers).toBe(0)
    const asked = server.asked.length
    await clock.advance(HOUR)
    expect(server.asked).toHaveLength(asked)
  })
})

describe('a first request that is under way already', () => {
  it('is the first one: nobody asks twice', async () => {
    const { session, clock, server } = startSession({ firstAnswer: async () => 'kept' })
    await clock.advance(1_000)
    expect(session.config?.id).toBe(server.config.id)
    expect(server.askedFor('/base/config')).toEqual([])
  })

  it('is no answer to what is asked after it', async () => {
    const silent = shop()
    silent.greets = false
    const { session, clock, server } = startSession({ firstAnswer: async () => 'kept' }, silent)
    const answered = session.keeper!.refetch()
    await clock.advance(100)
    expect(await answered).toBeNull()
    expect(server.askedFor('/base/config')).toHaveLength(1)
  })
})
