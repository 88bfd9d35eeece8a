import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { follow, parsedOf, seen } from '../support/follow'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { newSeed, randomFrom } from '../support/random'
import { HIDDEN, randomChange, seedRandomProject } from '../support/random-changes'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

let jackstaff: Jackstaff
const keys = { server: '', client: '' }
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
  Object.assign(keys, await keysOf('shop'))
})
afterAll(() => jackstaff?.stop())

async function keysOf(project: string) {
  const path = `/projects/${project}/environments/production/keys`
  const server = await jackstaff.api('POST', path, { kind: 'server', name: 'server' })
  const client = await jackstaff.api('POST', path, { kind: 'client', mode: 'full', name: 'browser' })
  return { server: server.body.key as string, client: client.body.key as string }
}

/** The config that a key is served once nothing is on its way any more. */
async function newest(key: string, project = 'shop') {
  const { environments } = (await jackstaff.api('GET', `/projects/${project}`)).body
  const { configId } = environments.find((environment: { key: string }) => environment.key === 'production')
  const answer = await raw(`${jackstaff.url}/config?min=${configId}`, { headers: bearer(key) })
  return seen(parsedOf(answer.body.toString('utf8')))
}

const heardOf = (stream: Stream, id: string) =>
  until(`the stream to come to ${id}`, () =>
    stream.frames.some(({ data }) => data.id === id || data.to === id),
  )

const FLAGS = '/projects/shop/flags'
const at = (flag: string) => `${FLAGS}/${flag}/environments/production`

async function edit(method: string, path: string, body: object) {
  const { headers } = await jackstaff.api('GET', path)
  const answer = await jackstaff.api(method, path, body, { 'if-match': headers.get('etag')! })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

const serving = (...segments: string[]) => ({
  on: true,
  offVariant: 'off',
  rules: segments.map((segment) => ({ id: segment, when: { segment }, serve: { variant: 'on' } })),
  fallthrough: { variant: 'off' },
})

describe('what a client key is served', () => {
  let stream: Stream
  beforeAll(async () => {
    const { api } = jackstaff
    await api('PUT', '/projects/shop/attributes', { attributes: { age: 'public' } })
    const adults = [{ attribute: 'age', op: 'gte', values: [18] }]
    await api('POST', '/projects/shop/segments', { key: 'covert-staff', name: 'Staff', included: ['ana'] })
    await api('POST', '/projects/shop/segments', { key: 'adults', name: 'Adults', any: adults })
    await api('POST', '/projects/shop/segments', {
      key: 'grown',
      name: 'Grown',
      any: [{ segment: 'adults' }],
    })
    for (const key of ['banner', 'covert-launch', 'later'])
      await api('POST', FLAGS, { key, name: key, type: 'boolean', browser: key === 'banner' })
    await edit('PUT', at('banner'), serving('grown'))
    await edit('PUT', at('covert-launch'), serving('covert-staff', 'adults'))
    await edit('PUT', at('later'), serving('adults'))
    await newest(keys.client)
    stream = await openStream(jackstaff.url, keys.client)
    await stream.next('put')
  })
  afterAll(() => stream?.close())

  it('are the flags available to browsers, and the segments that these reach', async () => {
    const config = await newest(keys.client)
    expect(Object.keys(config.flags)).toEqual(['banner'])
    expect(Object.keys(config.segments).sort()).toEqual(['adults', 'grown'])
    expect(Object.keys((await newest(keys.server)).flags).sort()).toEqual([
      'banner',
      'covert-launch',
      'later',
    ])
  })

  it('are the kills of such flags alone', async () => {
    for (const flag of ['covert-launch', 'banner', 'later'])
      await jackstaff.api('PUT', `${at(flag)}/kill`, { reason: 'drill' })
    expect((await newest(keys.server)).killed).toEqual(['banner', 'covert-launch', 'later'])
    expect((await newest(keys.client)).killed).toEqual(['banner'])
  })

  it('gains a flag by patch, with its kill and its segments, when it is made available', async () => {
    await edit('PUT', at('banner'), serving())
    await edit('PATCH', `${FLAGS}/later`, { browser: true })
    const config = await newest(keys.client)
    expect(Object.keys(config.flags).sort()).toEqual(['banner', 'later'])
    expect(Object.keys(config.segments)).toEqual(['adults'])
    expect(config.killed).toEqual(['banner', 'later'])
    await heardOf(stream, config.id)
    expect(seen(follow(stream.frames))).toEqual(config)
  })

  it('loses it by patch when it is taken back', async () => {
    await edit('PATCH', `${FLAGS}/later`, { browser: false })
    const config = await newest(keys.client)
    expect(Object.keys(config.flags)).toEqual(['banner'])
    expect([config.segments, config.killed]).toEqual([{}, ['banner']])
    await heardOf(stream, config.id)
    expect(stream.frames.at(-1)!.data.flags).toEqual({ later: null })
    expect(seen(follow(stream.frames))).toEqual(config)
  })

  it('never names a flag or a segment that browsers do not see, whatever is done to it', async () => {
    const { api } = jackstaff
    const { body } = await api('GET', at('covert-launch'))
    await api('DELETE', `${at('covert-launch')}/kill`, undefined, { 'if-match': `"${body.kill.id}"` })
    await edit('PUT', at('covert-launch'), serving('covert-staff'))
    await edit('PUT', '/projects/shop/segments/covert-staff', { name: 'Staff', included: ['bo'] })
    await edit('PATCH', `${FLAGS}/covert-launch`, { variants: { on: true, off: false, covert: true } })
    await api('DELETE', `${FLAGS}/covert-launch`)
    await api('POST', `${FLAGS}/covert-launch/restore`)
    const { id } = await newest(keys.client)
    await heardOf(stream, id)
    const since = await raw(`${jackstaff.url}/config?since=${stream.frames[1]!.id}`, {
      headers: bearer(keys.client),
    })
    const late = await openStream(jackstaff.url, keys.client, stream.frames[1]!.id)
    await late.next('patch')
    late.close()
    const said =
      [...stream.frames, ...late.frames].map(({ text }) => text).join() + since.body.toString('utf8')
    expect(said.length).toBeGreaterThan(2_000)
    expect(said).toContain('banner')
    expect(said).not.toContain('covert')
  })
})

const made = (statuses: readonly number[]) => statuses.filter((status) => status < 300).length

describe('after 300 random changes by four people at once', () => {
  const seed = newSeed()
  const streams: { key: string; stream: Stream }[] = []
  let answers: number[] = []

  beforeAll(async () => {
    console.log(`random changes with SEED=${seed}`)
    await seedRandomProject(jackstaff.api)
    for (const key of Object.values(await keysOf('random'))) {
      await newest(key, 'random')
      const stream = await openStream(jackstaff.url, key)
      await stream.next('put')
      streams.push({ key, stream })
    }
    const worker = async (random: ReturnType<typeof randomFrom>) => {
      const statuses: number[] = []
      while (made(statuses) < 75) statuses.push((await randomChange(jackstaff.api, random)).status)
      return statuses
    }
    answers = (await Promise.all([0, 1, 2, 3].map((n) => worker(randomFrom(seed + n))))).flat()
  })
  afterAll(() => {
    for (const { stream } of streams) stream.close()
  })

  it('each was answered: made, or refused in words', () => {
    const count = (from: number, to: number) =>
      answers.filter((status) => status >= from && status < to).length
    console.log(`${count(200, 300)} changes were made, ${count(400, 500)} refused`)
    expect(count(500, 600)).toBe(0)
    expect(count(200, 300)).toBeGreaterThan(150)
  })

  it('the frames of a stream amount to the config that is fetched, for either kind of key', async () => {
    for (const { key, stream } of streams) {
      const config = await newest(key, 'random')
      await heardOf(stream, config.id)
      expect(stream.frames.filter(({ event }) => event === 'resync')).toEqual([])
      expect(seen(follow(stream.frames)), `SEED=${seed}`).toEqual(config)
    }
  })

  it('each state on the way was the one that the history keeps', async () => {
    const { frames } = streams[0]!.stream
    for (let i = 2; i < frames.length; i += Math.ceil(frames.length / 20)) {
      const { id, flags, segments, killed } = seen(follow(frames.slice(0, i)))
      const version = id.split('.')[1]
      const { body } = await jackstaff.api(
        'GET',
        `/projects/random/environments/production/versions/${version}`,
      )
      expect(body.id).toBe(id)
      expect(seen(parsedOf({ ...body.config, schema: 1, flagSetId: 'x', id, killedAt: id }))).toMatchObject({
        flags,
        segments,
        killed,
      })
    }
  })

  it('no frame for browsers has named what they never see', () => {
    const said = streams[1]!.stream.frames.map(({ text }) => text).join()
    for (const key of HIDDEN) expect(said).not.toContain(key)
    expect(said).not.toContain('hidden')
    expect(said).toContain('shown-a')
  })

  it('the chain of hashes holds, and every version names exactly one audit entry', async () => {
    expect(await verifyHistory(jackstaff.databaseUrl)).toBeGreaterThan(150)
  })
})
