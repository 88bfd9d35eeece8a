import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '@/lib/control/roles'
import type { Api } from '../support/api'
import { everyone, matrix, SHOP, targeting } from '../support/authorization'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { tokenOf } from '../support/people'

let jackstaff: Jackstaff
let as: Record<Role, Api>
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  for (const key of ['used', 'idle']) await jackstaff.api('POST', `${SHOP}/segments`, { key, name: key })
  const user = { key: 'user', name: 'Uses a segment', type: 'boolean' }
  await jackstaff.api('POST', `${SHOP}/flags`, user)
  const rules = [{ id: 'r', when: { segment: 'used' }, serve: { variant: 'on' } }]
  await jackstaff.api(
    'PUT',
    `${SHOP}/flags/user/environments/production`,
    { ...targeting, rules },
    { 'if-match': '"1"' },
  )
  const roles = await Promise.all(
    everyone.map(async (role) => [role, (await tokenOf(jackstaff, role)).api] as const),
  )
  as = Object.fromEntries(roles) as Record<Role, Api>
})
afterAll(() => jackstaff?.stop())

const newest = async () => (await jackstaff.api('GET', `${SHOP}/audit?limit=1`)).body.items[0].id as number

describe('who may do what', () => {
  for (const [method, path, allowed, status, body, headers] of matrix) {
    const fields = body === undefined ? '' : ` ${Object.keys(body as object).join(',')}`
    it(`${method} ${path}${fields}: ${allowed.join(', ')}`, async () => {
      const before = await newest()
      for (const role of everyone) {
        if ((allowed as readonly Role[]).includes(role)) continue
        const refused = await as[role](method, path, body, headers)
        expect(refused.status, role).toBe(403)
        expect(refused.body.detail).toContain(`your role: ${role}`)
      }
      expect(await newest(), 'a refused request changes nothing').toBe(before)
      for (const role of allowed)
        expect((await as[role](method, path, body, headers)).status, role).toBe(status)
    })

    it(`${method} ${path}${fields}: never without credentials`, async () => {
      const response = await fetch(`${jackstaff.url}/api/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      expect(response.status).toBe(401)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    })
  }

  it('a token that was revoked or has expired opens nothing', async () => {
    const past = new Date(Date.now() - 1_000)
    for (const columns of [{ revoked_at: past }, { expires_at: past }]) {
      const { api } = await tokenOf(jackstaff, 'admin', columns)
      expect((await api('GET', '/projects')).status).toBe(401)
    }
    const { api } = await tokenOf(jackstaff, 'viewer', { expires_at: new Date(Date.now() + 60_000) })
    expect((await api('GET', '/projects')).status).toBe(200)
  })
})
