import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { aFlag } from '../support/build-config'
import { follow, parsedOf, seen } from '../support/follow'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { publishConfig } from '../support/publish-config'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

const MAX_FRAME_BYTES = 32 * 1024
const FLAGS = '/projects/shop/flags'

let jackstaff: Jackstaff
let serverKey: string
const opened: Stream[] = []
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(async () => {
  for (const stream of opened) stream.close()
  await jackstaff?.stop()
})

async function listen(lastEventId?: string, key = serverKey): Promise<Stream> {
  const stream = await openStream(jackstaff.url, key, lastEventId)
  expect(stream.status).toBe(200)
  opened.push(stream)
  return stream
}

/** The config of production as it is now: a node may be a moment behind what the API has just published. */
async function newest() {
  const { environments } = (await jackstaff.api('GET', '/projects/shop')).body
  const { configId } = environments.find(({ key }: { key: string }) => key === 'production')
  const answer = await raw(`${jackstaff.url}/config?min=${configId}`, { headers: bearer(serverKey) })
  return JSON.parse(answer.body.toString('utf8'))
}

const targetingOf = (flag: string) => `${FLAGS}/${flag}/environments/production`

/** Publishes a share of everyone, and answers with the id of the version. */
async function publish(percent: number, path = PRODUCTION): Promise<string> {
  const { headers } = await jackstaff.api('GET', path)
  const answer = await jackstaff.api('PUT', path, share(percent), { 'if-match': headers.get('etag')! })
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

const told = (stream: Stream, id: string) =>
  until(`the stream to tell ${id}`, () =>
    stream.frames.find((frame) => frame.id === id || frame.data.id === id),
  )

const createFlag = (key: string, extra: object = {}) =>
  jackstaff.api('POST', FLAGS, { key, name: key, type: 'boolean', ...extra })

describe('a stream', () => {
  it('is one that no proxy buffers, transforms or keeps', async () => {
    const { status, headers } = await openStream(jackstaff.url, serverKey, undefined, {
      'accept-encoding': 'br, gzip',
    })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(headers).not.toHaveProperty('content-encoding')
    expect(headers).not.toHaveProperty('transfer-encoding')
  })

  it('greets first: where it stands, how often its heart beats, and when to come back', async () => {
    const stream = await listen()
    await stream.next('put')
    const [hello] = stream.frames
    const { id } = await newest()
    expect(hello).toMatchObject({
      event: 'hello',
      id: undefined,
      data: { id, heartbeat: 10_000, ack: 100 },
    })
    expect(Math.abs(hello!.data.time - Date.now())).toBeLessThan(5_000)
    expect(hello!.bytes).toBeLessThan(250)
    expect(stream.retries[0]).toBeGreaterThanOrEqual(1_000)
  })

  it('brings the whole config to who holds none, then each change as a patch', async () => {
    const stream = await listen()
    const put = await stream.next('put')
    expect(put.data).toEqual(await newest())
    expect(put.id).toBe(put.data.id)
    const id = await publish(10)
    const patch = await stream.next('patch')
    expect(patch).toMatchObject({ id, data: { from: put.id, to: id } })
    expect(seen(follow(stream.frames))).toEqual(seen(parsedOf(await newest())))
  })

  it('replays in one frame what a reader missed, by its Last-Event-ID', async () => {
    const before = parsedOf(await newest())
    for (const percent of [21, 22, 23]) await publish(percent)
    const now = parsedOf(await newest())
    const stream = await listen(before.id)
    const patch = await stream.next('patch')
    expect(stream.frames.map(({ event }) => event)).toEqual(['hello', 'patch'])
    expect(patch.data.from).toBe(before.id)
    expect(stream.frames[0]!.data.oldest).toMatch(/^1\.\d+\.[0-9a-f]{8}$/)
    expect(seen(follow(stream.frames, before))).toEqual(seen(now))
  })

  it('brings nothing but news to who is up to date', async () => {
    const before = await newest()
    const stream = await listen(before.id)
    const id = await publish(30)
    const patch = await stream.next('patch')
    expect(stream.frames.map(({ event }) => event)).toEqual(['hello', 'patch'])
    expect(patch.data).toMatchObject({ from: before.id, to: id })
  })

  it.each([
    ['of another history', '1.1.ffffffff'],
    ['that is none', 'garbage'],
    ['that is empty', ''],
    ['that was cut', '1.2'],
    ['that is very long', 'x'.repeat(4_000)],
  ])('brings the whole config to who names an id %s', async (_, id) => {
    const stream = await listen(id)
    expect((await stream.next('put')).data).toEqual(await newest())
  })

  it('joins a burst into few frames that follow each other', async () => {
    const flags = Array.from({ length: 30 }, (_, i) => `burst-${i}`)
    for (const flag of flags) await createFlag(flag)
    const start = parsedOf(await newest())
    const stream = await listen(start.id)
    const ids = await Promise.all(flags.map((flag) => publish(50, targetingOf(flag))))
    const last = ids.sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1])).at(-1)!
    await told(stream, last)
    const patches = stream.frames.filter(({ event }) => event === 'patch')
    console.log(`${ids.length} versions in a burst came in ${patches.length} frames`)
    expect(patches.length).toBeLessThan(ids.length)
    expect(seen(follow(stream.frames, start))).toEqual(seen(parsedOf(await newest())))
  })

  it('beats its heart within every ten seconds', async () => {
    const stream = await listen()
    await until('a heartbeat', () => stream.heartbeats() > 0, 11_000)
  })
})

describe('a kill', () => {
  const kill = (flag: string) => jackstaff.api('PUT', `${targetingOf(flag)}/kill`, { reason: 'it hurts' })

  it('comes with the complete list of what is killed, and so does its end', async () => {
    for (const flag of ['kill-a', 'kill-b']) await createFlag(flag)
    const stream = await listen((await newest()).id)
    const a = await kill('kill-a')
    expect((await stream.next('patch')).data.killed).toEqual(['kill-a'])
    const b = await kill('kill-b')
    const both = await stream.next('patch')
    expect(both.data).toMatchObject({ killed: ['kill-a', 'kill-b'], killedAt: b.body.id, to: b.body.id })
    await publish(31)
    expect((await stream.next('patch')).data.killed).toEqual(['kill-a', 'kill-b'])
    await jackstaff.api('DELETE', `${targetingOf('kill-a')}/kill`, undefined, {
      'if-match': `"${a.body.id}"`,
    })
    expect((await stream.next('patch')).data.killed).toEqual(['kill-b'])
  })

  it('is in the hands of every reader before its sender has blinked', async () => {
    await createFlag('kill-now')
    const streams = await Promise.all(Array.from({ length: 20 }, () => listen()))
    await Promise.all(streams.map((stream) => stream.next('put')))
    const began = performance.now()
    await Promise.all([publish(32), publish(33, targetingOf('kill-b')), kill('kill-now')])
    const seen = await Promise.all(
      streams.map((stream) =>
        until('the kill', () => stream.frames.find(({ data }) => data.killed?.includes('kill-now'))),
      ),
    )
    const ms = Math.max(...seen.map(({ at }) => at)) - began
    console.log(`a kill amid edits reached ${streams.length} readers ${Math.round(ms)} ms after it was sent`)
    expect(ms).toBeLessThan(1_000)
  })
})

describe('a config that is larger than a frame', () => {
  it('is fetched, and what changes in it still comes as a patch', async () => {
    const variants = { a: 'x'.repeat(20_000), b: 'y' }
    const early = await listen((await newest()).id)
    await createFlag('large-1', { type: 'string', variants })
    await told(early, (await newest()).id)
    await createFlag('large-2', { type: 'string', variants })
    const { id, killed, killedAt } = await newest()
    await told(early, id)
    const late = await listen()
    const resync = await late.next('resync')
    expect(resync.data).toEqual({ id, spread: 0, killed, killedAt })
    expect(resync.id).toBeUndefined()
    const next = await publish(40)
    expect((await late.next('patch')).data).toMatchObject({ from: id, to: next })
  })

  it('comes as word to fetch it where one change alone is larger than a frame, with the kills in it', async () => {
    const stream = await listen((await newest()).id)
    await createFlag('huge', { type: 'string', variants: { a: 'ö'.repeat(17_000) } })
    const { id, killed, killedAt } = await newest()
    expect(killed).not.toEqual([])
    expect((await stream.next('resync')).data).toMatchObject({ id, killed, killedAt })
    await publish(41)
    expect((await stream.next('patch')).data.from).toBe(id)
  })

  it('has made no stream send a frame over 32 KB', () => {
    const largest = Math.max(...opened.flatMap(({ frames }) => frames.map(({ bytes }) => bytes)))
    console.log(`the largest of ${opened.flatMap(({ frames }) => frames).length} frames has ${largest} bytes`)
    expect(largest).toBeGreaterThan(20_000)
    expect(largest).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  })
})

describe('a change of which nobody is told', () => {
  it('is seen by the next look at the database', async () => {
    const flagSetId = 'silent/production'
    const config = (shown: boolean) => ({
      schema: 1 as const,
      flagSetId,
      id: '',
      flags: { quiet: aFlag({ on: shown }) },
      segments: {},
      killed: [],
      killedAt: '1.0.00000000',
    })
    await publishConfig(jackstaff.databaseUrl, config(false))
    const { body } = await jackstaff.api('POST', '/projects/silent/environments/production/keys', {
      kind: 'server',
      name: 'silent',
    })
    const stream = await listen(undefined, body.key)
    await stream.next('put')
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const id = await publishConfig(jackstaff.databaseUrl, config(i % 2 === 0))
      const committed = performance.now()
      waits.push((await told(stream, id)).at - committed)
    }
    const slowest = Math.round(Math.max(...waits))
    console.log(`without NOTIFY, ten changes were streamed at most ${slowest} ms after their commit`)
    expect(slowest).toBeLessThan(1_000)
  })

  it('is told of again once the database has hung up on who listens', async () => {
    const sql = connect(jackstaff.databaseUrl, { max: 1 })
    const listeners = () => sql`
      select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`
    const [lost] = await until('a listener', listeners)
    await sql`select pg_terminate_backend(${lost!.pid})`
    await until('another listener', async () => (await listeners()).some(({ pid }) => pid !== lost!.pid))
    await sql.end()
    const stream = await listen()
    const id = await publish(51)
    await told(stream, id)
  })
})

describe('the end of a stream', () => {
  it('comes when its environment is deleted, and nothing opens it again', async () => {
    await jackstaff.api('POST', '/projects/shop/environments', { key: 'passing', name: 'Passing' })
    const { body } = await jackstaff.api('POST', '/projects/shop/environments/passing/keys', {
      kind: 'server',
      name: 'passing',
    })
    const stream = await listen(undefined, body.key)
    await stream.next('hello')
    expect((await jackstaff.api('DELETE', '/projects/shop/environments/passing')).status).toBe(204)
    expect((await stream.next('bye')).data.reason).toBe('removed')
    await until('the stream to end', () => stream.ended())
    expect((await raw(`${jackstaff.url}/config`, { headers: bearer(body.key) })).status).toBe(401)
  })

  it('comes in waves when the process stops: it is not ready meanwhile, and answers requests still', async () => {
    const readers = await Promise.all(Array.from({ length: 480 }, () => listen()))
    await Promise.all(readers.map((reader) => reader.next('hello')))
    const ending = jackstaff.program.end()
    await until('the first goodbye', () =>
      readers.some(({ frames }) => frames.some(({ event }) => event === 'bye')),
    )
    const [ready, config, stream, flag] = await Promise.all([
      raw(`${jackstaff.url}/readyz`),
      raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) }),
      raw(`${jackstaff.url}/config/stream`, { headers: bearer(serverKey) }),
      jackstaff.api('GET', PRODUCTION),
    ])
    expect([ready.status, config.status, stream.status, flag.status]).toEqual([503, 200, 503, 200])
    await ending
    for (const reader of readers) {
      const { retry, reason } = (await reader.next('bye')).data
      expect([reason, retry < 1_000]).toEqual(['draining', true])
    }
    await jackstaff.startAgain()
  })

  it('comes with a goodbye when the process stops, and another process replays what was missed', async () => {
    const missed = parsedOf(await newest()).id
    const id = await publish(61)
    const stream = await listen(id)
    await jackstaff.program.end()
    expect((await stream.next('bye')).data).toMatchObject({ reason: 'draining', retry: expect.any(Number) })
    await jackstaff.startAgain()

    const current = await listen(id)
    const next = await publish(62)
    await told(current, next)
    expect(current.frames.map(({ event }) => event)).toEqual(['hello', 'patch'])
    expect(current.frames[1]!.data.from).toBe(id)

    const behind = await listen(missed)
    expect((await behind.next('patch')).data).toMatchObject({ from: missed, to: next })
    const since = await raw(`${jackstaff.url}/config?since=${missed}`, { headers: bearer(serverKey) })
    expect(since.status).toBe(200)
  })
})
