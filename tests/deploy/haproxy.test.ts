import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployed, deployed } from '../support/deployed'
import { type Edge, startEdge } from '../support/edge'
import { type Follower, followStream } from '../support/follower'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { freePort, type Program, start, until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { type RedisServer, startRedis } from '../support/redis'

// Two edges behind one address, by the file that is shipped: deploy/haproxy/haproxy.cfg.

const STREAMS = 200
const KILL_MS = 1_000

let redis: RedisServer
let jackstaff: Jackstaff
let files: Deployed
let balancer: Program
let address: string
let serverKey: string
let edges: Edge[]
let followers: Follower[] = []

beforeAll(async () => {
  redis = await startRedis()
  jackstaff = await startJackstaff({ REDIS_URL: redis.url })
  serverKey = (await seedShop(jackstaff)).serverKey
  edges = [await edge(await freePort()), await edge(await freePort())]
  const port = await freePort()
  files = deployed('haproxy', {
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    '127.0.0.1:3001': new URL(edges[0]!.url).host,
    '127.0.0.1:3002': new URL(edges[1]!.url).host,
    '127.0.0.1:3000': new URL(jackstaff.url).host,
    'maxconn 50000': 'maxconn 2000',
  })
  address = `http://127.0.0.1:${port}`
  balancer = start('haproxy', ['-db', '-f', join(files.folder, 'haproxy.cfg')], {})
  await until(`haproxy: ${balancer.output()}`, async () => (await statusOf('/readyz')) === 200)
  followers = Array.from({ length: STREAMS }, () => followStream(address, serverKey))
  await until('all streams', () => followers.every((follower) => follower.id() !== undefined))
})
afterAll(async () => {
  for (const follower of followers) follower.close()
  await balancer?.end()
  for (const { program } of edges ?? []) await program.end()
  await jackstaff?.stop()
  await redis?.remove()
  files?.remove()
})

const edge = (port: number) => startEdge(jackstaff, { REDIS_URL: redis.url, PORT: String(port) })
const statusOf = (path: string) =>
  raw(address + path, { headers: bearer(serverKey) }).then(
    ({ status }) => status,
    () => 0,
  )
const streamsOf = async ({ url }: Edge): Promise<number> =>
  JSON.parse((await raw(`${url}/readyz`)).body.toString('utf8')).streams

/** Sends a change through the address that everyone uses; `tag`: the state that it replaces. */
async function change(method: string, path: string, tag?: string, body?: unknown) {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${jackstaff.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(tag === undefined ? {} : { 'if-match': tag }),
    },
    body: JSON.stringify(body),
  })
  expect(answer.status, await answer.text()).toBeLessThan(300)
  const id = answer.headers.get('x-jackstaff-version')!.replace('production=', '')
  return { id, tag: answer.headers.get('etag')! }
}
let percent = 10
async function publish(): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  return (await change('PUT', PRODUCTION, headers.get('etag')!, share(++percent))).id
}

const told = (id: string, by: Follower) => by.frames().find((frame) => frame.id === id)
const everyoneHolds = (id: string) =>
  until(`everyone to hold ${id}`, () => followers.every((follower) => follower.id() === id), 20_000)

async function propagation(id: string) {
  const path = `/projects/shop/environments/production/versions/${id.split('.')[1]}/propagation`
  return (await jackstaff.api('GET', path)).body
}

/** Nothing but patches that fit, each on top of the one before: no version was missed. */
const broken = () => followers.flatMap((follower) => follower.broken())

/** Starts again what has ended, on its port, and waits until it is sent traffic. */
async function backAgain(index: number): Promise<void> {
  edges[index] = await edge(Number(new URL(edges[index]!.url).port))
  const extra: Follower[] = []
  await until('the balancer to use it', async () => {
    if ((await streamsOf(edges[index]!)) > 0) return true
    extra.push(followStream(address, serverKey))
    return false
  })
  for (const follower of extra) follower.close()
}

/** What an edge leaves behind: its streams are on the other, and have every version. */
async function outlived(index: number, signal: NodeJS.Signals): Promise<void> {
  const [gone, other] = [edges[index]!, edges[1 - index]!]
  const before = followers.map((follower) => follower.opened())
  const stayed = () => followers.filter((follower, at) => follower.opened() === before[at])
  const ending = gone.program.end(signal)
  await publish()
  const asked = performance.now()
  const killed = await change('PUT', `${PRODUCTION}/kill`, undefined, { reason: 'test' })
  await everyoneHolds(killed.id)
  await ending
  const took = stayed().map((follower) => told(killed.id, follower)!.at - asked)
  expect(took.length).toBeGreaterThan(STREAMS / 4)
  expect(Math.max(...took)).toBeLessThan(KILL_MS)
  await everyoneHolds((await change('DELETE', `${PRODUCTION}/kill`, killed.tag)).id)
  expect(broken()).toEqual([])
  expect(stayed().length).toBeLessThan(STREAMS * 0.75)
  await until('all streams on the other', async () => (await streamsOf(other)) >= STREAMS)
}

describe('two edges behind HAProxy', () => {
  it('share the streams', async () => {
    const counts = await Promise.all(edges.map(streamsOf))
    expect(counts.reduce((sum, count) => sum + count)).toBe(STREAMS)
    expect(Math.min(...counts)).toBeGreaterThan(STREAMS * 0.45)
  })

  it('tell everyone, and their receipts add up', async () => {
    const id = await publish()
    await everyoneHolds(id)
    const all = await until('the receipts', async () => {
      const found = await propagation(id)
      return found.reached === STREAMS && found
    })
    expect(all).toMatchObject({ nodes: 2, connected: STREAMS, reached: STREAMS })
    expect(broken()).toEqual([])
  })

  it('answer configs and take counts', async () => {
    expect(await statusOf('/config')).toBe(200)
    const batch = { batch: crypto.randomUUID(), client: 'test/1', counts: [] }
    const sent = { method: 'POST', headers: bearer(serverKey), body: JSON.stringify(batch) }
    expect((await raw(`${address}/telemetry`, sent)).status).toBe(202)
  })

  it('lose one in order: its streams come back on the other, and miss nothing', async () => {
    await outlived(0, 'SIGTERM')
    await backAgain(0)
  })

  it('lose one at once: the same', async () => {
    const half = followers.splice(0, STREAMS / 2)
    for (const follower of half) follower.close()
    followers.push(...half.map(() => followStream(address, serverKey)))
    await until('all streams', () => followers.every((follower) => follower.id() !== undefined))
    await until('both to hold some', async () => (await streamsOf(edges[0]!)) > STREAMS / 4)
    await outlived(1, 'SIGKILL')
  })

  it('are never empty: while none is left, the address says 503, and streams come back with the first', async () => {
    await edges[0]!.program.end('SIGKILL')
    await until('the balancer to notice', async () => (await statusOf('/config')) === 503)
    await Promise.all([backAgain(0), backAgain(1)])
    await everyoneHolds(await publish())
    expect(broken()).toEqual([])
  })
})
