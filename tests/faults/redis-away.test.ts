import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { overTcp } from '@/lib/redis/tcp'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { follow } from '../support/follow'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { until } from '../support/process'
import { randomFrom } from '../support/random'
import { bearer, raw } from '../support/raw-http'
import { type RedisServer, startRedis } from '../support/redis'
import { silentPublisher } from '../support/silent-publisher'
import { openStream, type Stream } from '../support/stream'

// Redis makes things faster and nothing rests on it: whatever happens to it, kills, keys and changes arrive.

const PUBLISHES = inForm(150, 10_000)
const LOST = 0.3
const LAG_MS = 400 // a look every 250 ms, 50 ms of joining, and the machine

let redis: RedisServer
let jackstaff: Jackstaff
let edge: Edge
let serverKey: string
let stream: Stream

beforeAll(async () => {
  redis = await startRedis()
  jackstaff = await startJackstaff({ REDIS_URL: redis.url })
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff, { REDIS_URL: redis.url })
  stream = await openStream(edge.url, serverKey)
  await stream.next('put')
})
afterAll(async () => {
  stream?.close()
  await edge?.program.end()
  await jackstaff?.stop()
  await redis?.remove()
})

const told = (id: string, by: Stream = stream) =>
  until(
    `the stream to tell ${id}`,
    () => by.frames.find(({ data }) => data.to === id || data.id === id),
    5_000,
  )

/** Kills and lifts the kill; answers with how long each took to reach the edge's stream. */
async function killTwice(): Promise<number[]> {
  const taken: number[] = []
  const timed = async (change: () => ReturnType<Jackstaff['api']>) => {
    const began = performance.now()
    const answer = await change()
    expect(answer.status).toBeLessThan(300)
    const id = answer.headers.get('x-jackstaff-version')!.replace('production=', '')
    taken.push((await told(id)).at - began)
    return answer
  }
  const { headers } = await timed(() => jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' }))
  await timed(() =>
    jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': headers.get('etag')! }),
  )
  return taken
}

async function revokedWithin(): Promise<number> {
  const keys = '/projects/shop/environments/production/keys'
  const { body } = await jackstaff.api('POST', keys, { kind: 'server', name: 'passing' })
  const passing = await openStream(edge.url, body.key)
  await passing.next('hello')
  const began = performance.now()
  await jackstaff.api('DELETE', `${keys}/${body.id}`)
  const { data, at } = await passing.next('bye')
  expect(data.reason).toBe('revoked')
  expect((await raw(`${edge.url}/config`, { headers: bearer(body.key) })).status).toBe(401)
  return at - began
}

describe.each([
  ['redis-killed', 'is killed', () => redis.program.end('SIGKILL'), () => redis.startAgain()],
  ['redis-paused', 'answers nothing', async () => freeze('SIGSTOP'), async () => freeze('SIGCONT')],
  ['redis-flushed', 'forgets everything', () => redis.say('FLUSHALL'), async () => {}],
] as const)('%s: while Redis %s', (row, how, away, back) => {
  beforeAll(async () => {
    await away()
  })
  afterAll(async () => {
    await back()
  })

  it('kills arrive within a second, and a revoked key ends its streams', async () => {
    const kills: number[] = []
    for (let i = 0; i < 10; i++) kills.push(...(await killTwice()))
    const revoked = await revokedWithin()
    const worst = Math.max(...kills)
    console.log(
      `Redis ${how}: kills within ${Math.round(worst)} ms, a revoked key within ${Math.round(revoked)} ms`,
    )
    figure(row, 'until a kill arrives, slowest', worst, 'ms')
    expect(worst).toBeLessThan(1_000)
    expect(revoked).toBeLessThan(1_000)
  })

  it('a node starts', async () => {
    const late = await startEdge(jackstaff, { REDIS_URL: redis.url })
    const { status } = await raw(`${late.url}/config`, { headers: bearer(serverKey) })
    await late.program.end()
    expect(status).toBe(200)
  })
})

const freeze = (signal: NodeJS.Signals) => {
  process.kill(redis.program.child.pid!, signal)
}

describe(`while NOTIFY says nothing and ${LOST * 100} % of Redis' messages are lost`, () => {
  it(`no version of ${PUBLISHES} is missed, and none is later than ${LAG_MS} ms`, async () => {
    const publisher = await silentPublisher(jackstaff.databaseUrl, 'production')
    const messages = overTcp(redis.url)
    const random = randomFrom(20_261_125)
    const reader = await openStream(edge.url, serverKey)
    await reader.next('put')
    const committed = new Map<string, number>()
    const flag = (version: number) => ({
      version,
      on: true,
      variants: { on: true, off: false },
      fallthrough: { variant: 'on' },
    })
    for (let i = 0; i < PUBLISHES; i++) {
      const id = await publisher.publish({
        flags: { checkout: flag(i) as never },
        browser: { checkout: true },
      })
      committed.set(id, performance.now())
      if (!random.chance(LOST)) await messages.publish('jackstaff', 'published').catch(() => {})
      await sleep(random.below(60))
    }
    const last = [...committed.keys()].at(-1)!
    await told(last, reader)
    await publisher.close()
    await messages.close()

    const versions = [...committed.keys()]
    const patches = reader.frames.filter(({ event }) => event === 'patch')
    const lags = versions.map((id) => {
      const version = Number(id.split('.')[1])
      const frame = patches.find(({ data }) => Number(data.to.split('.')[1]) >= version)!
      return frame.at - committed.get(id)!
    })
    const sorted = [...lags].sort((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1]!)
    console.log(`lag of ${lags.length} versions: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`)
    figure(
      'redis-lossy',
      `until a version arrives with NOTIFY lost too, p99 of ${lags.length}`,
      at(0.99),
      'ms',
    )
    expect(follow(reader.frames).id).toBe(last) // each patch follows the one before it: a gap throws
    expect(at(0.99)).toBeLessThan(LAG_MS)
    reader.close()
  }, 900_000)
})
