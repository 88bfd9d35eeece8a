import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { personOf, signInLinkFor, tokenOf, withSql } from '../support/people'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
})
afterAll(() => jackstaff?.stop())

type Sent = { body?: unknown; headers?: Record<string, string> }

/** A browser on our own page, unless `headers` say otherwise. */
function browser(method: string, path: string, { body, headers = {} }: Sent = {}) {
  return fetch(`${jackstaff.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
  })
}

const projects = (cookie: string) => browser('GET', '/projects', { headers: { cookie } })
const cookieOf = (response: Response) => response.headers.get('set-cookie')!.split(';')[0]!
const setUpToken = () => /\/setup\?token=([\w-]+)/.exec(jackstaff.program.output())![1]!
const ANA = { name: 'Ana', email: 'ana@example.com' }

describe('set-up', () => {
  it('refuses a wrong link and a broken e-mail address, and uses nothing up', async () => {
    const wrong = await browser('POST', '/setup', { body: { ...ANA, token: 'x'.repeat(43) } })
    expect(wrong.status).toBe(403)
    const broken = await browser('POST', '/setup', { body: { ...ANA, email: 'ana', token: setUpToken() } })
    expect(broken.status).toBe(422)
  })

  it('by the printed link makes one admin, once, however many press at the same time', async () => {
    const body = { ...ANA, token: setUpToken() }
    const answers = await Promise.all([1, 2, 3].map(() => browser('POST', '/setup', { body })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403])
    const won = answers.find(({ status }) => status === 201)!
    const cookie = won.headers.get('set-cookie')!
    expect(cookie).toMatch(/^jackstaff\.session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/)
    expect(await won.json()).toEqual({ redirect: '/projects/sample/get-started' })
    expect((await projects(cookieOf(won))).status).toBe(200)
    expect((await browser('POST', '/setup', { body })).status).toBe(403)
  })

  it('prints no link once somebody is set up', async () => {
    await jackstaff.program.end()
    await jackstaff.startAgain()
    expect(jackstaff.program.output()).not.toContain('/setup')
  })
})

describe('a sign-in link', () => {
  it('lets whoever owns the machine do what is sensitive for hours, and guests of an admin for minutes', async () => {
    const made = await jackstaff.api('POST', '/people', { name: 'Bo', email: 'bo@example.com' })
    await jackstaff.api('POST', '/grants', { person: made.body.id, role: 'admin' })
    const byApi = new URL(made.body.link).searchParams.get('token')!
    const { id } = await personOf(jackstaff, 'admin')
    const printed = await signInLinkFor(jackstaff, id)
    for (const [method, token, status] of [
      ['invite', byApi, 403],
      ['link', printed, 201],
    ] as const) {
      const cookie = cookieOf(await browser('POST', '/sign-in', { body: { token } }))
      const [session] = (await (await browser('GET', '/me/sessions', { headers: { cookie } })).json()).items
      expect(session.method).toBe(method)
      await withSql(
        jackstaff,
        (sql) =>
          sql`update session set authenticated_at = now() - interval '1 hour' where id = ${session.id}`,
      )
      const sensitive = await browser('POST', '/me/tokens', { body: { name: 'Mine' }, headers: { cookie } })
      expect(sensitive.status, method).toBe(status)
    }
  })

  it('works once', async () => {
    const { id } = await personOf(jackstaff, 'editor')
    const token = await signInLinkFor(jackstaff, id)
    const first = await browser('POST', '/sign-in', { body: { token } })
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({ redirect: '/projects' })
    expect((await projects(cookieOf(first))).status).toBe(200)
    expect((await browser('POST', '/sign-in', { body: { token } })).status).toBe(403)
  })

  it('does not work late, for set-up, or for someone disabled', async () => {
    const { id } = await personOf(jackstaff, 'viewer')
    const late = await signInLinkFor(jackstaff, id, '-1 second')
    expect((await browser('POST', '/sign-in', { body: { token: late } })).status).toBe(403)
    const token = await signInLinkFor(jackstaff, id)
    expect((await browser('POST', '/setup', { body: { ...ANA, token } })).status).toBe(403)
    await withSql(jackstaff, (sql) => sql`update app_user set disabled_at = now() where id = ${id}`)
    const disabled = await browser('POST', '/sign-in', { body: { token } })
    expect(disabled.status).toBe(403)
    expect((await disabled.json()).detail).toContain('disabled')
  })
})

describe('a session', () => {
  it('acts as its person, with the role of that person', async () => {
    const { cookie, id } = await personOf(jackstaff, 'viewer')
    expect((await projects(cookie)).status).toBe(200)
    const refused = await browser('POST', '/projects', { headers: { cookie }, body: { key: 'k', name: 'K' } })
    expect(refused.status).toBe(403)
    await withSql(jackstaff, (sql) => sql`update role_grant set role = 'admin' where user_id = ${id}`)
    const made = await browser('POST', '/projects', { headers: { cookie }, body: { key: 'k', name: 'K' } })
    expect(made.status).toBe(201)
    const { body } = await jackstaff.api('GET', '/projects/k/audit')
    expect(body.items[0].actor).toEqual({ kind: 'user', id, name: 'viewer' })
  })

  it('ends when it expires, and when its person is disabled', async () => {
    const { cookie, id } = await personOf(jackstaff, 'viewer')
    await withSql(jackstaff, (sql) => sql`update session set expires = now() where user_id = ${id}`)
    expect((await projects(cookie)).status).toBe(401)
    const other = await personOf(jackstaff, 'viewer')
    await withSql(jackstaff, (sql) => sql`update app_user set disabled_at = now() where id = ${other.id}`)
    expect((await projects(other.cookie)).status).toBe(401)
  })

  it('ends for good when its person signs out, and the cookie with it', async () => {
    const { cookie } = await personOf(jackstaff, 'viewer')
    const out = await browser('POST', '/sign-out', { headers: { cookie }, body: {} })
    expect(await out.json()).toEqual({ redirect: '/sign-in' })
    expect(out.headers.get('set-cookie')).toMatch(/^jackstaff\.session=; .*Max-Age=0/)
    expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect((await projects(cookie)).status).toBe(401)
  })

  it('that never was leaves no trace when it is signed out', async () => {
    const count = () =>
      withSql(jackstaff, async (sql) => (await sql`select count(*)::int from audit`)[0]!.count as number)
    const before = await count()
    for (const headers of [{}, { cookie: 'jackstaff.session=nobody' }] as Record<string, string>[])
      expect((await browser('POST', '/sign-out', { headers, body: {} })).status).toBe(200)
    expect(await count()).toBe(before)
  })

  it('cannot be named by a body', async () => {
    const { cookie, session } = await personOf(jackstaff, 'viewer')
    const forged = await browser('POST', '/sign-out', { body: { session } })
    expect(forged.status).toBe(422)
    expect((await projects(cookie)).status).toBe(200)
  })

  it('opens pages, and strangers are sent to sign in', async () => {
    const { cookie } = await personOf(jackstaff, 'viewer')
    const page = (headers: Record<string, string>) =>
      fetch(`${jackstaff.url}/projects/sample/flags`, { headers, redirect: 'manual' })
    expect((await page({ cookie })).status).toBe(200)
    const stranger = await page({})
    const body = await stranger.text()
    expect(stranger.headers.get('location') ?? body).toContain('/sign-in')
    expect(body).not.toContain('Sample project')
  })
})

describe('where a request comes from', () => {
  const elsewhere = 'http://evil.test'
  const ownOrigin = () => jackstaff.url

  type Case = [site: string | null, origin: 'own' | 'other' | 'null' | null, cookie: boolean, status: number]
  // 200: let through; 403: refused before anything is looked at. `null`: the header is absent.
  const cases: Case[] = [
    ['same-origin', null, true, 200],
    ['same-origin', 'own', true, 200],
    ['same-site', null, true, 403],
    ['same-site', 'own', true, 403],
    ['cross-site', null, true, 403],
    ['cross-site', 'own', true, 403],
    ['cross-site', 'other', false, 403],
    ['none', null, true, 403],
    [null, 'own', true, 200],
    [null, 'own', false, 200],
    [null, 'other', true, 403],
    [null, 'other', false, 403],
    [null, 'null', true, 403],
    [null, null, true, 403],
    [null, null, false, 200],
  ]
  it.each(cases)('Sec-Fetch-Site %s, Origin %s, cookie %s: %i', async (site, origin, withCookie, status) => {
    const { cookie } = await personOf(jackstaff, 'viewer')
    const origins = { own: ownOrigin(), other: elsewhere, null: 'null' }
    const response = await fetch(`${jackstaff.url}/api/v1/sign-out`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(site && { 'sec-fetch-site': site }),
        ...(origin && { origin: origins[origin] }),
        ...(withCookie && { cookie }),
      },
      body: '{}',
    })
    expect(response.status).toBe(status)
    if (withCookie) expect((await projects(cookie)).status).toBe(status === 200 ? 401 : 200)
  })

  it('does not matter with a token, whose rights alone count then', async () => {
    const viewer = await tokenOf(jackstaff, 'viewer')
    const { cookie } = await personOf(jackstaff, 'admin')
    const send = (authorization: string) =>
      fetch(`${jackstaff.url}/api/v1/projects`, {
        method: 'POST',
        headers: {
          authorization,
          cookie,
          origin: elsewhere,
          'sec-fetch-site': 'cross-site',
          'content-type': 'application/json',
        },
        body: '{"key":"via-token","name":"T"}',
      })
    expect((await send(`Bearer ${viewer.token}`)).status).toBe(403)
    expect((await send('Bearer nonsense')).status).toBe(401)
    expect((await send(`Bearer ${jackstaff.token}`)).status).toBe(201)
  })

  it('does not matter to a read, which changes nothing', async () => {
    const { cookie } = await personOf(jackstaff, 'viewer')
    const headers = { cookie, 'sec-fetch-site': 'cross-site', origin: elsewhere }
    const response = await browser('GET', '/projects', { headers })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('the bootstrap token', () => {
  it('is made on an empty installation alone', async () => {
    const late = `late-${'x'.repeat(40)}`
    await jackstaff.program.end()
    jackstaff.env.JACKSTAFF_BOOTSTRAP_TOKEN = late
    await jackstaff.startAgain()
    const answer = await jackstaff.api('GET', '/projects', undefined, { authorization: `Bearer ${late}` })
    expect(answer.status).toBe(401)
    expect((await jackstaff.api('GET', '/projects')).status).toBe(200)
  })
})

describe('cookies behind https', () => {
  it('are bound to the host and to secure connections', async () => {
    const secure = await startJackstaff({ PUBLIC_URL: 'https://flags.example.com' })
    try {
      const token = /\/setup\?token=([\w-]+)/.exec(secure.program.output())![1]!
      const response = await fetch(`${secure.url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://flags.example.com' },
        body: JSON.stringify({ ...ANA, token }),
      })
      expect(response.status).toBe(201)
      expect(response.headers.get('set-cookie')).toMatch(
        /^__Host-jackstaff\.session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure$/,
      )
      expect(response.headers.get('strict-transport-security')).toContain('max-age=')
      const cookie = cookieOf(response)
      expect((await fetch(`${secure.url}/api/v1/projects`, { headers: { cookie } })).status).toBe(200)
    } finally {
      await secure.stop()
    }
  })
})

describe('secrets', () => {
  it('are neither printed nor kept: hashes and sealed answers alone', async () => {
    const fresh = await startJackstaff({ LOG_LEVEL: 'debug' })
    try {
      const link = /\/setup\?token=([\w-]+)/.exec(fresh.program.output())![1]!
      const printed = fresh.program.output().length
      const { serverKey, clientKey } = await seedShop(fresh)
      const setUp = await fetch(`${fresh.url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'sentinel-idempotency-key' },
        body: JSON.stringify({ ...ANA, token: link }),
      })
      expect(await setUp.json(), 'automation was here first: no sample is made').toEqual({
        redirect: '/projects',
      })
      const session = cookieOf(setUp).split('=')[1]!
      const keyed = { 'idempotency-key': 'sentinel-of-a-key' }
      const keys = '/projects/shop/environments/production/keys'
      const sealed = await fresh.api('POST', keys, { kind: 'server', name: 'k' }, keyed)
      const service = await tokenOf(fresh, 'admin')
      await service.api('GET', '/projects')
      await fresh.api('POST', '/projects', { key: 'shop', name: 'a conflict' })
      await fresh.api('GET', '/projects', undefined, { authorization: 'Bearer sentinel-of-a-wrong-token' })
      await fetch(`${fresh.url}/config`, { headers: { authorization: `Bearer ${serverKey}` } })

      const dump = await withSql(fresh, async (sql) => {
        const tables = await sql`select tablename as name from pg_tables where schemaname = 'public'`
        const rows = await Promise.all(
          tables.map(({ name }) => sql`select t::text as row from ${sql(name)} t`),
        )
        return rows.flat().map(({ row }) => row as string)
      })
      expect(dump.length).toBeGreaterThan(20)
      const secrets = {
        link,
        session,
        serverKey,
        clientKey,
        sealed: sealed.body.key as string,
        service: service.token,
        bootstrap: fresh.token,
        installation: fresh.env.JACKSTAFF_SECRET!,
        idempotency: 'sentinel-idempotency-key',
        another: 'sentinel-of-a-key',
        wrong: 'sentinel-of-a-wrong-token',
      }
      for (const [name, secret] of Object.entries(secrets)) {
        expect(
          dump.filter((row) => row.includes(secret)),
          `${name} in the database`,
        ).toEqual([])
        expect(fresh.program.output().slice(printed), `${name} in the log`).not.toContain(secret)
      }
    } finally {
      await fresh.stop()
    }
  })
})
