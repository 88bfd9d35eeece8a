import { randomBytes } from 'node:crypto'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf } from '../support/api'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { browserOf } from '../support/people'
import { freePort } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { type Receiver, startReceiver } from '../support/receiver'
import { type RedisServer, startRedis } from '../support/redis'
import { entraUser, scimOf } from '../support/scim'
import { dumpOf, foundIn, type Secrets } from '../support/secrets'
import { openStream } from '../support/stream'

// Every kind of secret is made and used, rightly and wrongly. Afterwards logs, database and Redis hold none of them.

const marked = () => `sentinel-${randomBytes(24).toString('hex')}`

const secrets: Secrets = new Map()
/** Marks what must be found nowhere. */
function keep(name: string, secret: string): string {
  expect(secret.length, name).toBeGreaterThan(20)
  secrets.set(name, secret)
  return secret
}

let redis: RedisServer
let receiver: Receiver
let jackstaff: Jackstaff
let edge: Edge
let metricsPort: number
beforeAll(async () => {
  redis = await startRedis()
  receiver = await startReceiver()
  metricsPort = await freePort()
  jackstaff = await startJackstaff({
    REDIS_URL: redis.url,
    LOG_LEVEL: 'debug',
    JACKSTAFF_SECRET: keep('JACKSTAFF_SECRET', marked()),
    JACKSTAFF_WEBHOOK_ALLOW: '127.0.0.0/8',
    JACKSTAFF_METRICS_PORT: String(metricsPort),
  })
  keep('bootstrap token', jackstaff.token)
  edge = await startEdge(jackstaff, { REDIS_URL: redis.url, LOG_LEVEL: 'debug' })
})
afterAll(async () => {
  await edge?.program.end()
  await jackstaff?.stop()
  await receiver?.close()
  await redis?.remove()
})

const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!
const page = { 'sec-fetch-site': 'same-origin' }

/** Set-up and a sign-in, as browsers do them. Answers with the API as a person has it. */
async function people() {
  const setUp = /\/setup\?token=([\w-]+)/.exec(jackstaff.program.output())![1]!
  const anonymous = apiOf(jackstaff.url, null)
  const ana = { name: 'Ana', email: 'ana@example.com' }
  const first = await anonymous('POST', '/setup', { ...ana, token: setUp }, page)
  expect(first.status).toBe(201)
  const cookie = cookieOf(first.headers)
  keep('session of set-up', cookie.split('=')[1]!)
  const person = browserOf(jackstaff, cookie)
  const guest = await person('POST', '/people', { name: 'Bo', email: 'bo@example.com' })
  const link = keep('sign-in link', new URL(guest.body.link).searchParams.get('token')!)
  const unused = await person('POST', `/people/${guest.body.id}/link`)
  keep('unused link', new URL(unused.body.link).searchParams.get('token')!)
  expect((await anonymous('POST', '/sign-in', { token: link }, page)).status).toBe(403) // the newer one ended it
  const again = await anonymous('POST', '/sign-in', { token: secrets.get('unused link') }, page)
  keep('session of a guest', cookieOf(again.headers).split('=')[1]!)
  await browserOf(jackstaff, cookieOf(again.headers))('POST', '/sign-out', {})
  const token = await person('POST', '/me/tokens', { name: 'Mine' })
  keep('personal token', token.body.token)
  expect((await apiOf(jackstaff.url, token.body.token)('GET', '/me')).status).toBe(200)
  return { person, setUp }
}

async function tokensAndKeys(person: ReturnType<typeof browserOf>) {
  const service = await person(
    'POST',
    '/tokens',
    { name: 'CI', grants: [{ role: 'admin' }] },
    { 'idempotency-key': keep('Idempotency-Key', marked()) },
  )
  keep('service token', service.body.token)
  const rotated = await person('POST', `/tokens/${service.body.id}/rotate`, { overlapHours: 1 })
  keep('rotated token', rotated.body.token)
  const { serverKey, clientKey } = await seedShop(jackstaff)
  keep('server key', serverKey)
  keep('client key', clientKey)
  const keys = '/projects/shop/environments/production/keys'
  const residual = await person(
    'POST',
    keys,
    { kind: 'client', mode: 'residual', name: 'pages' },
    { 'idempotency-key': marked() },
  )
  keep('client key of residuals', residual.body.key)
  const second = await person('POST', `${keys}/${serverKey.split('_').slice(1, 3).join('_')}/rotate`, {
    overlapHours: 1,
  })
  keep('rotated key', second.body.key)
  const connection = {
    kind: 'oidc',
    key: 'provider',
    name: 'Provider',
    issuer: 'https://idp.example.com',
    clientId: 'jackstaff',
    clientSecret: keep('client secret of a connection', marked()),
  }
  expect((await jackstaff.api('POST', '/sso/connections', connection)).status).toBe(201)
  const scim = await person('POST', '/tokens', { name: 'SCIM', grants: [{ role: 'admin' }] })
  keep('SCIM token', scim.body.token)
  const password = keep('password that SCIM sends', marked())
  await scimOf(jackstaff.url, scim.body.token)('POST', '/Users', { ...entraUser('cleo'), password })
  return { serverKey, clientKey }
}

async function webhooks(person: ReturnType<typeof browserOf>) {
  const path = keep('path of a webhook', marked())
  const hook = { name: 'Log', url: `${receiver.url}/${path}` }
  for (const at of ['/projects/shop/webhooks', '/webhooks']) {
    const made = await person('POST', at, hook)
    keep(`webhook secret of ${at}`, made.body.secret.slice('whsec_'.length))
    const rotated = await person('POST', `${at}/${made.body.id}/rotate`)
    keep(`rotated webhook secret of ${at}`, rotated.body.secret.slice('whsec_'.length))
    await person('POST', `${at}/${made.body.id}/test`)
  }
  await receiver.come(`/${path}`, 2)
}

/** All of it again, wrong: what fails is logged and recorded. */
async function mistakes(serverKey: string) {
  const wrong = (name: string) => keep(name, `${serverKey.slice(0, 15)}${marked()}`)
  for (const at of [jackstaff.url, edge.url]) {
    await raw(`${at}/config`, { headers: bearer(wrong('wrong key')) })
    await raw(`${at}/config?key=${serverKey}`)
    await raw(`${at}/config`, { headers: { ...bearer(serverKey), origin: 'https://evil.example' } })
    await raw(`${at}/telemetry`, { method: 'POST', headers: bearer(serverKey), body: 'no JSON' })
  }
  for (const name of ['wrong token', 'wrong link']) {
    const token = keep(name, marked())
    await apiOf(jackstaff.url, token)('POST', '/projects', { key: 'x', name: 'X' })
    await apiOf(jackstaff.url, null)('POST', '/sign-in', { token }, page)
    await jackstaff.api('POST', '/projects', `{"key": "${token}`)
  }
}

async function use(serverKey: string, clientKey: string) {
  await jackstaff.api('PUT', PRODUCTION, share(50), { 'if-match': '*' })
  for (const at of [jackstaff.url, edge.url]) {
    const stream = await openStream(at, serverKey)
    await stream.next('put')
    stream.close()
    await raw(`${at}/config?key=${clientKey}`)
    await raw(`${at}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: bearer(clientKey),
      body: '{"context":{}}',
    })
    const batch = { batch: 'b', client: 'test', counts: [], events: [] }
    await raw(`${at}/telemetry`, { method: 'POST', headers: bearer(serverKey), body: JSON.stringify(batch) })
  }
}

async function dumpOfRedis(): Promise<string> {
  const client = createClient({ url: redis.url })
  await client.connect()
  const keys = await client.keys('*')
  const values = await Promise.all(keys.map((key) => client.get(key)))
  client.destroy()
  expect(keys.length).toBeGreaterThan(2)
  return [...keys, ...values].join('\n')
}

it('leaves no secret in logs, in the database, in Redis, nor in metrics', async () => {
  const { person, setUp } = await people()
  const { serverKey, clientKey } = await tokensAndKeys(person)
  await webhooks(person)
  await use(serverKey, clientKey)
  await mistakes(serverKey)

  const cached = await dumpOfRedis()
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(metrics).toContain('jackstaff_http_request_seconds')
  await edge.program.end() // what it has counted is written now
  await jackstaff.program.end()
  const rows = await dumpOf(jackstaff.databaseUrl)
  expect(rows).toMatch(/^misused_key: [1-9]/m)
  const logs = jackstaff.program.output() + edge.program.output()

  expect(foundIn(`a ${serverKey} b`, secrets), 'a secret that is there is found').toEqual(['server key'])
  const places = { logs, database: rows, redis: cached, metrics }
  const found = Object.entries(places).flatMap(([place, text]) =>
    foundIn(text, secrets).map((name) => `${name}: ${place}`),
  )
  console.log(
    `${secrets.size} secrets; ${logs.length} characters of logs, ${rows.length} of the database, ${cached.length} of Redis: ${found.length} found`,
  )
  expect(found).toEqual([])
  expect(foundIn(rows + cached, new Map([['set-up link', setUp]]))).toEqual([]) // it is printed, and kept nowhere
}, 180_000)
