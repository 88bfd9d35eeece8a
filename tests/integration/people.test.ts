import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Place, Role } from '@/lib/control/roles'
import { type Api, apiOf } from '../support/api'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { browserOf, personOf, withSql } from '../support/people'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

const IN_SHOP: Place = { project: 'shop', environment: null }
const IN_PRODUCTION: Place = { project: 'shop', environment: 'production' }

/** A person with a browser of their own. */
async function somebody(role: Role, place?: Place) {
  const person = await personOf(jackstaff, role, place)
  return { ...person, api: browserOf(jackstaff, person.cookie) }
}

/** Somebody who may add members everywhere, and nothing else. */
async function doorkeeper() {
  const key = `keeper-${Math.random().toString(36).slice(2)}`
  const role = { key, name: 'Doorkeeper', permissions: ['member:read', 'member:write', 'token:write'] }
  expect((await jackstaff.api('POST', '/roles', role)).status).toBe(201)
  const person = await somebody('viewer', IN_PRODUCTION)
  expect((await jackstaff.api('POST', '/grants', { person: person.id, role: key })).status).toBe(201)
  return { ...person, role: key }
}

const longAgo = (id: string) =>
  withSql(
    jackstaff,
    (sql) => sql`update session set authenticated_at = now() - interval '13 hours' where user_id = ${id}`,
  )

const newest = async (): Promise<{
  action: string
  target: string
  projectId: number | null
  text: string
}> =>
  withSql(jackstaff, async (sql) => {
    const [row] = await sql`
      select action, target, project_id, row_to_json(audit)::text as text from audit order by id desc limit 1`
    return { action: row!.action, target: row!.target, projectId: row!.project_id, text: row!.text }
  })

const linkOf = (link: string) => ({ token: new URL(link).searchParams.get('token') })

describe('a person', () => {
  it('is invited by a link that works once, holds nothing at first, and is told apart by the address', async () => {
    const invited = await jackstaff.api('POST', '/people', { name: 'Ana', email: 'ana@example.com' })
    expect(invited.status).toBe(201)
    expect(invited.body).toMatchObject({ name: 'Ana', source: 'local', roles: [], groups: [] })
    const entry = await newest()
    expect(entry).toMatchObject({
      action: 'person.create',
      target: `user:${invited.body.id}`,
      projectId: null,
    })
    expect(entry.text, 'an entry names nobody').not.toMatch(/ana@|Ana|sign-in/)
    const again = await jackstaff.api('POST', '/people', { name: 'Ana', email: 'ANA@example.com' })
    expect(again.status).toBe(409)
    const anonymous = browserOf(jackstaff, '')
    const signedIn = await anonymous('POST', '/sign-in', linkOf(invited.body.link))
    expect(signedIn.status).toBe(200)
    expect((await anonymous('POST', '/sign-in', linkOf(invited.body.link))).status).toBe(403)
    const ana = browserOf(jackstaff, signedIn.headers.get('set-cookie')!.split(';')[0]!)
    expect((await ana('GET', '/me')).body).toMatchObject({ kind: 'user', name: 'Ana', permissions: [] })
    expect((await ana('GET', '/projects')).body.items).toEqual([])
    const { body } = await jackstaff.api('GET', '/people?q=na@exam')
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([invited.body.id])
    expect((await jackstaff.api('GET', '/people?q=%25')).body.items, 'a % is a letter').toEqual([])
  })

  it('is listed page by page, by name', async () => {
    for (const name of ['page b', 'Page a', 'Page C'])
      await jackstaff.api('POST', '/people', { name, email: `${name.replace(' ', '-')}@example.com` })
    const names: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await jackstaff.api('GET', `/people?q=page&limit=2${cursor}`)
      expect(body.total).toBe(3)
      names.push(...body.items.map(({ name }: { name: string }) => name))
      if (body.next === null) break
      cursor = `&cursor=${body.next}`
    }
    expect(names).toEqual(['Page a', 'page b', 'Page C'])
  })

  it('who is disabled loses sessions, tokens and links with the next request, and gets no token back', async () => {
    const bob = await somebody('editor')
    const { body: token } = await bob.api('POST', '/me/tokens', { name: 'laptop' })
    const { body: link } = await jackstaff.api('POST', `/people/${bob.id}/link`)
    expect((await apiOf(jackstaff.url, token.token)('GET', '/projects')).status).toBe(200)
    const disabled = await jackstaff.api('PATCH', `/people/${bob.id}`, { disabled: true })
    expect(disabled.body.disabledAt).not.toBeNull()
    expect((await bob.api('GET', '/projects')).status).toBe(401)
    expect((await apiOf(jackstaff.url, token.token)('GET', '/projects')).status).toBe(401)
    expect((await browserOf(jackstaff, '')('POST', '/sign-in', linkOf(link.link))).status).toBe(403)
    expect((await jackstaff.api('POST', `/people/${bob.id}/link`)).status).toBe(409)
    await jackstaff.api('PATCH', `/people/${bob.id}`, { disabled: false })
    expect((await bob.api('GET', '/projects')).status).toBe(401)
    expect((await apiOf(jackstaff.url, token.token)('GET', '/projects')).status).toBe(401)
    const { body: back } = await jackstaff.api('POST', `/people/${bob.id}/link`)
    expect((await browserOf(jackstaff, '')('POST', '/sign-in', linkOf(back.link))).status).toBe(200)
  })

  it('sees and ends their own sessions', async () => {
    const cleo = await somebody('viewer')
    const { body: link } = await jackstaff.api('POST', `/people/${cleo.id}/link`)
    const signedIn = await browserOf(jackstaff, '')('POST', '/sign-in', linkOf(link.link))
    const phone = browserOf(jackstaff, signedIn.headers.get('set-cookie')!.split(';')[0]!)
    const { body } = await phone('GET', '/me/sessions')
    expect(body.items.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true])
    const other = body.items.find(({ current }: { current: boolean }) => !current)
    const stranger = await somebody('admin')
    expect((await stranger.api('DELETE', `/me/sessions/${other.id}`)).status).toBe(404)
    expect((await phone('DELETE', `/me/sessions/${other.id}`)).status).toBe(204)
    expect(await newest()).toMatchObject({ action: 'session.end', target: `user:${cleo.id}` })
    expect((await cleo.api('GET', '/me')).status).toBe(401)
    expect((await phone('DELETE', '/me/sessions')).body).toEqual({ ended: 0 })
    expect((await jackstaff.api('GET', `/people/${cleo.id}/sessions`)).body.total).toBe(1)
    expect((await jackstaff.api('DELETE', `/people/${cleo.id}/sessions`)).body).toEqual({ ended: 1 })
    expect((await phone('GET', '/me')).status).toBe(401)
  })
})

describe('a personal token', () => {
  it('is its person within its scopes, ends within a year, and makes no others', async () => {
    const dora = await somebody('admin')
    const late = new Date(Date.now() + 400 * 86_400_000).toISOString()
    expect((await dora.api('POST', '/me/tokens', { name: 'x', expiresAt: late })).status).toBe(422)
    const made = await dora.api('POST', '/me/tokens', {
      name: 'reads',
      scopes: ['project:read', 'member:write'],
    })
    expect(made.status).toBe(201)
    expect((await newest()).text).not.toContain(made.body.token)
    const reads = apiOf(jackstaff.url, made.body.token)
    expect((await reads('GET', '/me')).body.permissions).toEqual(['project:read', 'member:write'])
    expect((await reads('GET', '/projects/shop')).status).toBe(200)
    expect((await reads('GET', '/projects/shop/flags')).status).toBe(403)
    expect((await reads('POST', '/me/tokens', { name: 'wider' })).status).toBe(403)
    expect((await reads('POST', `/people/${dora.id}/link`)).status, 'it would be all of her').toBe(403)
    expect((await reads('POST', '/grants', { person: dora.id, role: 'viewer' })).status).toBe(403)
    const { body } = await dora.api('GET', '/me/tokens')
    expect(body.items).toHaveLength(1)
    expect(JSON.stringify(body)).not.toContain(made.body.token)
    const other = await somebody('admin')
    expect((await other.api('DELETE', `/me/tokens/${made.body.id}`)).status).toBe(404)
    expect((await dora.api('DELETE', `/me/tokens/${made.body.id}`)).status).toBe(204)
    expect((await reads('GET', '/projects/shop')).status).toBe(401)
  })
})

describe('what a stolen cookie could keep for itself', () => {
  const asks: [string, string, unknown][] = [
    ['POST', '/me/tokens', { name: 'x' }],
    ['POST', '/tokens', { name: 'x', grants: [{ role: 'viewer' }] }],
    ['POST', '/tokens/svc_bootstrap/rotate', {}],
    ['POST', '/people', { name: 'X', email: 'x@example.com' }],
    ['POST', '/people/<me>/link', {}],
  ]
  it.each(asks)('%s %s asks for a sign-in that is not long ago', async (method, path, body) => {
    const eve = await somebody('admin')
    await longAgo(eve.id)
    const refused = await eve.api(method, path.replace('<me>', eve.id), body)
    expect(refused.status).toBe(403)
    expect(refused.body.code).toBe('sign_in_again')
  })
})

describe('nobody gives or takes more than they hold', () => {
  let keeper: Awaited<ReturnType<typeof doorkeeper>>
  let admin: Awaited<ReturnType<typeof somebody>>
  let nobody: Awaited<ReturnType<typeof somebody>>
  let powerful: string
  beforeAll(async () => {
    keeper = await doorkeeper()
    admin = await somebody('admin')
    nobody = await somebody('viewer', IN_PRODUCTION)
    const { body: group } = await jackstaff.api('POST', '/groups', { name: 'Powerful' })
    powerful = group.id
    await jackstaff.api('POST', '/grants', { group: powerful, role: 'admin' })
    await jackstaff.api('PUT', `/groups/${powerful}/members/${admin.id}`, {})
  })

  const refused = async (api: Api, method: string, path: string, body?: unknown) => {
    const answer = await api(method, path, body)
    expect(answer.status, `${method} ${path}`).toBe(403)
    expect(answer.body.detail).toContain('nobody gives or takes more than they hold')
  }

  it('not by a grant, to others or to themselves, nor by taking one away', async () => {
    await refused(keeper.api, 'POST', '/grants', { person: keeper.id, role: 'admin' })
    await refused(keeper.api, 'POST', '/grants', { person: nobody.id, role: 'editor', project: 'shop' })
    const { body } = await jackstaff.api('GET', `/grants?person=${admin.id}`)
    await refused(keeper.api, 'DELETE', `/grants/${body.items[0].id}`)
    const same = await keeper.api('POST', '/grants', { person: nobody.id, role: keeper.role })
    expect(same.status).toBe(201)
    expect((await keeper.api('DELETE', `/grants/${same.body.id}`)).status).toBe(204)
  })

  it('not by a group', async () => {
    await refused(keeper.api, 'PUT', `/groups/${powerful}/members/${keeper.id}`, {})
    await refused(keeper.api, 'DELETE', `/groups/${powerful}/members/${admin.id}`)
    await refused(keeper.api, 'PATCH', `/groups/${powerful}`, { name: 'Weak' })
    await refused(keeper.api, 'DELETE', `/groups/${powerful}`)
  })

  it('not by a role of their own making', async () => {
    const more = { key: 'more', name: 'More', permissions: ['flag:publish'] }
    await refused(keeper.api, 'POST', '/roles', more)
    await refused(keeper.api, 'PATCH', `/roles/${keeper.role}`, {
      permissions: ['member:write', 'flag:publish'],
    })
    expect((await jackstaff.api('POST', '/roles', more)).status).toBe(201)
    await refused(keeper.api, 'PATCH', '/roles/more', { permissions: ['member:write'] })
    await refused(keeper.api, 'DELETE', '/roles/more')
  })

  it('not by a token, made, rotated or revoked', async () => {
    await refused(keeper.api, 'POST', '/tokens', { name: 'x', grants: [{ role: 'admin' }] })
    await refused(keeper.api, 'POST', '/tokens/svc_bootstrap/rotate', {})
    await refused(keeper.api, 'DELETE', '/tokens/svc_bootstrap')
    const mine = { name: 'mine', grants: [{ role: keeper.role }] }
    expect((await keeper.api('POST', '/tokens', mine)).status).toBe(201)
  })

  it('not by signing in as somebody, nor by shutting them out', async () => {
    await refused(keeper.api, 'POST', `/people/${admin.id}/link`)
    await refused(keeper.api, 'PATCH', `/people/${admin.id}`, { disabled: true })
    await refused(keeper.api, 'DELETE', `/people/${admin.id}/sessions`)
    const { body } = await keeper.api('POST', '/people', { name: 'Fay', email: 'fay@example.com' })
    expect((await keeper.api('POST', `/people/${body.id}/link`)).status).toBe(201)
  })

  it('an admin of a project gives roles in it, and nowhere else', async () => {
    const lead = await somebody('admin', IN_SHOP)
    const given = await lead.api('POST', '/projects/shop/grants', {
      person: nobody.id,
      role: 'publisher',
      environment: 'staging',
    })
    expect(given.status).toBe(201)
    expect(given.body).toMatchObject({ project: 'shop', environment: 'staging', role: 'publisher' })
    const entry = await newest()
    expect(entry).toMatchObject({ action: 'grant.create', target: `user:${nobody.id}` })
    expect(entry.projectId).not.toBeNull()
    await jackstaff.api('POST', '/projects', { key: 'other', name: 'Other' })
    const elsewhere = { person: nobody.id, role: 'viewer' }
    expect((await lead.api('POST', '/projects/other/grants', elsewhere)).status).toBe(404)
    expect((await lead.api('POST', '/grants', elsewhere)).status).toBe(403)
    expect((await lead.api('POST', '/grants', { ...elsewhere, project: 'shop' })).status).toBe(403)
    expect((await lead.api('GET', '/people')).status).toBe(403)
    expect((await lead.api('GET', '/people?project=shop')).status).toBe(200)
    expect((await nobody.api('GET', '/people?project=shop')).status).toBe(403)
    const everywhere = await jackstaff.api('POST', '/grants', elsewhere)
    const { body } = await lead.api('GET', '/projects/shop/grants')
    expect(body.items.map(({ id }: { id: number }) => id)).toContain(everywhere.body.id)
    expect((await lead.api('DELETE', `/projects/shop/grants/${everywhere.body.id}`)).status).toBe(404)
    expect((await lead.api('DELETE', `/projects/shop/grants/${given.body.id}`)).status).toBe(204)
    const small = await somebody('admin', IN_PRODUCTION)
    const inside = { person: nobody.id, role: 'viewer', environment: 'production' }
    expect((await small.api('POST', '/projects/shop/grants', inside)).status, 'the project, not a part').toBe(
      403,
    )
  })
})

describe('the last admin', () => {
  it('is kept, whatever way out is tried, however many try it at once', async () => {
    const only = await startJackstaff()
    try {
      const [a, b] = [await personOf(only, 'admin'), await personOf(only, 'admin')]
      const grantOf = async (id: string) => (await only.api('GET', `/grants?person=${id}`)).body.items[0].id
      const grants = [await grantOf(a.id), await grantOf(b.id)]
      const answers = await Promise.all([
        browserOf(only, a.cookie)('PATCH', `/people/${b.id}`, { disabled: true }),
        browserOf(only, b.cookie)('PATCH', `/people/${a.id}`, { disabled: true }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const [last, grant] = answers[0]!.status === 200 ? [a, grants[0]] : [b, grants[1]]
      expect((await only.api('DELETE', `/grants/${grant}`)).status).toBe(409)
      const { body: group } = await only.api('POST', '/groups', { name: 'Admins' })
      await only.api('POST', '/grants', { group: group.id, role: 'admin' })
      await only.api('PUT', `/groups/${group.id}/members/${last.id}`, {})
      expect((await only.api('DELETE', `/grants/${grant}`)).status, 'the group keeps it').toBe(204)
      const inGroup = (await only.api('GET', `/grants?group=${group.id}`)).body.items[0].id
      for (const path of [
        `/groups/${group.id}`,
        `/groups/${group.id}/members/${last.id}`,
        `/grants/${inGroup}`,
      ])
        expect((await only.api('DELETE', path)).status, path).toBe(409)
      expect((await only.api('PATCH', `/people/${last.id}`, { disabled: true })).status).toBe(409)
      expect((await browserOf(only, last.cookie)('GET', '/projects')).status).toBe(200)
    } finally {
      await only.stop()
    }
  })
})

describe('groups, roles and tokens', () => {
  it('a group gives its members what it holds, from their next request on', async () => {
    const gil = await somebody('viewer', IN_PRODUCTION)
    const { body: group } = await jackstaff.api('POST', '/groups', { name: 'Publishers' })
    expect((await jackstaff.api('POST', '/groups', { name: 'publishers' })).status).toBe(409)
    await jackstaff.api('POST', '/grants', { group: group.id, role: 'publisher', project: 'shop' })
    expect((await gil.api('GET', '/projects/shop/environments/staging/keys')).status).toBe(403)
    const joined = await jackstaff.api('PUT', `/groups/${group.id}/members/${gil.id}`, {})
    expect(joined.body).toMatchObject({ memberCount: 1, members: [{ id: gil.id }] })
    expect((await gil.api('GET', '/projects/shop/environments/staging/keys')).status).toBe(200)
    const why = await jackstaff.api('GET', `/explain?person=${gil.id}&project=shop&environment=staging`)
    const byName = Object.fromEntries(
      why.body.permissions.map((line: { permission: string }) => [line.permission, line]),
    )
    expect(byName['key:read']).toMatchObject({
      allowed: true,
      because: [{ role: 'publisher', group: { name: 'Publishers' }, project: 'shop', environment: null }],
    })
    expect(byName['key:write']).toEqual({ permission: 'key:write', allowed: false, because: [] })
    expect(byName['flag:read'].because).toHaveLength(2)
    await jackstaff.api('DELETE', `/groups/${group.id}/members/${gil.id}`)
    expect((await gil.api('GET', '/projects/shop/environments/staging/keys')).status).toBe(403)
    expect((await jackstaff.api('DELETE', `/groups/${group.id}`)).status).toBe(204)
  })

  it('a role of one’s own changes with what it names, and is not deleted while it is held', async () => {
    const hal = await somebody('viewer', IN_PRODUCTION)
    const role = { key: 'keyring', name: 'Key ring', permissions: ['key:read', 'key:read', 'project:read'] }
    const made = await jackstaff.api('POST', '/roles', role)
    expect(made.body.permissions).toEqual(['project:read', 'key:read'])
    expect((await jackstaff.api('POST', '/roles', { ...role, key: 'Keyring' })).status).toBe(409)
    expect((await jackstaff.api('POST', '/roles', { ...role, key: 'Admin' })).status).toBe(422)
    expect((await jackstaff.api('PATCH', '/roles/viewer', { name: 'x' })).status).toBe(409)
    const grant = await jackstaff.api('POST', '/projects/shop/grants', { person: hal.id, role: 'keyring' })
    const keys = '/projects/shop/environments/production/keys'
    expect((await hal.api('GET', keys)).status).toBe(200)
    await jackstaff.api('PATCH', '/roles/keyring', { permissions: ['project:read'] })
    expect((await hal.api('GET', keys)).status).toBe(403)
    expect((await jackstaff.api('DELETE', '/roles/keyring')).status).toBe(409)
    const token = await jackstaff.api('POST', '/tokens', { name: 'gone', grants: [{ role: 'keyring' }] })
    await jackstaff.api('DELETE', `/projects/shop/grants/${grant.body.id}`)
    expect((await jackstaff.api('DELETE', '/roles/keyring')).status).toBe(409)
    await jackstaff.api('DELETE', `/tokens/${token.body.id}`) // holds nothing any more
    expect((await jackstaff.api('DELETE', '/roles/keyring')).status).toBe(204)
    const { body } = await jackstaff.api('GET', '/roles')
    expect(body.items.slice(0, 4).map(({ key }: { key: string }) => key)).toEqual([
      'viewer',
      'editor',
      'publisher',
      'admin',
    ])
  })

  it('a service token is shown once, rotates with an overlap, and is refused once it is revoked', async () => {
    const made = await jackstaff.api('POST', '/tokens', {
      name: 'deploy',
      grants: [{ role: 'publisher', project: 'shop', environment: 'production' }],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    })
    expect(made.status).toBe(201)
    const old = apiOf(jackstaff.url, made.body.token)
    expect((await old('GET', '/me')).body).toMatchObject({ kind: 'service', name: 'deploy' })
    expect(JSON.stringify((await jackstaff.api('GET', '/tokens')).body)).not.toContain(made.body.token)
    const rotated = await jackstaff.api('POST', `/tokens/${made.body.id}/rotate`, { overlapHours: 1 })
    const same = { role: 'publisher', project: 'shop', environment: 'production' }
    expect(rotated.body.roles).toMatchObject([same])
    expect(Date.parse(rotated.body.expiresAt)).toBeGreaterThan(Date.now() + 3_000_000)
    const fresh = apiOf(jackstaff.url, rotated.body.token)
    for (const api of [old, fresh]) expect((await api('GET', '/projects/shop')).status).toBe(200)
    expect((await jackstaff.api('POST', `/tokens/${made.body.id}/rotate`, {})).status).toBe(409)
    const last = await jackstaff.api('POST', `/tokens/${rotated.body.id}/rotate`, {})
    expect((await fresh('GET', '/projects/shop')).status).toBe(401)
    expect((await jackstaff.api('DELETE', `/tokens/${last.body.id}`)).status).toBe(204)
    expect((await apiOf(jackstaff.url, last.body.token)('GET', '/projects/shop')).status).toBe(401)
    const audit = await newest()
    expect(audit).toMatchObject({ action: 'token.revoke', target: `token:${last.body.id}` })
  })
})
