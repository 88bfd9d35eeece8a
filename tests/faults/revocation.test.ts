import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf, pageApi } from '../support/api'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { personalTokenOf, personOf, tokenOf, withSql } from '../support/people'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { type RedisServer, startRedis } from '../support/redis'
import { entraUser, patchOf, scimOf } from '../support/scim'
import { openStream } from '../support/stream'

// What is taken away is gone within a second, on every node, with Redis dead.

const ROUNDS = inForm(8, 100) // the largest of so few stands for the 99th percentile
const GUARANTEE_MS = 1_000
const KEYS = '/projects/shop/environments/production/keys'

let redis: RedisServer
let jackstaff: Jackstaff
let second: Jackstaff
let edge: Edge
beforeAll(async () => {
  redis = await startRedis()
  const shared = { REDIS_URL: redis.url }
  jackstaff = await startJackstaff(shared)
  const { DATABASE_URL, JACKSTAFF_SECRET } = jackstaff.env
  second = await startJackstaff({
    ...shared,
    DATABASE_URL: DATABASE_URL!,
    JACKSTAFF_SECRET: JACKSTAFF_SECRET!,
  })
  edge = await startEdge(jackstaff, shared)
  await seedShop(jackstaff)
  await jackstaff.api('POST', '/roles', { key: 'scim', name: 'SCIM', permissions: ['scim:write'] })
  await redis.program.end('SIGKILL')
})
afterAll(async () => {
  await edge?.program.end()
  await second?.program.end()
  await jackstaff?.stop()
  await redis?.remove()
})

/** Milliseconds from asking for an end until it is seen. */
async function timed(
  end: () => Promise<{ status: number }>,
  isOver: () => Promise<boolean>,
): Promise<number> {
  const began = performance.now()
  const { status } = await end()
  expect(status).toBeLessThan(300)
  await until('the end to be seen elsewhere', isOver)
  return performance.now() - began
}

const refused = async (answer: Promise<{ status: number }>) => (await answer).status === 401

const ends: Record<string, () => Promise<number>> = {
  'an SDK key: its stream is closed and its configs refused by an edge': async () => {
    const { body } = await jackstaff.api('POST', KEYS, { kind: 'server', name: 'passing' })
    const stream = await openStream(edge.url, body.key)
    await stream.next('hello')
    const config = () => raw(`${edge.url}/config`, { headers: bearer(body.key) })
    return timed(
      () => jackstaff.api('DELETE', `${KEYS}/${body.id}`),
      async () => stream.ended() && (await refused(config())),
    )
  },
  'a session: refused by another node': async () => {
    const { id, cookie } = await personOf(jackstaff, 'editor')
    const theirs = pageApi(second.url, cookie)
    expect((await theirs('GET', '/me')).status).toBe(200)
    return timed(
      () => jackstaff.api('DELETE', `/people/${id}/sessions`),
      () => refused(theirs('GET', '/me')),
    )
  },
  'a service token: refused by another node': async () => {
    const { id, token } = await tokenOf(jackstaff, 'editor')
    const theirs = apiOf(second.url, token)
    expect((await theirs('GET', '/me')).status).toBe(200)
    return timed(
      () => jackstaff.api('DELETE', `/tokens/${id}`),
      () => refused(theirs('GET', '/me')),
    )
  },
  'a person, deactivated by SCIM: session and personal token refused by another node': async () => {
    const provisioner = scimOf(jackstaff.url, scimToken)
    const { body } = await provisioner('POST', '/Users', entraUser(`user-${++people}`))
    const { session } = await withSession(body.id)
    const pages = pageApi(second.url, `jackstaff.session=${session}`)
    const tokens = apiOf(second.url, await personalTokenOf(jackstaff, body.id))
    expect([(await pages('GET', '/me')).status, (await tokens('GET', '/me')).status]).toEqual([200, 200])
    const off = patchOf({ op: 'Replace', path: 'active', value: 'False' })
    return timed(
      () => provisioner('PATCH', `/Users/${body.id}`, off),
      async () => (await refused(pages('GET', '/me'))) && (await refused(tokens('GET', '/me'))),
    )
  },
}

let people = 0
let scimToken = ''
beforeAll(async () => {
  const made = await jackstaff.api('POST', '/tokens', { name: 'SCIM', grants: [{ role: 'scim' }] })
  scimToken = made.body.token
})

/** An open session of somebody who is there. */
async function withSession(userId: string) {
  const { id, session } = await personOf(jackstaff, 'viewer')
  await withSql(jackstaff, (sql) => sql`update session set user_id = ${userId} where user_id = ${id}`)
  return { session }
}

it.each(Object.keys(ends))(
  '%s',
  async (name) => {
    const taken: number[] = []
    for (let round = 0; round < ROUNDS; round++) taken.push(await ends[name]!())
    taken.sort((a, b) => a - b)
    const [median, largest] = [taken[Math.floor(taken.length / 2)]!, taken.at(-1)!]
    console.log(
      `${name}: ${ROUNDS} rounds with Redis dead, p50 ${Math.round(median)} ms, largest ${Math.round(largest)} ms`,
    )
    figure('redis-absent', `until what is revoked is gone everywhere: ${name.split(':')[0]}`, largest, 'ms')
    expect(largest).toBeLessThan(GUARANTEE_MS)
  },
  900_000,
)
