import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startEdge } from '../support/edge'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { withSql } from '../support/people'

let jackstaff: Jackstaff
let keys: { serverKey: string; clientKey: string }
beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
  await jackstaff.api('POST', '/projects/shop/flags', { key: 'hidden', name: 'Hidden', type: 'boolean' })
})
afterAll(() => jackstaff?.stop())

/** Keeps the event loop busy most of the time. */
const LATE_LOOP = `setInterval(() => {
  for (const end = performance.now() + 250; performance.now() < end; );
}, 260)`

const count = (flag: string, times: number, variant: string | null = 'on') => ({
  flag,
  variant,
  reason: variant === null ? 'ERROR' : 'SPLIT',
  ...(variant === null && { errorCode: 'FLAG_NOT_FOUND' }),
  count: times,
})
const batchOf = (counts: object[], events: object[] = [], batch = randomUUID()) => ({
  batch,
  client: 'openfeature-web/0.1.0',
  applied: '1.1.00000000',
  from: 0,
  to: 1,
  counts,
  events,
  dropped: 0,
})

const tell = (
  body: unknown,
  path = `/telemetry?key=${keys.clientKey}`,
  headers: Record<string, string> = {},
) =>
  fetch(jackstaff.url + path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const tellSecretly = (body: unknown) =>
  tell(body, '/telemetry', { authorization: `Bearer ${keys.serverKey}` })

const config = async () => {
  const headers = { authorization: `Bearer ${keys.serverKey}` }
  return (await fetch(`${jackstaff.url}/config`, { headers })).json()
}

it('adds up what providers tell, a retry once, and what browsers tell apart, and keeps it', async () => {
  const again = batchOf([count('checkout', 5)])
  for (const body of [again, again, batchOf([count('checkout', 2)])]) {
    const answer = await tell(body)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([202, '*'])
  }
  await tellSecretly(batchOf([count('checkout', 100), count('hidden', 7)]))
  const events = [{ name: 'purchase', value: 9.5 }, { name: 'purchase', value: 0.5 }, { name: 'seen' }]
  await tell(batchOf([], events))
  await jackstaff.program.end()
  const [counts, tracked] = await withSql(jackstaff, (sql) =>
    Promise.all([
      sql`select flag, browser, sum(count)::int as count from evaluation_count group by 1, 2 order by 1, 2`,
      sql`select name, sum(count)::int as count, sum(total) as total from tracked_event group by 1 order by 1`,
    ]),
  )
  expect([...counts]).toEqual([
    { flag: 'checkout', browser: false, count: 100 },
    { flag: 'checkout', browser: true, count: 7 },
    { flag: 'hidden', browser: false, count: 7 },
  ])
  expect([...tracked]).toEqual([
    { name: 'purchase', count: 2, total: 10 },
    { name: 'seen', count: 1, total: 0 },
  ])
  await jackstaff.startAgain()
})

it('writes the first evaluation of a flag within a second, and the next ones a minute later', async () => {
  const written = () =>
    withSql(jackstaff, async (sql) => {
      const [row] = await sql`
        select coalesce(sum(count), 0)::int as count from evaluation_count
        where flag = 'fresh'`
      return row!.count as number
    })
  await jackstaff.api('POST', '/projects/shop/flags', { key: 'fresh', name: 'Fresh', type: 'boolean' })
  await vi.waitFor(async () => expect(await config()).toHaveProperty('flags.fresh'), 10_000)
  await tellSecretly(batchOf([count('fresh', 3)]))
  const told = performance.now()
  await vi.waitFor(async () => expect(await written()).toBe(3), { timeout: 10_000, interval: 50 })
  console.log(`written after ${Math.round(performance.now() - told)} ms`)
  await tellSecretly(batchOf([count('fresh', 4)]))
  await sleep(1_000)
  expect(await written()).toBe(3)
})

it('tells which attributes contexts have, through the provider itself, and no value', async () => {
  const provider = new JackstaffProvider({ url: jackstaff.url, key: keys.serverKey })
  await provider.initialize()
  const context = { targetingKey: 'ana', plan: 'a-secret-plan', company: { size: 40 } }
  provider.evaluate('checkout', false, context)
  await provider.onClose()
  await tell({ ...batchOf([count('checkout', 1)]), attributes: [{ name: 'plan', type: 'number' }] })
  const evaluate = (path: string, seen: object) =>
    fetch(`${jackstaff.url}${path}?key=${keys.clientKey}`, {
      method: 'POST',
      body: JSON.stringify({ context: { targetingKey: 'ben', ...seen } }),
    })
  expect((await evaluate('/ofrep/v1/evaluate/flags/checkout', { device: 'phone' })).status).toBe(200)
  expect((await evaluate('/config/residual', { country: 'DE' })).status).toBe(200)
  await jackstaff.program.end()
  await jackstaff.startAgain()
  const { body } = await jackstaff.api('GET', '/projects/shop/attributes/seen')
  const seenAt = expect.stringMatching(/^\d{4}-/)
  const byName = body.attributes.sort((a: { name: string }, b: { name: string }) =>
    a.name < b.name ? -1 : 1,
  )
  expect(byName).toEqual([
    { name: 'company.size', types: ['number'], browser: false, seenAt },
    { name: 'country', types: ['string'], browser: true, seenAt },
    { name: 'device', types: ['string'], browser: true, seenAt },
    { name: 'plan', types: ['number', 'string'], browser: true, seenAt },
  ])
  const rows = await withSql(jackstaff, (sql) => sql`select * from seen_attribute`)
  expect(JSON.stringify(rows)).not.toContain('a-secret-plan')
})

it('keeps no more than 500 attributes that anybody makes up', async () => {
  for (let i = 0; i < 6; i++) {
    const attributes = Array.from({ length: 100 }, (_, n) => ({ name: `made-up-${i}-${n}`, type: 'string' }))
    expect((await tell({ ...batchOf([count('checkout', 1)]), attributes })).status).toBe(202)
  }
  await jackstaff.program.end()
  const [row] = await withSql(
    jackstaff,
    (sql) => sql`select count(*)::int as rows from seen_attribute where name like 'made-up-%'`,
  )
  expect(row).toEqual({ rows: 500 })
  await jackstaff.startAgain()
})

it('puts counts off while its event loop is late, but no confirmation, and no config', async () => {
  const preload = join(tmpdir(), `late-${randomUUID()}.cjs`)
  await writeFile(preload, LATE_LOOP)
  const edge = await startEdge(jackstaff, { NODE_OPTIONS: `--require ${preload}` })
  const authorization = { authorization: `Bearer ${keys.serverKey}` }
  const post = (body: object) =>
    fetch(`${edge.url}/telemetry`, { method: 'POST', headers: authorization, body: JSON.stringify(body) })
  try {
    const many = batchOf(Array.from({ length: 50 }, (_, i) => count('checkout', i + 1)))
    await vi.waitFor(async () => expect((await post(many)).status).toBe(503), 20_000)
    const answer = await post(many)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(30)
    expect((await answer.json()).detail).toBe('counts can wait: send this batch again later')
    expect((await post(batchOf([]))).status).toBe(202)
    expect((await fetch(`${edge.url}/config`, { headers: authorization })).status).toBe(200)
  } finally {
    await edge.program.end()
    await rm(preload)
  }
})

it('keeps a hundred flags that nobody knows, and no more', async () => {
  const made = Array.from({ length: 300 }, (_, i) => count(`made-up-${i}`, 1, null))
  expect((await tell(batchOf([...made, count('hidden', 1)]))).status).toBe(202)
  await jackstaff.program.end()
  const [row] = await withSql(
    jackstaff,
    (sql) =>
      sql`select count(*)::int as rows from evaluation_count where flag like 'made-up-%' or (flag = 'hidden' and browser)`,
  )
  expect(row).toEqual({ rows: 100 })
  await jackstaff.startAgain()
})

it.each([
  ['no JSON', '{', 400, 'the body must be JSON'],
  ['no batch id', { ...batchOf([]), batch: 'x' }, 400, 'batch: '],
  ['a count below one', batchOf([count('checkout', 0)]), 400, 'counts.0.count: '],
  ['too large a body', 'x'.repeat(300_000), 413, 'at most 262144 bytes'],
])('refuses %s in words that name it', async (_, body, status, detail) => {
  const answer = await tell(body)
  expect([answer.status, (await answer.json()).detail]).toEqual([status, expect.stringContaining(detail)])
})

it('takes nothing without a key', async () => {
  expect((await tell(batchOf([]), '/telemetry')).status).toBe(401)
})
