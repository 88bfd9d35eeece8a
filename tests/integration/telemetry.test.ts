import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
