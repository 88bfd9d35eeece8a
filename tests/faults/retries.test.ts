import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditProblems } from '../support/audit-problems'
import { attempt, randomCut } from '../support/cut-requests'
import { figure } from '../support/figure'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { withSql } from '../support/people'
import { newSeed, randomFrom } from '../support/random'

// Requests over connections that are cut while they are sent, before an answer, and amid it, each made again with its
// Idempotency-Key until a whole answer came: each key has one effect, and one answer.

const REQUESTS = inForm(300, 10_000)
const AT_ONCE = 24
const TWICE = 0.1 // of the keys are used by two clients at the same time

const PATH = '/api/v1/projects/shop/environments/production/changes'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

/** Asks until it is answered for good; answers with the tries that took and the body. */
async function untilAnswered(key: string, random: ReturnType<typeof randomFrom>) {
  const changes = [{ op: 'flag', ifMatch: '1', input: { flag: 'checkout', name: 'Checkout' } }]
  const body = JSON.stringify({ mode: 'draft', comment: key, changes })
  const headers = {
    Authorization: `Bearer ${jackstaff.token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
  }
  for (let tries = 1; ; tries++) {
    const answer = await attempt(
      jackstaff.url,
      { method: 'POST', path: PATH, headers, body },
      randomCut(random),
    )
    if (!answer || answer.status === 409 || answer.status === 503) continue // cut, still running, or busy
    expect(answer.status, answer.body).toBe(201)
    return { tries, key, id: JSON.parse(answer.body).id as string }
  }
}

it(`has one effect a key, in ${REQUESTS} requests over connections that are cut`, async () => {
  const seed = newSeed()
  const random = randomFrom(seed)
  const unique = Array.from({ length: Math.round(REQUESTS * (1 - TWICE)) }, () => randomUUID())
  const left = [...unique, ...unique.slice(0, REQUESTS - unique.length)]
  left.sort(() => random.below(2) - 0.5)
  const done: Awaited<ReturnType<typeof untilAnswered>>[] = []
  const worker = async () => {
    for (let key = left.pop(); key !== undefined; key = left.pop())
      done.push(await untilAnswered(key, random))
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const tries = done.reduce((sum, one) => sum + one.tries, 0)

  const rows = await withSql(jackstaff, (sql) => sql`select id, comment as key from proposal`)
  const entries = await withSql(
    jackstaff,
    (sql) => sql`select target from audit where action = 'proposal.draft'`,
  )
  console.log(
    `seed ${seed}: ${REQUESTS} requests of ${unique.length} keys, ${tries} tries in ${Math.round((performance.now() - began) / 1_000)} s: ${rows.length} effects, ${entries.length} audit entries`,
  )
  figure('retries', `effects too many, of ${REQUESTS} requests`, rows.length - unique.length)
  expect(rows).toHaveLength(unique.length)
  expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(unique))
  expect(entries).toHaveLength(unique.length)
  const ids = new Map(rows.map(({ id, key }) => [key, id]))
  for (const { key, id } of done) expect(id, 'each repeat has the first answer').toBe(ids.get(key))
  expect(tries).toBeGreaterThan(REQUESTS * 1.5)
  expect(await auditProblems(jackstaff)).toEqual([])
}, 900_000)
