import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { isSpecified, operations } from '../support/ofrep-schema'
import { bearer, raw } from '../support/raw-http'

let jackstaff: Jackstaff
let serverKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff({ JACKSTAFF_LIMIT_OFREP: '3/600' })
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(() => jackstaff?.stop())

it.each([
  ['all', operations.all],
  ['one', operations.one.replace('{key}', 'checkout')],
] as const)('an application is refused evaluations of %s as OFREP has it', async (operation, path) => {
  const ask = () =>
    raw(jackstaff.url + path, { method: 'POST', body: '{"context":{}}', headers: bearer(serverKey) })
  let refused = await ask()
  for (let i = 0; i < 200 && refused.status !== 429; i++) refused = await ask()
  const body = JSON.parse(refused.body.toString())
  expect(isSpecified(operation, 429, body), JSON.stringify(body)).toBe(true)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500)
})
