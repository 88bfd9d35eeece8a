import { argon2id } from 'hash-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageApi } from '../support/api'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { type LocalIdp, logInAt, startLocalIdp } from '../support/local-idp'
import { personOf, withSql } from '../support/people'
import { freePort } from '../support/process'
import { knock, oidcAt, signedInBrowser, whoIs } from '../support/sso'
import { newBrowser, type SsoBrowser } from '../support/sso-browser'

// Log-ins at a real provider of OpenID Connect, and what is left of them when it is away.

const PASSPHRASE = 'abcde-fghjk-mnpqr'

let jackstaff: Jackstaff
let idp: LocalIdp
let settings: Record<string, string>
const person = (name: string, groups: string[]) => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  groups,
})

beforeAll(async () => {
  const hash = await argon2id({
    password: PASSPHRASE,
    salt: new Uint8Array(16).fill(7),
    parallelism: 1,
    iterations: 1,
    memorySize: 1_024,
    hashLength: 32,
    outputType: 'encoded',
  })
  settings = { JACKSTAFF_BREAK_GLASS_HASH: hash }
  jackstaff = await startJackstaff(settings)
  idp = await startLocalIdp([`${jackstaff.url}/api/auth/callback/local`], {
    ana: person('Ana', ['engineering']),
    rio: person('Rio', ['product']),
    cy: person('Cy', ['sales']),
  })
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
  const group = await jackstaff.api('POST', '/groups', { name: 'Reviewers' })
  const made = await jackstaff.api('POST', '/sso/connections', connection({ joins: group.body.id }))
  expect(made.status, JSON.stringify(made.body)).toBe(201)
})
afterAll(async () => {
  await jackstaff?.stop()
  await idp?.close()
})

const connection = ({ joins, ...more }: { joins?: string; [field: string]: unknown } = {}) =>
  oidcAt(idp, 'local', idp.client, {
    mapping: [
      { group: 'engineering', role: 'admin' },
      { group: 'product', role: 'publisher', project: 'shop', environment: 'production' },
      ...(joins ? [{ group: 'product', joins }] : []),
    ],
    ...more,
  })

async function logIn(browser: SsoBrowser, who: string, more: object = {}) {
  const begun = await knock(browser, jackstaff, 'local', more)
  expect(begun.status, begun.body).toBe(200)
  const { back, asked } = await logInAt(browser, begun.json.redirect, who)
  return { ...(await browser.send(back)), asked }
}

const roles = async (browser: SsoBrowser) =>
  (
    (await browser.api(jackstaff.url, 'GET', '/me')).json.grants as { role: string; project: string | null }[]
  ).map(({ role, project }) => `${role} ${project}`)

describe('a log-in', () => {
  it('makes a person with the roles and groups of the mapping, and finds them again by their subject', async () => {
    const browser = newBrowser()
    expect((await logIn(browser, 'rio')).location).toBe(`${jackstaff.url}/projects`)
    expect(await roles(browser)).toEqual(['publisher shop'])
    const me = (await browser.api(jackstaff.url, 'GET', '/me')).json
    const seen = await jackstaff.api('GET', `/people/${me.id}`)
    expect(seen.body).toMatchObject({ name: 'Rio', source: 'sso', groups: [{ name: 'Reviewers' }] })
    expect(seen.body.roles).toMatchObject([{ role: 'publisher', environment: 'production', source: 'sso' }])
    const again = newBrowser()
    idp.people.rio!.email = 'rio.new@example.com'
    await logIn(again, 'rio')
    expect((await again.api(jackstaff.url, 'GET', '/me')).json.id).toBe(me.id)
    expect((await jackstaff.api('GET', `/people/${me.id}`)).body.email).toBe('rio.new@example.com')
    const entries = (await jackstaff.api('GET', '/audit?action=session.sign_in')).body.items
    expect(entries[0]).toMatchObject({
      actor: { id: me.id },
      after: { method: 'local', made: false, given: [], taken: [] },
    })
    expect(entries[1].after.given).toEqual(['publisher shop production', expect.stringMatching(/^group /)])
  })

  it('takes what a group gave when the group is gone, from every session, and leaves what an admin gave', async () => {
    const browser = newBrowser()
    await logIn(browser, 'rio')
    const me = (await browser.api(jackstaff.url, 'GET', '/me')).json
    idp.people.rio!.groups = []
    const refused = await logIn(newBrowser(), 'rio')
    expect(refused.location).toBe(`${jackstaff.url}/sign-in?problem=no-access&with=local`)
    expect(await roles(browser)).toEqual([])
    expect((await jackstaff.api('GET', `/people/${me.id}`)).body.groups).toEqual([])
    const [entry] = (await jackstaff.api('GET', '/audit?action=sso.withdraw')).body.items
    expect(entry.after.taken[0]).toBe('publisher shop production')
    await jackstaff.api('POST', '/grants', { person: me.id, role: 'viewer', project: 'shop' })
    await logIn(browser, 'rio')
    expect(await roles(browser)).toEqual(['viewer shop'])
    idp.people.rio!.groups = ['product']
    await logIn(browser, 'rio')
    expect((await roles(browser)).sort()).toEqual(['publisher shop', 'viewer shop'])
  })

  it('gives what nobody can take by hand', async () => {
    const browser = newBrowser()
    await logIn(browser, 'rio')
    const { id } = (await browser.api(jackstaff.url, 'GET', '/me')).json
    const [held] = (await jackstaff.api('GET', `/grants?person=${id}`)).body.items.filter(
      ({ source }: { source: string }) => source === 'sso',
    )
    expect((await jackstaff.api('DELETE', `/grants/${held.id}`)).status).toBe(409)
    const [group] = (await jackstaff.api('GET', '/groups')).body.items
    expect((await jackstaff.api('DELETE', `/groups/${group.id}/members/${id}`)).status).toBe(409)
  })

  it('leaves outside whom no rule names, or lets them see, as the connection says', async () => {
    const browser = newBrowser()
    expect((await logIn(browser, 'cy')).location).toContain('problem=no-access')
    await jackstaff.api('PUT', '/sso/connections/local', {
      ...connection({ fallback: 'viewer' }),
      key: undefined,
    })
    expect((await logIn(browser, 'cy')).location).toBe(`${jackstaff.url}/projects`)
    expect(await roles(browser)).toEqual(['viewer null'])
    await jackstaff.api('PUT', '/sso/connections/local', { ...connection(), key: undefined })
  })

  it('counts as one that is not long ago; later the provider has to ask again', async () => {
    const browser = newBrowser()
    await logIn(browser, 'ana')
    const token = () => browser.api(jackstaff.url, 'POST', '/me/tokens', { name: 'Laptop' })
    expect((await token()).status).toBe(201)
    await withSql(
      jackstaff,
      (sql) =>
        sql`update session set authenticated_at = now() - interval '16 minutes' where method = 'local'`,
    )
    expect((await token()).json.code).toBe('sign_in_again')
    const again = await logIn(browser, 'ana', { again: true })
    expect(again.asked, 'the provider remembers her, and asks all the same').toBe(true)
    expect(again.location).toBe(`${jackstaff.url}/signed-in`)
    expect((await token()).status).toBe(201)
    const sessions = (await browser.api(jackstaff.url, 'GET', '/me/sessions')).json.items
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    browser.forget(idp.issuer)
    const other = await logIn(browser, 'cy', { again: true })
    expect(other.location).toContain('/sign-in?problem=other-person&with=local&again=1')
    expect(await whoIs(browser, jackstaff)).toBe('Ana')
  })

  it('does not take away the last admin', async () => {
    const { browser } = await signedInBrowser(jackstaff, 'viewer')
    await withSql(
      jackstaff,
      (sql) => sql`delete from role_grant where role = 'admin' and source = 'local'
      and user_id is not null`,
    )
    const ana = newBrowser()
    await logIn(ana, 'ana')
    idp.people.ana!.groups = ['product']
    expect((await logIn(newBrowser(), 'ana')).location).toContain('problem=last-admin')
    expect(await roles(ana)).toEqual(['admin null'])
    idp.people.ana!.groups = ['engineering']
    expect(await whoIs(browser, jackstaff)).toBe('viewer')
  })
})

describe('somebody who is here already', () => {
  it('is not taken for whoever has their e-mail address, links their account, and may unlink it', async () => {
    const { id, browser } = await signedInBrowser(jackstaff, 'editor')
    idp.people.editor = person('Editor', ['engineering'])
    const refused = await logIn(newBrowser(), 'editor')
    expect(refused.location).toContain('problem=email-taken')
    const page = await newBrowser().send(refused.location!)
    expect(page.body).toContain('link this provider in your settings')

    const begun = await browser.api(jackstaff.url, 'POST', '/me/identities', { connection: 'local' })
    const { back } = await logInAt(browser, begun.json.redirect, 'editor')
    expect((await browser.send(back)).location).toBe(`${jackstaff.url}/settings/sessions`)
    const mine = await browser.api(jackstaff.url, 'GET', '/me/identities')
    expect(mine.json.items).toMatchObject([{ connection: 'local', subject: 'editor' }])
    const linked = newBrowser()
    await logIn(linked, 'editor')
    expect((await linked.api(jackstaff.url, 'GET', '/me')).json.id).toBe(id)
    expect((await roles(linked)).sort()).toEqual(['admin null', 'editor null'])

    const thief = await signedInBrowser(jackstaff, 'publisher')
    const theirs = await thief.browser.api(jackstaff.url, 'POST', '/me/identities', { connection: 'local' })
    const stolen = await logInAt(thief.browser, theirs.json.redirect, 'editor')
    expect((await thief.browser.send(stolen.back)).location).toContain('/settings/sessions?problem=linked')

    expect((await browser.api(jackstaff.url, 'DELETE', '/me/identities/local')).status).toBe(204)
    expect((await logIn(newBrowser(), 'editor')).location).toContain('problem=email-taken')
  })

  it('is found by what SCIM calls them, where an admin says that it is the same', async () => {
    const id = 'kept-by-scim'
    await withSql(
      jackstaff,
      (sql) => sql`insert into app_user (id, name, email, source, user_name, external_id)
        values (${id}, 'Sam', 'sam@example.com', 'scim', 'sam@example.com', 'sam')`,
    )
    idp.people.sam = person('Sam', ['product'])
    expect((await logIn(newBrowser(), 'sam')).location).toContain('problem=email-taken')
    const scimMatch = { field: 'externalId', claim: 'sub' }
    await jackstaff.api('PUT', '/sso/connections/local', { ...connection({ scimMatch }), key: undefined })
    const browser = newBrowser()
    await logIn(browser, 'sam')
    expect((await browser.api(jackstaff.url, 'GET', '/me')).json).toMatchObject({ id, name: 'Sam' })
    await jackstaff.api('PUT', '/sso/connections/local', { ...connection(), key: undefined })
  })
})

describe('a test of a connection', () => {
  it('shows what came and what it would give, and changes nothing', async () => {
    const { browser } = await signedInBrowser(jackstaff, 'admin')
    idp.people.new = person('New', ['engineering', 'everyone'])
    const count = () =>
      withSql(jackstaff, async (sql) => (await sql`select count(*)::int from app_user`)[0]!.count)
    const before = await count()
    const draft = { ...connection({ name: 'Not saved' }), clientSecret: undefined }
    const begun = await browser.api(jackstaff.url, 'POST', '/sso/tests', draft)
    expect(begun.status, begun.body).toBe(201)
    const { back } = await logInAt(browser, begun.json.redirect, 'new')
    const seen = await browser.send(back)
    expect(seen.location).toBe(`${jackstaff.url}/settings/sso/tests/${begun.json.id}`)
    expect(seen.setCookies).toEqual([])
    const { json } = await browser.api(jackstaff.url, 'GET', `/sso/tests/${begun.json.id}`)
    expect(json.outcome).toMatchObject({
      ok: true,
      subject: 'new',
      person: { kind: 'new', name: 'New' },
      groups: ['engineering', 'everyone'],
      roles: [{ group: 'engineering', role: 'admin', project: null, environment: null }],
      claims: { email: 'new@example.com', iss: idp.issuer },
    })
    expect(await count()).toBe(before)
    expect((await jackstaff.api('GET', '/audit?action=sso.test')).body.items[0].target).toBe('sso:local')
    const other = await signedInBrowser(jackstaff, 'admin')
    expect((await other.browser.api(jackstaff.url, 'GET', `/sso/tests/${begun.json.id}`)).status).toBe(404)
  })

  it('of a draft whose key is saved sends the kept secret to nobody else', async () => {
    const { browser } = await signedInBrowser(jackstaff, 'admin')
    const draft = {
      ...connection({ issuer: `http://127.0.0.1:${await freePort()}` }),
      clientSecret: undefined,
    }
    const begun = await browser.api(jackstaff.url, 'POST', '/sso/tests', draft)
    expect(begun.json.errors).toEqual([{ path: 'clientSecret', message: expect.stringContaining('again') }])
  })
})

describe('a connection', () => {
  it('is said by whoever may do everything already, and its secret is kept sealed and never read back', async () => {
    await jackstaff.api('POST', '/roles', {
      key: 'sso',
      name: 'SSO',
      permissions: ['sso:write', 'flag:read'],
    })
    const { id, cookie } = await personOf(jackstaff, 'viewer')
    await jackstaff.api('POST', '/grants', { person: id, role: 'sso' })
    const theirs = pageApi(jackstaff.url, cookie)
    const answer = await theirs('PUT', '/sso/connections/local', { ...connection(), key: undefined })
    expect(answer.status).toBe(403)
    expect((await theirs('GET', '/sso/connections')).status).toBe(200)
    const all = await jackstaff.api('GET', '/sso/connections')
    expect(JSON.stringify(all.body)).not.toContain(idp.client.secret)
    const rows = await withSql(
      jackstaff,
      (sql) => sql`select t::text as row from sso_connection t
      union all select t::text from audit t union all select t::text from sso_attempt t`,
    )
    expect(rows.filter(({ row }) => row.includes(idp.client.secret))).toEqual([])
    expect(jackstaff.program.output()).not.toContain(idp.client.secret)
  })

  it('names only roles, places and groups that are there', async () => {
    const mapping = [
      { group: 'a', role: 'viewer' },
      { group: 'b', role: 'nothing' },
    ]
    const answer = await jackstaff.api('PUT', '/sso/connections/local', {
      ...connection({ mapping }),
      key: undefined,
    })
    expect(answer.body.errors).toEqual([{ path: 'mapping.1', message: 'there is no role "nothing"' }])
  })

  it('that is turned off signs nobody in, and signs out whoever came by it', async () => {
    const browser = newBrowser()
    await logIn(browser, 'ana')
    const begun = await knock(newBrowser(), jackstaff, 'local')
    await jackstaff.api('PUT', '/sso/connections/local', {
      ...connection({ enabled: false }),
      key: undefined,
    })
    expect(begun.status).toBe(200)
    expect(await whoIs(browser, jackstaff)).toBeNull()
    expect((await knock(newBrowser(), jackstaff, 'local')).json.code).toBe('sso_off')
    await jackstaff.api('PUT', '/sso/connections/local', { ...connection(), key: undefined })
  })
})

describe('while the provider is away', () => {
  it('the button says so within its time, a link still signs in, and so does the break-glass passphrase', async () => {
    await idp.close()
    const begun = performance.now()
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await knock(newBrowser(), jackstaff, 'local'))
    // The discovery document is kept for minutes: a browser may still be sent there, and finds nobody.
    for (const { status } of answers) expect([200, 503]).toContain(status)
    expect(performance.now() - begun).toBeLessThan(20_000)

    const gone = `http://127.0.0.1:${await freePort()}`
    const key = { key: 'gone', name: 'Gone', issuer: gone }
    expect((await jackstaff.api('POST', '/sso/connections', { ...connection(), ...key })).status).toBe(201)
    for (let i = 0; i < 5; i++) {
      const away = await knock(newBrowser(), jackstaff, 'gone')
      expect(away.status).toBe(503)
      expect(away.json).toMatchObject({
        code: 'sso_away',
        detail: expect.stringContaining('sign in another way'),
      })
    }

    const browser = newBrowser()
    const glass = (passphrase: string) =>
      browser.api(jackstaff.url, 'POST', '/sign-in/break-glass', {
        passphrase,
        reason: 'The provider is away',
      })
    expect((await glass('wrong')).status).toBe(403)
    const opened = await glass(` ${PASSPHRASE} `)
    expect(opened.status, opened.body).toBe(200)
    expect(opened.json).toEqual({ redirect: '/projects' })
    expect(await roles(browser)).toEqual(['admin null'])
    const [session] = (await browser.api(jackstaff.url, 'GET', '/me/sessions')).json.items
    expect(session.method).toBe('break-glass')
    expect(Date.parse(session.expiresAt) - Date.parse(session.createdAt)).toBe(3_600_000)
    const [entry] = (await jackstaff.api('GET', '/audit?action=session.break_glass')).body.items
    expect(entry).toMatchObject({ actor: { id: 'break-glass' }, reason: 'The provider is away' })
    expect(jackstaff.program.output()).toContain('BREAK GLASS: somebody signed in')
    expect(jackstaff.program.output()).toContain('BREAK GLASS: a wrong passphrase')
    expect(jackstaff.program.output()).not.toContain(PASSPHRASE)
  })

  it('nobody tries passphrases for long', async () => {
    const browser = newBrowser()
    const glass = (passphrase: string) =>
      browser.api(jackstaff.url, 'POST', '/sign-in/break-glass', { passphrase, reason: 'Guessing' })
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await glass('wrong')).status)
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429])
    expect((await glass(PASSPHRASE)).status).toBe(429)
  })

  it('the passphrase counts while the environment says so, and no longer', async () => {
    const browser = newBrowser()
    const glass = () =>
      browser.api(jackstaff.url, 'POST', '/sign-in/break-glass', {
        passphrase: PASSPHRASE,
        reason: 'Once more',
      })
    expect((await glass()).status).toBe(200)
    await jackstaff.program.end()
    delete jackstaff.env.JACKSTAFF_BREAK_GLASS_HASH
    await jackstaff.startAgain()
    expect(await whoIs(browser, jackstaff)).toBeNull()
    expect((await glass()).status).toBe(404)
    const held = (await jackstaff.api('GET', '/people/break-glass')).body
    expect(held).toMatchObject({ roles: [], disabledAt: expect.any(String) })
  })
})
