import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres'

let postgres: OwnPostgres
let jackstaff: Jackstaff
beforeAll(async () => {
  postgres = await startOwnPostgres()
  jackstaff = await startJackstaff({ DATABASE_URL: postgres.url })
  await seedShop(jackstaff)
})
afterAll(async () => {
  await jackstaff?.stop()
  await postgres?.remove()
})

it('answers every request with 503 while the database is away, and works again after', async () => {
  postgres.kill()
  const requests = () =>
    Promise.all([
      jackstaff.api('GET', '/projects'),
      jackstaff.api('POST', '/projects/shop/flags', { key: 'k', name: 'k', type: 'boolean' }),
      jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'x' }),
    ])
  for (const { status, headers, body } of [...(await requests()), ...(await requests())]) {
    expect(status, JSON.stringify(body)).toBe(503)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('retry-after')).toBe('1')
    expect(body.detail).toContain('the database does not answer')
  }
  await postgres.startAgain()
  await expect
    .poll(async () => (await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'x' })).status, {
      timeout: 15_000,
    })
    .toBe(200)
})
