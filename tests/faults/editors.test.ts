import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditProblems } from '../support/audit-problems'
import { figure } from '../support/figure'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'

// Round after round, two hundred people who all saw the same version publish at once.

const ROUNDS = inForm(2, 100)
const EDITORS = 200

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

it(`of ${EDITORS} editors one wins each version, and no update is lost in ${ROUNDS} rounds`, async () => {
  const published: string[] = []
  const seen = { won: 0, stale: 0, busy: 0 }
  const began = performance.now()
  for (let round = 0; round < ROUNDS; round++) {
    const { headers, body: before } = await jackstaff.api('GET', PRODUCTION)
    const tag = headers.get('etag')!
    const answers = await Promise.all(
      Array.from({ length: EDITORS }, (_, n) =>
        jackstaff.api('PUT', PRODUCTION, share(((n * ROUNDS + round) / (EDITORS * ROUNDS)) * 100), {
          'if-match': tag,
        }),
      ),
    )
    const of = (status: number) => answers.filter((answer) => answer.status === status)
    const [won, stale, busy] = [of(200), of(412), of(503)]
    expect([won.length, won.length + stale.length + busy.length]).toEqual([1, EDITORS])
    const [winner] = won
    const { body: after } = await jackstaff.api('GET', PRODUCTION)
    expect(after.version).toBe(before.version + 1)
    expect(after.fallthrough).toEqual(winner!.body.fallthrough)
    for (const { body } of stale) expect(body.current.fallthrough).toEqual(winner!.body.fallthrough)
    published.push(winner!.headers.get('x-jackstaff-version')!.replace('production=', ''))
    seen.won += won.length
    seen.stale += stale.length
    seen.busy += busy.length
  }
  const { body } = await jackstaff.api(
    'GET',
    '/projects/shop/environments/production/versions?flag=checkout&limit=200',
  )
  const history = body.items.map(({ id }: { id: string }) => id).reverse()
  expect(history.slice(-ROUNDS)).toEqual(published)
  console.log(
    `${ROUNDS} rounds of ${EDITORS} editors in ${Math.round((performance.now() - began) / 1_000)} s: ${seen.won} versions, each by one; ${seen.stale} were told what the first published, ${seen.busy} to try again; 0 updates lost`,
  )
  figure('two-admins', `updates lost in ${ROUNDS} rounds of ${EDITORS} editors`, 0)
  await verifyHistory(jackstaff.databaseUrl)
  expect(await auditProblems(jackstaff)).toEqual([])
}, 900_000)
