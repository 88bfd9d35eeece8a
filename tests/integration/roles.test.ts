import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '@/lib/control/roles'
import type { Api } from '../support/api'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { tokenOf } from '../support/people'

const everyone = ['viewer', 'editor', 'publisher', 'admin'] as const satisfies readonly Role[]
const editors = ['editor', 'publisher', 'admin'] as const
const publishers = ['publisher', 'admin'] as const
const admins = ['admin'] as const

const SHOP = '/projects/shop'
const FLAG = `${SHOP}/flags/checkout`
const PRODUCTION = `${SHOP}/environments/production`
const TARGETING = `${FLAG}/environments/production`
const targeting = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }

type Line = [
  method: string,
  path: string,
  allowed: readonly Role[],
  /** What somebody who may gets: each line leaves things as they were, or asks for what is not there. */
  status: number,
  body?: unknown,
  headers?: Record<string, string>,
]

const any = { 'if-match': '*' }

// Written by hand on purpose: who may do what is decided here, not read off the code.
const matrix: Line[] = [
  ['GET', '/projects', everyone, 200],
  ['POST', '/projects', admins, 409, { key: 'shop', name: 'Again' }],
  ['GET', SHOP, everyone, 200],
  ['GET', `${SHOP}/environments`, everyone, 200],
  ['POST', `${SHOP}/environments`, admins, 409, { key: 'production', name: 'Again' }],
  ['PATCH', PRODUCTION, admins, 200, { name: 'Production' }],
  ['DELETE', `${SHOP}/environments/nowhere`, admins, 404],
  ['GET', `${SHOP}/flags`, everyone, 200],
  ['POST', `${SHOP}/flags`, editors, 409, { key: 'checkout', name: 'Again', type: 'boolean' }],
  ['GET', FLAG, everyone, 200],
  ['PATCH', FLAG, editors, 200, { name: 'Checkout' }, any],
  ['PATCH', FLAG, publishers, 200, { variants: { on: true, off: false } }, any],
  ['PATCH', FLAG, publishers, 200, { browser: true }, any],
  ['DELETE', `${SHOP}/flags/nothing`, publishers, 404],
  ['POST', `${FLAG}/restore`, publishers, 200],
  ['GET', TARGETING, everyone, 200],
  ['PUT', TARGETING, publishers, 200, targeting, any],
  ['PUT', `${SHOP}/flags/nothing/environments/production/kill`, publishers, 404, { reason: 'x' }],
  ['PUT', `${SHOP}/flags/nothing/kill`, publishers, 404, { reason: 'x' }],
  ['GET', `${TARGETING}/kill`, everyone, 404],
  ['DELETE', `${TARGETING}/kill`, publishers, 404],
  ['GET', `${SHOP}/segments`, everyone, 200],
  ['POST', `${SHOP}/segments`, editors, 409, { key: 'used', name: 'Again' }],
  ['GET', `${SHOP}/segments/used`, everyone, 200],
  ['PUT', `${SHOP}/segments/idle`, editors, 200, { name: 'Idle' }, any],
  ['PUT', `${SHOP}/segments/used`, publishers, 200, { name: 'Used' }, any],
  ['DELETE', `${SHOP}/segments/nothing`, editors, 404],
  ['GET', `${PRODUCTION}/keys`, publishers, 200],
  ['POST', `${PRODUCTION}/keys`, admins, 422, { kind: 'client', mode: 'half', name: 'no mode' }],
  ['GET', `${SHOP}/attributes`, everyone, 200],
  ['PUT', `${SHOP}/attributes`, admins, 200, { attributes: {} }],
  ['DELETE', `${PRODUCTION}/keys/nothing`, admins, 404],
  ['PATCH', `${PRODUCTION}/keys/nothing`, admins, 404, { name: 'Else' }],
  ['POST', `${PRODUCTION}/keys/nothing/rotate`, admins, 404, { overlapHours: 1 }],
  ['POST', `${PRODUCTION}/evaluate`, everyone, 200, { flag: 'checkout' }],
  ['GET', `${PRODUCTION}/versions`, everyone, 200],
  ['GET', `${PRODUCTION}/versions/1`, everyone, 200],
  ['GET', `${PRODUCTION}/versions/1/propagation`, everyone, 200],
  ['POST', `${PRODUCTION}/versions/restore`, publishers, 409, { version: 1, flags: ['checkout'] }],
  ['GET', `${SHOP}/audit`, everyone, 200],
  ['GET', '/audit', everyone, 200],
  ['GET', `${SHOP}/webhooks`, publishers, 200],
  ['POST', `${SHOP}/webhooks`, admins, 422, { name: 'Inside', url: 'https://10.0.0.1/' }],
  ['GET', `${SHOP}/webhooks/nothing`, publishers, 404],
  ['PATCH', `${SHOP}/webhooks/nothing`, admins, 404, { name: 'Nothing' }],
  ['DELETE', `${SHOP}/webhooks/nothing`, admins, 404],
  ['POST', `${SHOP}/webhooks/nothing/rotate`, admins, 404],
  ['POST', `${SHOP}/webhooks/nothing/test`, admins, 404],
  ['GET', `${SHOP}/webhooks/nothing/deliveries`, publishers, 404],
  ['POST', `${SHOP}/webhooks/nothing/deliveries/1/replay`, admins, 404],
  ['GET', '/me', everyone, 200],
  ['GET', '/me/sessions', everyone, 403], // a service has none
  ['DELETE', '/me/sessions', everyone, 403],
  ['DELETE', '/me/sessions/nothing', everyone, 403],
  ['GET', '/me/tokens', everyone, 403],
  ['POST', '/me/tokens', everyone, 403, { name: 'Mine' }],
  ['DELETE', '/me/tokens/nothing', everyone, 403],
  ['GET', '/people', everyone, 200],
  ['POST', '/people', admins, 422, { name: 'Ana', email: 'no address' }],
  ['GET', '/people/nobody', everyone, 404],
  ['PATCH', '/people/nobody', admins, 404, { disabled: true }],
  ['POST', '/people/nobody/link', admins, 404],
  ['GET', '/people/nobody/sessions', admins, 404],
  ['DELETE', '/people/nobody/sessions', admins, 404],
  ['GET', '/groups', everyone, 200],
  ['POST', '/groups', admins, 422, { name: '' }],
  ['GET', '/groups/nothing', everyone, 404],
  ['PATCH', '/groups/nothing', admins, 404, { name: 'Else' }],
  ['DELETE', '/groups/nothing', admins, 404],
  ['PUT', '/groups/nothing/members/nobody', admins, 404],
  ['DELETE', '/groups/nothing/members/nobody', admins, 404],
  ['GET', '/roles', everyone, 200],
  ['POST', '/roles', admins, 422, { key: 'admin', name: 'Again', permissions: ['flag:read'] }],
  ['GET', '/roles/viewer', everyone, 200],
  ['PATCH', '/roles/nothing', admins, 404, { name: 'Else' }],
  ['DELETE', '/roles/nothing', admins, 404],
  ['GET', '/grants', everyone, 200],
  ['POST', '/grants', admins, 404, { person: 'nobody', role: 'viewer' }],
  ['DELETE', '/grants/2147483647', admins, 404],
  ['GET', `${SHOP}/grants`, everyone, 200],
  ['POST', `${SHOP}/grants`, admins, 404, { person: 'nobody', role: 'viewer' }],
  ['DELETE', `${SHOP}/grants/2147483647`, admins, 404],
  ['GET', '/tokens', admins, 200],
  ['POST', '/tokens', admins, 422, { name: 'No role', grants: [] }],
  ['DELETE', '/tokens/nothing', admins, 404],
  ['POST', '/tokens/nothing/rotate', admins, 404, { overlapHours: 1 }],
  ['GET', '/explain?person=nobody&project=shop&environment=production', everyone, 404],
]

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
