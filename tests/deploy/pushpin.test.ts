import { OpenFeature } from '@openfeature/server-sdk'
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../providers/server/src'
import { JackstaffWebProvider } from '../../providers/web/src'
import { type Edge, startEdge } from '../support/edge'
import { type Follower, followStream } from '../support/follower'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { freePort, until } from '../support/process'
import { type Pushpin, portsOfPushpin, startPushpin } from '../support/pushpin'
import { raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

// Pushpin holds the streams of two edges, by the files that are shipped: deploy/pushpin.

const STREAMS = 100
const KILL_MS = 1_000

let jackstaff: Jackstaff
let edges: Edge[]
let pushpin: Pushpin
let serverKey: string
let settled: Stream
let followers: Follower[] = []
let ports: Awaited<ReturnType<typeof portsOfPushpin>>

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  ports = await portsOfPushpin()
  edges = [await edge(await freePort()), await edge(await freePort())]
  pushpin = await startPushpin(ports, edges, serverKey)
  settled = await openStream(pushpin.url, serverKey)
  followers = Array.from({ length: STREAMS }, () => followStream(pushpin.url, serverKey))
  await subscribed()
})
afterAll(async () => {
  settled?.close()
  for (const follower of followers) follower.close()
  await pushpin?.stop()
  for (const { program } of edges ?? []) await program.end()
  await jackstaff?.stop()
})

const edge = (port: number) => startEdge(jackstaff, { JACKSTAFF_GRIP_URL: ports.grip, PORT: String(port) })
const streamsOf = async ({ url }: Edge): Promise<number> =>
  JSON.parse((await raw(`${url}/readyz`)).body.toString('utf8')).streams

let percent = 10
async function publish(): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const sent = { 'if-match': headers.get('etag')! }
  const answer = await jackstaff.api('PUT', PRODUCTION, share(++percent), sent)
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

async function kill() {
  const { headers } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
  const id = headers.get('x-jackstaff-version')!.replace('production=', '')
  const lift = () =>
    jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': headers.get('etag')! })
  return { id, lift }
}

/** Pushpin may pass on how a stream begins before it listens for more: replaces those that missed the next version. */
async function subscribed(): Promise<void> {
  await until('all streams', () => followers.every((follower) => follower.id() !== undefined))
  const id = await publish()
  const knows = (follower: Follower) => follower.frames().some(({ data }) => data.to === id)
  await until('everyone to hear of it', () => followers.every(knows))
  const late = followers.filter((follower) => follower.id() !== id)
  if (late.length === 0) return
  for (const follower of late) follower.close()
  followers = followers.map((follower) =>
    late.includes(follower) ? followStream(pushpin.url, serverKey) : follower,
  )
  await subscribed()
}

const framesOf = (id: string, { frames }: Pick<Follower, 'frames'>) =>
  frames().filter((frame) => frame.id === id)
const everyoneHolds = (id: string) =>
  until(`everyone to hold ${id}`, () => followers.every((follower) => follower.id() === id), 20_000)
const broken = () => followers.flatMap((follower) => follower.broken())

describe('Pushpin in front of two edges', () => {
  it('holds every stream, and the edges none', async () => {
    expect([settled.status, settled.headers['content-type']]).toEqual([200, 'text/event-stream'])
    expect(Object.keys(settled.headers).filter((name) => name.startsWith('grip'))).toEqual([])
    expect((await settled.next('hello')).data).toMatchObject({ heartbeat: 10_000, ack: false })
    expect(await Promise.all(edges.map(streamsOf))).toEqual([0, 0])
  })

  it('brings each version to everyone once, whichever edge tells it', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at++) ids.push(await publish())
    await everyoneHolds(ids.at(-1)!)
    const heard = followers.map((follower) =>
      follower
        .frames()
        .flatMap(({ id }) => id ?? [])
        .slice(-5),
    )
    expect(heard).toEqual(followers.map(() => ids))
    expect(broken()).toEqual([])
  })

  it('brings a kill to everyone within a second', async () => {
    const began = performance.now()
    const { id, lift } = await kill()
    await everyoneHolds(id)
    const took = followers.map((follower) => framesOf(id, follower)[0]!.at - began)
    expect(Math.max(...took)).toBeLessThan(KILL_MS)
    await lift()
  })

  it('is no different to providers', async () => {
    const key = { kind: 'client', mode: 'residual', name: 'page' }
    const page = await jackstaff.api('POST', '/projects/shop/environments/production/keys', key)
    const { url } = pushpin
    await OpenFeature.setContext({ targetingKey: 'user-1' })
    await WebOpenFeature.setContext({ targetingKey: 'user-1' })
    percent = 99
    await everyoneHolds(await publish())
    await OpenFeature.setProviderAndWait(new JackstaffProvider({ url, key: serverKey }))
    await WebOpenFeature.setProviderAndWait(new JackstaffWebProvider({ url, key: page.body.key }))
    const everywhere = async (value: boolean) =>
      (await OpenFeature.getClient().getBooleanValue('checkout', !value)) === value &&
      WebOpenFeature.getClient().getBooleanValue('checkout', !value) === value
    await until('both to have it', () => everywhere(true))
    const { lift } = await kill()
    await until('both to hear of the kill', () => everywhere(false), KILL_MS)
    expect(await Promise.all(edges.map(streamsOf))).toEqual([0, 0])
    await lift()
    percent = 50
    await Promise.all([OpenFeature.close(), WebOpenFeature.close()])
  })

  it('lets a client go on where it was', async () => {
    const before = await publish()
    await everyoneHolds(before)
    await everyoneHolds(await publish())
    const now = await publish()
    await everyoneHolds(now)
    const back = await openStream(pushpin.url, serverKey, before)
    expect((await back.next('patch')).data.from).toBe(before)
    await until('it to be current', () => back.frames.some(({ data }) => data.to === now))
    expect(new Set(back.frames.map(({ event }) => event))).toEqual(new Set(['hello', 'patch']))
    back.close()
  })

  it('ends the streams of a key that was revoked, and refuses it', async () => {
    const keys = '/projects/shop/environments/production/keys'
    const { body } = await jackstaff.api('POST', keys, { kind: 'server', name: 'passing' })
    const passing = await openStream(pushpin.url, body.key)
    await passing.next('put')
    await jackstaff.api('DELETE', `${keys}/${body.id}`)
    expect((await passing.next('bye')).data.reason).toBe('revoked')
    await until('the stream to end', () => passing.ended())
    // The other edge may hear of it a moment later.
    await until('it to be refused', async () => {
      const again = await openStream(pushpin.url, body.key)
      again.close()
      return again.status === 401
    })
    expect(settled.ended()).toBe(false)
  })

  it('ends the streams of a key when it expires', async () => {
    const expiresAt = new Date(Date.now() + 2_000).toISOString()
    const key = { kind: 'server', name: 'brief', expiresAt }
    const { body } = await jackstaff.api('POST', '/projects/shop/environments/production/keys', key)
    const brief = await openStream(pushpin.url, body.key)
    await brief.next('put')
    await brief.next('bye')
    await until('the stream to end', () => brief.ended())
  })

  it('is believed for its signature alone', async () => {
    const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"exp":9e9}').toString('base64url')}.AAAA`
    for (const signature of ['', 'a.b', forged]) {
      const stream = await openStream(edges[0]!.url, serverKey, undefined, { 'grip-sig': signature })
      expect(stream.headers['grip-hold']).toBeUndefined()
      await stream.next('put')
      expect(await streamsOf(edges[0]!)).toBe(1)
      stream.close()
      await until('it to be gone', async () => (await streamsOf(edges[0]!)) === 0)
    }
  })

  it('needs one edge: the other may go', async () => {
    await edges[0]!.program.end('SIGKILL')
    await everyoneHolds(await publish())
    expect(broken()).toEqual([])
  })

  it('keeps streams while no edge is there; the next one tells what was missed', async () => {
    await edges[1]!.program.end('SIGKILL')
    const { id, lift } = await kill()
    expect(settled.ended()).toBe(false)
    edges[1] = await edge(Number(new URL(edges[1]!.url).port))
    const told = await until('the stream to hear of it', () =>
      settled.frames.find(({ data }) => data.to === id),
    )
    expect(told.data).toMatchObject({ from: id, to: id, killed: ['checkout'], flags: {} })
    expect(told.id).toBeUndefined()
    await lift()
  })

  it('keeps quiet streams alive', async () => {
    await until('a heartbeat', () => settled.heartbeats() > 0, 30_000)
  })
})
