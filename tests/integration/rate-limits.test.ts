import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, apiOf } from '../support/api'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { personOf, tokenOf, withSql } from '../support/people'
import { until } from '../support/process'
import { bearer, type Raw, raw } from '../support/raw-http'
import { type RedisServer, startRedis } from '../support/redis'
import { scimOf } from '../support/scim'

// Two nodes that share a Redis, with small budgets, behind a proxy that they trust: X-Forwarded-For says who asks.

const BUDGETS = {
  JACKSTAFF_TRUSTED_PROXIES: '127.0.0.1',
  JACKSTAFF_LIMIT_READS: '5/600',
  JACKSTAFF_LIMIT_WRITES: '20/600',
  JACKSTAFF_LIMIT_KILLS: '3/600',
  JACKSTAFF_LIMIT_SIGN_IN: '3/600',
  JACKSTAFF_LIMIT_INVITES: '20/600',
  JACKSTAFF_LIMIT_SCIM: '4/600',
  JACKSTAFF_LIMIT_WEBHOOK_TESTS: '2/600',
  JACKSTAFF_LIMIT_CONFIG: '4/600',
  JACKSTAFF_LIMIT_STREAMS: '2/600',
  JACKSTAFF_LIMIT_TELEMETRY: '2/600',
}

let redis: RedisServer
let jackstaff: Jackstaff
let second: Jackstaff
let serverKey: string
beforeAll(async () => {
  redis = await startRedis()
  jackstaff = await startJackstaff({ ...BUDGETS, REDIS_URL: redis.url })
  const { DATABASE_URL, JACKSTAFF_SECRET } = jackstaff.env
  second = await startJackstaff({
    ...BUDGETS,
    REDIS_URL: redis.url,
    DATABASE_URL: DATABASE_URL!,
    JACKSTAFF_SECRET: JACKSTAFF_SECRET!,
  })
  serverKey = (await seedShop(jackstaff)).serverKey
  await until('Redis to count', async () => (await redis.say('KEYS', 'jackstaff:limit:*')).length > 10)
})
afterAll(async () => {
  await second?.program.end()
  await jackstaff?.stop()
  await redis?.remove()
})

let clients = 0
/** An address that nobody else has. */
const somewhere = () => ({ 'x-forwarded-for': `198.51.100.${++clients}` })

/** Asks until it is refused; answers with how often it was not, and with the refusal. */
async function untilRefused<A extends { status: number }>(ask: () => Promise<A>, most = 200) {
  for (let answered = 0; answered < most; answered++) {
    const answer = await ask()
    if (answer.status === 429) return { answered, refused: answer }
  }
  throw new Error(`${most} requests were not refused`)
}

/** As RFC 9457 and the draft of the fields have it. */
function expectTold({ status, headers, body }: Answer, name: string, quota: number) {
  expect([status, headers.get('content-type')]).toEqual([429, 'application/problem+json'])
  expect(body).toMatchObject({
    title: 'Too many requests',
    detail: expect.stringContaining(`"${name}" allows ${quota}`),
  })
  expect(headers.get('ratelimit-policy')).toContain(`"${name}";q=${quota};w=600`)
  expect(headers.get('ratelimit')).toMatch(new RegExp(`"${name}";r=0;t=\\d+`))
  const wait = Number(headers.get('retry-after'))
  expect(wait).toBeGreaterThan(500)
  expect(wait).toBeLessThanOrEqual(720)
}

describe('the budget of a credential', () => {
  it('is told with each answer, and ends with 429', async () => {
    const { api } = await tokenOf(jackstaff, 'viewer')
    const from = somewhere()
    const first = await api('GET', '/projects', undefined, from)
    expect(first.headers.get('ratelimit-policy')).toBe('"reads-address";q=50;w=600, "reads";q=5;w=600')
    expect(first.headers.get('ratelimit')).toMatch(/^"reads-address";r=49;t=\d+, "reads";r=4;t=\d+$/)
    const { answered, refused } = await untilRefused(() => api('GET', '/projects', undefined, from))
    expect(answered).toBe(4)
    expectTold(refused, 'reads', 5)
  })

  it('is its own: not that of others at its address, and not that of its writes', async () => {
    const from = somewhere()
    const [one, other] = [await tokenOf(jackstaff, 'admin'), await tokenOf(jackstaff, 'admin')]
    await untilRefused(() => one.api('GET', '/projects', undefined, from))
    expect((await other.api('GET', '/projects', undefined, from)).status).toBe(200)
    expect((await one.api('POST', '/projects', { key: 'shop', name: 'Again' }, from)).status).toBe(409)
  })

  it('holds on all nodes that share a Redis', async () => {
    const { token } = await tokenOf(jackstaff, 'viewer')
    const from = { ...bearer(token), ...somewhere() }
    const statuses: number[] = []
    for (const node of [jackstaff, second, jackstaff, second, jackstaff, second, jackstaff])
      statuses.push((await fetch(`${node.url}/api/v1/projects`, { headers: from })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  })

  it('is small where a request makes us ask others, and SCIM has one of its own', async () => {
    const { api } = await tokenOf(jackstaff, 'admin')
    const tests = await untilRefused(() => api('POST', '/webhooks/nothing/test', undefined, somewhere()))
    expect(tests.answered).toBe(2)
    expectTold(tests.refused, 'webhook-tests', 2)
    const scim = await untilRefused(() => scimOf(jackstaff.url, jackstaff.token)('GET', '/Users'))
    expect(scim.answered).toBe(4)
    expect(scim.refused.headers.get('content-type')).toBe('application/scim+json')
    expect(Number(scim.refused.headers.get('retry-after'))).toBeGreaterThan(500)
    expect(scim.refused.body).toMatchObject({ status: '429' })
  })
})

describe('the budget of an address', () => {
  const stranger = (headers: Record<string, string>) =>
    fetch(`${jackstaff.url}/api/v1/projects`, { headers: { authorization: 'Bearer nothing', ...headers } })

  it('ends what strangers ask, before anybody is looked up, and nobody else is hit', async () => {
    const from = somewhere()
    const { answered } = await untilRefused(() => stranger(from))
    expect(answered).toBe(50)
    expect((await stranger(somewhere())).status).toBe(401)
  })

  it('is that of the last address that no trusted proxy has: what stands before it anybody wrote', async () => {
    const { 'x-forwarded-for': mine } = somewhere()
    let made = 0
    const { answered } = await untilRefused(() =>
      stranger({ 'x-forwarded-for': `203.0.113.${++made % 200}, ${mine}` }),
    )
    expect(answered).toBe(50)
  })
})

describe('an invite link', () => {
  it('has a budget a person, too: nobody is sent a hundred', async () => {
    const { id } = await personOf(jackstaff, 'viewer')
    const link = () => jackstaff.api('POST', `/people/${id}/link`, {}, somewhere())
    expect((await link()).status).toBe(201)
    const { refused } = await untilRefused(link)
    expectTold(refused, 'invites-account', 1)
  })
})

describe('signing in', () => {
  const attempt = (from: Record<string, string>) =>
    apiOf(jackstaff.url, null)(
      'POST',
      '/sign-in',
      { token: 'x'.repeat(43) },
      { 'sec-fetch-site': 'same-origin', ...from },
    )

  it('waits longer after each failure from one address, says so, and is recorded', async () => {
    const from = somewhere()
    const { answered, refused } = await untilRefused(() => attempt(from))
    expect(answered).toBeGreaterThanOrEqual(4) // three are free, and one has its turn
    expect(refused.body.detail).toContain('too many tries to sign in failed')
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(2)
    expect((await attempt(somewhere())).status).toBe(403)
    const ip = from['x-forwarded-for']
    const [row] = await withSql(
      jackstaff,
      (sql) => sql`select reason from audit where action = 'session.refused' and ip = ${ip}`,
    )
    expect(row).toBeDefined()
  })
})

describe('a kill', () => {
  it('has a budget of its own, which nobody else uses up, and is counted without Redis', async () => {
    const { api } = await tokenOf(jackstaff, 'publisher')
    const from = somewhere()
    await untilRefused(() => api('POST', '/projects', { key: 'x', name: 'No' }, from))
    for (let i = 0; i < 250; i++)
      await fetch(`${jackstaff.url}/api/v1${PRODUCTION}/kill`, { method: 'PUT', headers: from })
    const kill = () => api('PUT', `${PRODUCTION}/kill`, { reason: 'it broke' }, from)
    const { answered, refused } = await untilRefused(kill)
    expect(answered).toBe(3)
    expectTold(refused, 'kills', 3)
    expect(await redis.say('KEYS', 'jackstaff:limit:kills*')).toMatch(/^\*0/)
    expect(await redis.say('KEYS', 'jackstaff:limit:writes*')).not.toMatch(/^\*0/)
  })
})

describe('an application', () => {
  const at = (path: string, from: object, sent: object = {}): Promise<Raw> =>
    raw(jackstaff.url + path, {
      ...sent,
      headers: { ...bearer(serverKey), ...(from as Record<string, string>) },
    })

  it('has a budget of configs a key and address', async () => {
    const from = somewhere()
    const { answered, refused } = await untilRefused(() => at('/config', from))
    expect(answered).toBe(4)
    expect(refused.headers['content-type']).toBe('application/problem+json')
    expect(refused.headers['ratelimit-policy']).toBe('"config";q=4;w=600')
    expect(refused.headers.ratelimit).toMatch(/^"config";r=0;t=\d+$/)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500)
    expect((await at('/config', somewhere())).status).toBe(200)
  })

  it('has budgets of counts and of streams', async () => {
    const batch = {
      method: 'POST',
      body: JSON.stringify({ batch: 'b', client: 'test', counts: [], events: [] }),
    }
    const from = somewhere()
    expect((await untilRefused(() => at('/telemetry', from, batch))).answered).toBe(2)
    const open = async () => {
      const stop = new AbortController()
      const { status } = await fetch(`${jackstaff.url}/config/stream`, {
        headers: { ...bearer(serverKey), ...from },
        signal: stop.signal,
      })
      stop.abort()
      return { status }
    }
    expect((await untilRefused(open)).answered).toBe(2)
  })
})

describe('when Redis goes away', () => {
  it('each node counts by itself, and answers', async () => {
    redis.program.child.kill('SIGSTOP')
    const { api } = await tokenOf(jackstaff, 'viewer')
    const began = performance.now()
    const { answered } = await untilRefused(() => api('GET', '/projects', undefined, somewhere()))
    console.log(`six reads beside a Redis that hangs: ${Math.round(performance.now() - began)} ms`)
    expect(answered).toBe(5)
    redis.program.child.kill('SIGCONT')
    await redis.program.end('SIGKILL')
    const other = await tokenOf(jackstaff, 'viewer')
    expect((await untilRefused(() => other.api('GET', '/projects', undefined, somewhere()))).answered).toBe(5)
  })
})
