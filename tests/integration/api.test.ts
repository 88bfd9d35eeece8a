import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

const head = async () => (await jackstaff.api('GET', '/projects/shop')).body.environments[2].configId as string

describe('the write path', () => {
  it('publishes a change and names the version it made', async () => {
    const { headers } = await jackstaff.api('GET', PRODUCTION)
    const answer = await jackstaff.api('PUT', PRODUCTION, share(25), { 'if-match': headers.get('etag')! })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-jackstaff-version')).toBe(`production=${await head()}`)
  })
})
