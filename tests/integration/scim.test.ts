import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permissions } from '@/lib/control/roles'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { browserOf, personOf, signInLinkFor, tokenOf, withSql } from '../support/people'
import { entraUser, oktaUser, patchOf, type Scim, scimOf } from '../support/scim'

let jackstaff: Jackstaff
let scim: Scim
let almost: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
  await jackstaff.api('POST', '/roles', { key: 'scim', name: 'SCIM', permissions: ['scim:write'] })
  const made = await jackstaff.api('POST', '/tokens', { name: 'Entra ID', grants: [{ role: 'scim' }] })
  scim = scimOf(jackstaff.url, made.body.token)
  const rest = permissions.filter((permission) => permission !== 'scim:write')
  await jackstaff.api('POST', '/roles', { key: 'almost', name: 'Almost', permissions: rest })
  const other = await jackstaff.api('POST', '/tokens', { name: 'almost', grants: [{ role: 'almost' }] })
  almost = other.body.token
})
afterAll(() => jackstaff?.stop())

/** Signs a person in, whom SCIM made, as a log-in by SSO would. */
async function browser(id: string) {
  const token = await signInLinkFor(jackstaff, id)
  const answer = await browserOf(jackstaff, '')('POST', '/sign-in', { token })
  expect(answer.status).toBe(200)
  return browserOf(jackstaff, answer.headers.get('set-cookie')!.split(';')[0]!)
}

const group = (displayName: string, members: string[] = []) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  externalId: `g-${displayName}`,
  members: members.map((value) => ({ value })),
})

const user = async (name: string): Promise<string> => (await scim('POST', '/Users', entraUser(name))).body.id

describe('the door', () => {
  it('is for service tokens with the permission, whatever a body says', async () => {
    expect((await scimOf(jackstaff.url, null)('GET', '/Users')).status).toBe(401)
    const project = await tokenOf(jackstaff, 'admin', {}, { project: 'shop', environment: null })
    for (const token of [project.token, (await tokenOf(jackstaff, 'publisher')).token]) {
      const other = scimOf(jackstaff.url, token)
      expect((await other('GET', '/Users?project=shop')).status).toBe(403)
      const refused = await other('POST', '/Users', { ...entraUser('intruder'), project: 'shop' })
      expect(refused.status).toBe(403)
      expect(refused.headers.get('content-type')).toBe('application/scim+json')
      expect(refused.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '403',
      })
    }
    const admin = await personOf(jackstaff, 'admin')
    const { body } = await browserOf(jackstaff, admin.cookie)('POST', '/me/tokens', { name: 'mine' })
    expect((await scimOf(jackstaff.url, body.token)('GET', '/Users')).status).toBe(403)
  })

  it.each([
    ['GET', '/Users'],
    ['POST', '/Users'],
    ['GET', '/Users/x'],
    ['PUT', '/Users/x'],
    ['PATCH', '/Users/x'],
    ['DELETE', '/Users/x'],
    ['GET', '/Groups'],
    ['POST', '/Groups'],
    ['GET', '/Groups/x'],
    ['PUT', '/Groups/x'],
    ['PATCH', '/Groups/x'],
    ['DELETE', '/Groups/x'],
    ['GET', '/ServiceProviderConfig'],
    ['GET', '/ResourceTypes'],
    ['GET', '/ResourceTypes/User'],
    ['GET', '/Schemas'],
    ['GET', '/Schemas/x'],
  ])('%s %s is closed to whoever has every other permission', async (method, path) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {}
    const refused = await scimOf(jackstaff.url, almost)(method, path, body)
    expect(refused.status).toBe(403)
    expect(refused.body.detail).toContain('"scim:write" is needed')
  })

  it('says what it can', async () => {
    expect((await scim('GET', '/ServiceProviderConfig')).body).toMatchObject({ patch: { supported: true } })
    const types = (await scim('GET', '/ResourceTypes')).body
    expect(types.Resources.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual([
      '/Users',
      '/Groups',
    ])
    const { body } = await scim('GET', '/Schemas')
    expect(body.totalResults).toBe(2)
    for (const { id } of body.Resources) expect((await scim('GET', `/Schemas/${id}`)).body.id).toBe(id)
    const unknown = await scim('GET', '/Bulk')
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('content-type')).toBe('application/scim+json')
  })

  it('takes both media types, and refuses a body of another', async () => {
    const body = entraUser('media')
    expect((await scim('POST', '/Users', body, 'text/plain')).status).toBe(400)
    expect((await scim('POST', '/Users', body, 'application/json; charset=utf-8')).status).toBe(201)
  })
})

describe('a user of Entra ID', () => {
  it('is looked for, made, found again, patched, shut out and let in', async () => {
    const find = () => scim('GET', '/Users?filter=userName+eq+%22Ola%40example.com%22')
    expect((await find()).body).toMatchObject({ totalResults: 0, Resources: [] })
    const made = await scim('POST', '/Users', entraUser('ola'))
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`${jackstaff.url}/scim/v2/Users/${made.body.id}`)
    expect(made.body).toMatchObject({ userName: 'ola@example.com', active: true, externalId: 'entra-ola' })
    expect((await find()).body.Resources).toEqual([made.body])
    const again = await scim('POST', '/Users', entraUser('OLA'))
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ status: '409', scimType: 'uniqueness' })

    const { id } = made.body
    const ola = await browser(id)
    const { body: token } = await ola('POST', '/me/tokens', { name: 'x' })
    expect((await jackstaff.api('GET', `/people/${id}`)).body).toMatchObject({ source: 'scim', name: 'ola' })
    const off = patchOf({ op: 'Replace', path: 'active', value: 'False' })
    expect((await scim('PATCH', `/Users/${id}`, off)).body.active).toBe(false)
    expect((await ola('GET', '/me')).status).toBe(401)
    const byToken = await jackstaff.api('GET', '/me', undefined, { authorization: `Bearer ${token.token}` })
    expect(byToken.status).toBe(401)
    expect((await scim('GET', '/Users?filter=active+eq+False')).body.totalResults).toBe(1)
    const on = patchOf(
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'Replace', path: 'displayName', value: 'Ola N.' },
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'ola.n@example.com' },
    )
    expect((await scim('PATCH', `/Users/${id}`, on)).body).toMatchObject({
      active: true,
      displayName: 'Ola N.',
      emails: [{ value: 'ola.n@example.com' }],
    })
    expect((await (await browser(id))('GET', '/me')).body.name).toBe('Ola N.')
  })

  it('who is deleted is gone for SCIM, holds nothing, and comes back as who they were', async () => {
    const id = await user('kari')
    await jackstaff.api('POST', '/grants', { person: id, role: 'publisher' })
    const kari = await browser(id)
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204)
    expect((await kari('GET', '/me')).status).toBe(401)
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', entraUser('kari')]] as const)
      expect((await scim(method, `/Users/${id}`, body)).status, method).toBe(404)
    expect((await scim('GET', '/Users?filter=externalId+eq+%22entra-kari%22')).body.totalResults).toBe(0)
    const back = await scim('POST', '/Users', entraUser('kari'))
    expect(back.body).toMatchObject({ id, active: true })
    expect((await (await browser(id))('GET', '/me')).body.permissions).toEqual([])
  })
})

describe('a user of Okta', () => {
  it('is made, replaced, and deactivated by an operation without a path', async () => {
    const made = await scim('POST', '/Users', oktaUser('liv'))
    expect(made.body).toMatchObject({ displayName: 'liv Okta', externalId: '00u-liv' })
    expect(JSON.stringify(made.body)).not.toContain('never-kept')
    const { id } = made.body
    const renamed = { ...oktaUser('liv'), userName: 'liv.b@example.com', displayName: 'Liv B.' }
    expect((await scim('PUT', `/Users/${id}`, renamed)).body).toMatchObject({ userName: 'liv.b@example.com' })
    const off = patchOf({ op: 'replace', value: { active: false } })
    expect((await scim('PATCH', `/Users/${id}`, off)).body.active).toBe(false)
    expect((await scim('PUT', `/Users/${id}`, { ...renamed, active: true })).body.active).toBe(true)
  })

  it('is listed by pages', async () => {
    const { body: all } = await scim('GET', '/Users?startIndex=1&count=100')
    const { body: second } = await scim('GET', '/Users?startIndex=2&count=1')
    expect(second).toMatchObject({ totalResults: all.totalResults, startIndex: 2, itemsPerPage: 1 })
    expect(second.Resources[0].id).toBe(all.Resources[1].id)
    expect((await scim('GET', '/Users?count=0')).body).toMatchObject({ Resources: [], itemsPerPage: 0 })
    expect((await scim('GET', '/Users?startIndex=-3')).body.startIndex).toBe(1)
  })
})

describe('what SCIM must not touch', () => {
  it('are people that it did not make, until an admin hands them over', async () => {
    const { body: eva } = await jackstaff.api('POST', '/people', { name: 'Eva', email: 'eva@example.com' })
    expect((await scim('GET', `/Users/${eva.id}`)).status).toBe(404)
    expect((await scim('DELETE', `/Users/${eva.id}`)).status).toBe(404)
    const refused = await scim('POST', '/Users', entraUser('eva'))
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain(`/people/${eva.id}`)
    await jackstaff.api('PATCH', `/people/${eva.id}`, { userName: 'eva@example.com' })
    const { body } = await scim('GET', '/Users?filter=userName+eq+%22eva%40example.com%22')
    expect(body.Resources[0].id).toBe(eva.id)
  })

  it('is the last admin', async () => {
    const alone = await startJackstaff()
    try {
      await alone.api('POST', '/roles', { key: 'scim', name: 'SCIM', permissions: ['scim:write'] })
      const { body } = await alone.api('POST', '/tokens', { name: 'idp', grants: [{ role: 'scim' }] })
      const idp = scimOf(alone.url, body.token)
      const { id } = (await idp('POST', '/Users', entraUser('only'))).body
      const admins = (await idp('POST', '/Groups', group('Admins', [id]))).body
      await alone.api('POST', '/grants', { group: admins.id, role: 'admin' })
      const off = patchOf({ op: 'replace', value: { active: false } })
      expect((await idp('PATCH', `/Users/${id}`, off)).status).toBe(409)
      expect((await idp('DELETE', `/Users/${id}`)).status).toBe(409)
      expect((await idp('DELETE', `/Groups/${admins.id}`)).status).toBe(409)
      const empty = patchOf({ op: 'remove', path: 'members' })
      expect((await idp('PATCH', `/Groups/${admins.id}`, empty)).status).toBe(409)
      expect((await idp('GET', `/Users/${id}`)).body).toMatchObject({
        active: true,
        groups: [{ value: admins.id }],
      })
    } finally {
      await alone.stop()
    }
  })
})

describe('a group', () => {
  it('gives its members the roles that an admin gave it, and takes them away', async () => {
    const [a, b] = [await user('mina'), await user('noor')]
    const made = await scim('POST', '/Groups', group('Release', [a]))
    expect(made.status).toBe(201)
    expect(made.body.members).toEqual([{ value: a, display: 'mina' }])
    const { id } = made.body
    await jackstaff.api('POST', '/grants', { group: id, role: 'publisher', project: 'shop' })
    const [mina, noor] = [await browser(a), await browser(b)]
    const keys = '/projects/shop/environments/production/keys'
    expect((await mina('GET', keys)).status).toBe(200)
    expect((await noor('GET', keys)).status).toBe(404)
    const entra = [
      patchOf({ op: 'Add', path: 'members', value: [{ value: b }] }),
      patchOf({ op: 'Remove', path: 'members', value: [{ value: a }] }),
    ]
    for (const body of entra) expect((await scim('PATCH', `/Groups/${id}`, body)).status).toBe(200)
    expect((await mina('GET', keys)).status).toBe(404)
    expect((await noor('GET', keys)).status).toBe(200)
    const okta = patchOf(
      { op: 'remove', path: `members[value eq "${b}"]` },
      { op: 'replace', value: { id, displayName: 'Releases' } },
    )
    expect((await scim('PATCH', `/Groups/${id}`, okta)).body).toMatchObject({
      displayName: 'Releases',
      members: [],
    })
    expect((await noor('GET', keys)).status).toBe(404)
    const whole = { ...group('Releases', [a, b]), externalId: undefined }
    expect((await scim('PUT', `/Groups/${id}`, whole)).body.members).toHaveLength(2)
    const lean = await scim('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22releases%22')
    expect(lean.body.Resources[0]).not.toHaveProperty('members')
    expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(204)
    expect((await mina('GET', keys)).status).toBe(404)
  })

  it('is kept by SCIM alone, and those of others by others', async () => {
    const { body: theirs } = await scim('POST', '/Groups', group('Theirs'))
    const admin = await personOf(jackstaff, 'viewer')
    for (const [method, path, body] of [
      ['PATCH', `/groups/${theirs.id}`, { name: 'Ours' }],
      ['PUT', `/groups/${theirs.id}/members/${admin.id}`, {}],
    ] as const)
      expect((await jackstaff.api(method, path, body)).status).toBe(409)
    const { body: ours } = await jackstaff.api('POST', '/groups', { name: 'Ours' })
    expect((await scim('GET', `/Groups/${ours.id}`)).status).toBe(404)
    expect((await scim('POST', '/Groups', group('ours'))).body).toMatchObject({ scimType: 'uniqueness' })
    const stranger = patchOf({ op: 'add', path: 'members', value: [{ value: admin.id }] })
    const refused = await scim('PATCH', `/Groups/${theirs.id}`, stranger)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      scimType: 'invalidValue',
      detail: `members: there is no user "${admin.id}"`,
    })
  })
})

describe('a mistake', () => {
  it.each([
    ['GET', '/Users?filter=userName+co+%22a%22', undefined, 'invalidFilter'],
    ['GET', '/Users?filter=title+eq+%22a%22', undefined, 'invalidFilter'],
    ['POST', '/Users', { displayName: 'Nobody' }, 'invalidValue'],
    ['POST', '/Groups', { members: [] }, 'invalidValue'],
    ['POST', '/Groups', { displayName: 'X', members: [{ id: 'y' }] }, 'invalidValue'],
  ] as const)('%s %s is refused in the form of SCIM', async (method, path, body, scimType) => {
    const refused = await scim(method, path, body)
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ status: '400', scimType })
  })

  it('leaves no name in the history', async () => {
    await user('sentinel')
    const text = await withSql(jackstaff, async (sql) => {
      const [row] = await sql`select string_agg(row_to_json(audit)::text, ' ') as all from audit`
      return row!.all as string
    })
    expect(text).toContain('"source":"scim"')
    expect(text).not.toMatch(/sentinel|entra-|@example\.com/)
  })
})
