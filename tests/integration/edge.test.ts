import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { type RedisServer, startRedis } from '../support/redis'
import { openStream } from '../support/stream'

let postgres: OwnPostgres
let redis: RedisServer
let jackstaff: Jackstaff
let serverKey: string
const edges: Edge[] = []

beforeAll(async () => {
  postgres = await startOwnPostgres()
  redis = await startRedis()
  jackstaff = await startJackstaff({ DATABASE_URL: postgres.url, REDIS_URL: redis.url })
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(async () => {
  for (const { program } of edges) await program.end()
  await jackstaff?.stop()
  await redis?.remove()
  await postgres?.remove()
})

async function edge(extra: Record<string, string> = {}): Promise<Edge> {
  const started = await startEdge(jackstaff, extra)
  edges.push(started)
  return started
}

const configAt = async (url: string) => {
  const { status, headers, body } = await raw(`${url}/config`, { headers: bearer(serverKey) })
  expect(status).toBe(200)
  return { headers, config: JSON.parse(body.toString('utf8')) }
}

async function publish(percent: number): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': headers.get('etag')! })
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

describe('the role of an edge', () => {
  const password = 'only-for-this-test'
  let asEdge: string
  beforeAll(async () => {
    const admin = connect(postgres.url, { max: 1 })
    const statements = readFileSync('deploy/postgres/edge-role.sql', 'utf8')
    await admin.unsafe(statements.replaceAll(':password', `'${password}'`))
    await admin.end()
    const url = new URL(postgres.url)
    url.username = 'jackstaff_edge'
    url.password = password
    asEdge = url.toString()
  })

  it('is enough to serve, to follow, to count and to report', async () => {
    const { url, program } = await edge({ DATABASE_URL: asEdge })
    const stream = await openStream(url, serverKey)
    await stream.next('put')
    const id = await publish(11)
    await until('the edge to tell', () => stream.frames.find((frame) => frame.id === id))
    const batch = {
      batch: crypto.randomUUID(),
      client: 'test/1',
      counts: [{ flag: 'checkout', variant: 'on', reason: 'SPLIT', count: 3 }],
    }
    const counted = await fetch(`${url}/telemetry`, {
      method: 'POST',
      headers: bearer(serverKey),
      body: JSON.stringify(batch),
    })
    expect(counted.status).toBe(202)
    const reached = () =>
      jackstaff.api('GET', `/projects/shop/environments/production/versions/${id.split('.')[1]}/propagation`)
    await until('the receipt', async () => (await reached()).body.reached === 1)
    const leaked = await fetch(`${url}/config`, {
      headers: { ...bearer(serverKey), origin: 'https://leaky.example.com' },
    })
    expect(leaked.status).toBe(403)
    stream.close()
    await program.end()
    expect(program.output()).not.toMatch(/permission denied/)
    const admin = connect(postgres.url, { max: 1 })
    const rows = await admin`select count from evaluation_count where client = 'test/1'`
    const uses = await admin`
      select used_at from sdk_key k join misused_key m on m.key_id = k.id
      where m.origin = 'https://leaky.example.com'`
    await admin.end()
    expect(rows.map((row) => Number(row.count))).toEqual([3])
    expect(Date.now() - uses[0]!.used_at.getTime(), 'the key is in use').toBeLessThan(120_000)
  })

  it('changes nothing, and reads nothing that it need not', async () => {
    const sql = connect(asEdge, { max: 1 })
    const refused = [
      sql`update env_head set version = 0`,
      sql`update sdk_key set revoked_at = null`,
      sql`select * from misused_key`,
      sql`delete from config_version`,
      sql`insert into kill (flag_id, environment_id, config_id, actor) values (1, 1, '', '{}')`,
      sql`select * from audit`,
      sql`select * from session`,
      sql`select * from app_user`,
      sql`select * from api_token`,
    ]
    for (const statement of refused) await expect(statement).rejects.toThrow(/permission denied/)
    await sql.end()
  })
})

describe('an edge with a Redis', () => {
  let key: string
  beforeAll(async () => {
    const admin = connect(postgres.url, { max: 1 })
    const [production] = await admin`select id from environment where key = 'production'`
    key = `jackstaff:state:${production!.id}`
    await admin.end()
  })
  const value = async () => (await redis.say('GET', key)).split('\r\n').slice(1, -1).join('\r\n')

  /** While the log in Postgres has lost what its versions say. */
  async function withoutItsLog<T>(run: () => Promise<T>): Promise<T> {
    const admin = connect(postgres.url, { max: 1 })
    const empty = JSON.stringify({ flags: {}, segments: {}, browser: {} })
    await admin`create table kept as select * from config_version`
    await admin`update config_version set patch = ${empty} where environment_id = ${Number(key.split(':')[2])}`
    try {
      return await run()
    } finally {
      await admin`update config_version v set patch = kept.patch from kept
        where kept.environment_id = v.environment_id and kept.version = v.version`
      await admin`drop table kept`
      await admin.end()
    }
  }

  it('finds there what another node has kept, sealed', async () => {
    const id = await publish(21)
    const [, version] = id.split('.')
    await until('the state to be kept', async () => (await value()).includes(`"version":${version}`))
    const { config } = await withoutItsLog(async () => configAt((await edge({ REDIS_URL: redis.url })).url))
    expect(config.id).toBe(id)
    expect(JSON.stringify(config.flags.checkout)).toContain('21000')
  })

  it('believes nobody else: a state that was changed there is read from the database', async () => {
    const sealed = await value()
    const forged = sealed.replaceAll('\\"on\\":true', '\\"on\\":false').replace('21000', '99000')
    expect(forged).not.toBe(sealed)
    await redis.say('SET', key, forged)
    const { url } = await edge({ REDIS_URL: redis.url })
    const { config } = await configAt(url)
    expect(JSON.stringify(config.flags.checkout)).toContain('21000')
  })

  it('serves on from memory with Postgres and Redis gone, and says how old it is', async () => {
    const id = await publish(31)
    const { url } = await edge({ REDIS_URL: redis.url })
    const stream = await openStream(url, serverKey)
    await stream.next('put')
    await redis.program.end('SIGKILL')
    postgres.kill()
    await until(
      'the edge to notice',
      async () => (await configAt(url)).headers['x-jackstaff-stale'] !== undefined,
    )
    expect((await configAt(url)).config.id).toBe(id)
    const late = await openStream(url, serverKey)
    expect((await late.next('put')).id).toBe(id)
    expect(stream.ended()).toBe(false)
    const probe = async (query = '') => (await raw(`${url}/readyz${query}`)).status
    expect([await probe(), await probe('?max_stale=3600'), await probe('?max_stale=0')]).toEqual([
      200, 200, 503,
    ])
    expect(await probe('?max_stale=soon')).toBe(400)

    await redis.startAgain()
    await postgres.startAgain()
    await until('the edge to be current', async () => (await probe('?max_stale=0')) === 200, 10_000)
    for (const each of [stream, late]) each.close()
  })
})
