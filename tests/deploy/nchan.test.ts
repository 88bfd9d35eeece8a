import { OpenFeature } from '@openfeature/server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../providers/server/src'
import { type Nginx, startNginx } from '../support/deployed-nginx'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { freePort, until } from '../support/process'
import { raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

// nginx with nchan holds the streams of an edge, by the file that is shipped: deploy/nchan/nginx.conf.

const STREAMS = 100
const KILL_MS = 1_000

let jackstaff: Jackstaff
let edge: Edge
let nginx: Nginx
let keys: Awaited<ReturnType<typeof seedShop>>
let publisher: string
let streams: Stream[] = []
const client = OpenFeature.getClient()

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
  publisher = `127.0.0.1:${await freePort()}`
  edge = await startEdgeAt(await freePort())
  nginx = await startNginx('nchan', '127.0.0.1:8082', {
    '127.0.0.1:8083': publisher,
    '127.0.0.1:3001': new URL(edge.url).host,
    '127.0.0.1:3002': new URL(edge.url).host,
    'nchan_shared_memory_size 256m;': 'nchan_shared_memory_size 32m;',
  })
  await OpenFeature.setContext({ targetingKey: 'user-1' })
  await OpenFeature.setProviderAndWait(new JackstaffProvider({ url: nginx.url, key: keys.serverKey }))
  streams = await Promise.all(Array.from({ length: STREAMS }, () => openStream(nginx.url, keys.serverKey)))
})
afterAll(async () => {
  await OpenFeature.close()
  for (const stream of streams) stream.close()
  await nginx?.stop()
  await edge?.program.end()
  await jackstaff?.stop()
})

const startEdgeAt = (port: number) =>
  startEdge(jackstaff, { JACKSTAFF_NCHAN_URL: `http://${publisher}/publish`, PORT: String(port) })
const heldBy = async ({ url }: Edge): Promise<number> =>
  JSON.parse((await raw(`${url}/readyz`)).body.toString('utf8')).streams

async function publish(percent: number): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const sent = { 'if-match': headers.get('etag')! }
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), sent)
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

async function kill() {
  const { headers } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
  const id = headers.get('x-jackstaff-version')!.replace('production=', '')
  const lift = () =>
    jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': headers.get('etag')! })
  return { id, lift }
}

const patchTo = (id: string, { frames }: Stream) => frames.find((frame) => frame.id === id)
const everyoneHears = (id: string) =>
  until(`everyone to hear of ${id}`, () => streams.every((stream) => patchTo(id, stream)))

describe('nginx with nchan in front of an edge', () => {
  it('holds every stream, and the edge none', async () => {
    const [stream] = streams
    expect(stream!.headers['content-type']).toBe('text/event-stream')
    expect(stream!.headers['x-accel-redirect']).toBeUndefined()
    expect((await stream!.next('hello')).data).toMatchObject({ heartbeat: 10_000, ack: false })
    expect(await heldBy(edge)).toBe(0)
  })

  it('brings changes and kills to everyone within a second, in order', async () => {
    const first = await publish(100)
    await everyoneHears(first)
    await until('the provider to have it', () => client.getBooleanValue('checkout', false))
    const began = performance.now()
    const { id, lift } = await kill()
    await everyoneHears(id)
    await until('the provider to have it', async () => !(await client.getBooleanValue('checkout', true)))
    expect(Math.max(...streams.map((stream) => patchTo(id, stream)!.at - began))).toBeLessThan(KILL_MS)
    for (const stream of streams) expect(patchTo(id, stream)!.data.from).toBe(first)
    await lift()
  })

  it('tells whoever comes late where things stand', async () => {
    const { id, lift } = await kill()
    await everyoneHears(id)
    const late = await openStream(nginx.url, keys.serverKey)
    expect((await late.next('hello')).data.id).toBe(id)
    expect((await late.next('patch')).data).toMatchObject({ to: id, killed: ['checkout'] })
    late.close()
    await lift()
  })

  it('lets in whom the edge lets in, each to its own view', async () => {
    expect((await openStream(nginx.url, `${keys.serverKey.slice(0, -3)}xyz`)).status).toBe(401)
    for (const path of ['/held/a/b', '/publish/a']) expect((await raw(nginx.url + path)).status).toBe(404)
    const page = await openStream(nginx.url, keys.clientKey, undefined, { origin: 'https://shop.example' })
    expect(page.headers['access-control-allow-origin']).toMatch(/^(\*|https:\/\/shop\.example)$/)
    await page.next('hello')
    page.close()
  })

  it('ends the streams of a key that was revoked', async () => {
    const path = '/projects/shop/environments/production/keys'
    const { body } = await jackstaff.api('POST', path, { kind: 'server', name: 'passing' })
    const passing = await openStream(nginx.url, body.key)
    await passing.next('hello')
    await jackstaff.api('DELETE', `${path}/${body.id}`)
    expect((await passing.next('bye')).data.reason).toBe('revoked')
    await until('the stream to end', () => passing.ended())
    expect(streams.some((stream) => stream.ended())).toBe(false)
  })

  it('keeps streams while no edge is there; the next one tells what was missed', async () => {
    await edge.program.end('SIGKILL')
    const { id } = await kill()
    edge = await startEdgeAt(Number(new URL(edge.url).port))
    const told = ({ frames }: Stream) => frames.find(({ data }) => data.to === id)
    await until('everyone to hear of it', () => streams.every(told))
    expect(told(streams[0]!)!.data).toMatchObject({ from: id, killed: ['checkout'], flags: {} })
    await until('the provider to have it', async () => !(await client.getBooleanValue('checkout', true)))
    expect(streams.some((stream) => stream.ended())).toBe(false)
  })

  it('says every ten seconds where things stand, which keeps streams alive', async () => {
    const [stream] = streams
    const before = stream!.frames.length
    const isAgain = () => stream!.frames.slice(before).some(({ event }) => event === 'hello')
    await until('one more', isAgain, 30_000)
    expect(client.providerStatus).toBe('READY')
  })
})
