import { afterAll, beforeAll, expect, it } from 'vitest'
import { figure } from '../support/figure'
import { verifyHistory } from '../support/hash-chain'
import { type Jackstaff, seedShop, share, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'

const ROUNDS = inForm(2, 20)
const EDITORS = 8

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  for (let n = 0; n < EDITORS; n++)
    await jackstaff.api('POST', '/projects/shop/flags', {
      key: `edited-${n}`,
      name: 'Edited',
      type: 'boolean',
    })
})
afterAll(() => jackstaff?.stop())

const at = (n: number) => `/projects/shop/flags/edited-${n}/environments/production`

type Seen = { version: number; fallthrough: { rollout?: { share: number } } }

/** Edits until the process takes no more requests. Answers with every status but success, and the last share. */
async function edit(n: number, seen: Seen): Promise<{ others: number[]; acknowledged: number }> {
  const others: number[] = []
  let acknowledged = seen.fallthrough.rollout?.share ?? 0
  for (let { version } = seen; ; version++) {
    const next = share((version % 1_000) / 10)
    const answer = await jackstaff.api('PUT', at(n), next, { 'if-match': `"${version}"` }).catch(() => null)
    if (answer === null) return { others, acknowledged }
    if (answer.status === 200) acknowledged = answer.body.fallthrough.rollout.share
    else others.push(answer.status)
  }
}

it('answers the requests it has taken before it ends on SIGTERM, and loses none of them', async () => {
  let slowest = 0
  for (let round = 0; round < ROUNDS; round++) {
    const seen = await Promise.all(Array.from({ length: EDITORS }, (_, n) => jackstaff.api('GET', at(n))))
    const editing = seen.map(({ body }, n) => edit(n, body))
    await new Promise((resolve) => setTimeout(resolve, 250 + (round % 5) * 37))
    const ms = await jackstaff.program.end('SIGTERM')
    expect(jackstaff.program.child.exitCode).toBe(0)
    console.log(`ended ${Math.round(ms)} ms after SIGTERM, amid the requests of ${EDITORS} editors`)
    slowest = Math.max(slowest, ms)
    expect(ms).toBeLessThan(5_000)
    const editors = await Promise.all(editing)
    await jackstaff.startAgain()
    for (const { others } of editors) expect([[], [503]]).toContainEqual(others)
    for (const [n, { acknowledged }] of editors.entries()) {
      const { body } = await jackstaff.api('GET', at(n))
      expect(body.fallthrough.rollout?.share ?? 0).toBe(acknowledged)
    }
  }
  figure('node-stopped', `until it has ended amid requests, slowest of ${ROUNDS}`, slowest, 'ms')
  expect(await verifyHistory(jackstaff.databaseUrl)).toBeGreaterThan(0)
}, 300_000)
