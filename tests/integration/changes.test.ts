import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '@/lib/control/roles'
import { type Api, pageApi } from '../support/api'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { personOf, withSql } from '../support/people'
import { until } from '../support/process'

const SHOP = '/projects/shop'
const CHANGES = `${SHOP}/environments/production/changes`
const FLAGS = ['checkout', 'banner', 'search'] as const
const any = { 'if-match': '*' }

let jackstaff: Jackstaff
let admin: Api
beforeAll(async () => {
  jackstaff = await startJackstaff()
  admin = jackstaff.api
  await seedShop(jackstaff)
  for (const key of FLAGS.slice(1))
    await admin('POST', `${SHOP}/flags`, { key, name: key, type: 'boolean', browser: true })
})
afterAll(() => jackstaff?.stop())

const at = (flag: string) => `${SHOP}/flags/${flag}/environments/production`
const versionOf = async (flag: string) => String((await admin('GET', at(flag))).body.version)
const servedOf = async (flag: string) => (await admin('GET', at(flag))).body.fallthrough.rollout?.share ?? 0

/** A change of a flag's targeting, as the editor makes it. */
async function targeting(flag: string, percent: number) {
  return { op: 'targeting', ifMatch: await versionOf(flag), input: { flag, ...share(percent) } }
}

async function person(role: Role): Promise<Api & { id: string; name: string }> {
  const { id, cookie } = await personOf(jackstaff, role)
  return Object.assign(pageApi(jackstaff.url, cookie), { id })
}

async function protect(policy: Record<string, unknown> | null): Promise<void> {
  const body = policy ? { protected: true, policy } : { protected: false }
  const { status } = await admin('PATCH', `${SHOP}/environments/production`, body)
  expect(status).toBe(200)
}

const LENIENT = { approvals: 0, confirm: false, freezes: [] }
const STRICT = { approvals: 1, confirm: true, freezes: [] }

beforeEach(() => protect(null))

describe('several changes', () => {
  it('are one version, found in the history of each flag', async () => {
    const changes = [await targeting('checkout', 10), await targeting('banner', 20)]
    const made = await admin('POST', CHANGES, { changes, mode: 'publish', comment: 'Launch' })
    expect(made.status).toBe(201)
    expect(made.body.status).toBe('published')
    const published = made.headers.get('x-jackstaff-version')
    expect(published).toBe(`production=${made.body.published.production}`)
    for (const flag of ['checkout', 'banner']) {
      const { body } = await admin('GET', `${SHOP}/environments/production/versions?flag=${flag}`)
      expect(body.items[0].id).toBe(made.body.published.production)
      expect(body.items[0]).toMatchObject({ action: 'changes.publish', reason: 'Launch' })
    }
    expect(await servedOf('banner')).toBe(20_000)
    const { body } = await admin('GET', `${SHOP}/environments/production/versions?flag=search`)
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual(['flag.create'])
  })

  it('are made together or not at all, and the answer says which one is in the way', async () => {
    const stale = { ...(await targeting('banner', 90)), ifMatch: '1' }
    const changes = [await targeting('checkout', 90), stale]
    const refused = await admin('POST', CHANGES, { changes, mode: 'publish' })
    expect([refused.status, refused.body.change]).toEqual([412, 1])
    expect(await servedOf('checkout')).toBe(10_000)
    const wrong = [
      await targeting('checkout', 90),
      { op: 'targeting', ifMatch: '1', input: { flag: 'banner' } },
    ]
    const invalid = await admin('POST', CHANGES, { changes: wrong, mode: 'publish' })
    expect(invalid.status).toBe(422)
    expect(invalid.body.errors[0].path).toBe('changes.1.input.on')
    const twice = [await targeting('checkout', 1), await targeting('checkout', 2)]
    expect((await admin('POST', CHANGES, { changes: twice, mode: 'draft' })).body.detail).toContain(
      'two changes',
    )
  })

  it('lift several kills of one environment, and none that came meanwhile', async () => {
    const kills = []
    for (const flag of FLAGS) {
      const { headers } = await admin('PUT', `${at(flag)}/kill`, { reason: 'it hurts' })
      kills.push({ op: 'lift', ifMatch: headers.get('etag')!.replaceAll('"', ''), input: { flag } })
    }
    const lifted = await admin('POST', CHANGES, { changes: kills.slice(0, 2), mode: 'publish' })
    expect(lifted.status).toBe(201)
    const killed = await Promise.all(
      FLAGS.map(async (flag) => (await admin('GET', at(flag))).body.kill !== null),
    )
    expect(killed).toEqual([false, false, true])
    expect((await admin('POST', CHANGES, { changes: kills.slice(2), mode: 'publish' })).status).toBe(201)
  })
})

describe('a protected environment', () => {
  beforeEach(() => protect(STRICT))

  it('lets no change in that nobody approved, by whatever door', async () => {
    const segment = { key: 'vip', name: 'VIP', included: ['ana'] }
    await admin('POST', `${SHOP}/segments`, segment)
    const doors: [method: string, path: string, body?: unknown][] = [
      ['PUT', PRODUCTION, share(50)],
      ['PATCH', `${SHOP}/flags/checkout`, { browser: false }],
      ['PATCH', `${SHOP}/flags/checkout`, { variants: { on: true, off: false, maybe: true } }],
      ['DELETE', `${SHOP}/flags/checkout`],
      ['POST', `${SHOP}/environments/production/versions/restore`, { version: 2 }],
      ['PUT', `${SHOP}/attributes`, { attributes: { plan: 'public' } }],
      ['POST', CHANGES, { changes: [await targeting('checkout', 50)], mode: 'publish' }],
    ]
    for (const [method, path, body] of doors) {
      const refused = await admin(method, path, { ...(body as object), confirm: 'production' }, any)
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'approval_needed'])
    }
    expect((await admin('PATCH', `${SHOP}/flags/checkout`, { name: 'Checkout' }, any)).status).toBe(200)
    expect((await admin('DELETE', `${SHOP}/environments/production`)).status).toBe(409)
  })

  it('lets a kill in at once, and its end like any other change', async () => {
    const killed = await admin('PUT', `${at('search')}/kill`, { reason: 'it hurts' })
    expect(killed.status).toBe(200)
    const etag = killed.headers.get('etag')!
    const refused = await admin('DELETE', `${at('search')}/kill`, undefined, { 'if-match': etag })
    expect(refused.body.code).toBe('approval_needed')
    await protect(LENIENT)
    expect((await admin('DELETE', `${at('search')}/kill`, undefined, { 'if-match': etag })).status).toBe(204)
  })

  it('asks to be named where its policy says so', async () => {
    await protect({ ...STRICT, approvals: 0 })
    const refused = await admin('PUT', PRODUCTION, share(11), any)
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'confirm'])
    expect((await admin('PUT', PRODUCTION, { ...share(11), confirm: 'staging' }, any)).status).toBe(422)
    expect((await admin('PUT', PRODUCTION, { ...share(11), confirm: 'production' }, any)).status).toBe(200)
    const staging = `${SHOP}/flags/checkout/environments/staging`
    expect((await admin('PUT', staging, share(12), any)).status).toBe(200)
  })

  it('is closed while it is frozen, but for kills', async () => {
    const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString()
    await protect({ ...LENIENT, freezes: [{ from: hour(-1), until: hour(1), reason: 'Black Friday' }] })
    const refused = await admin('PUT', PRODUCTION, share(12), any)
    expect([refused.status, refused.body.code]).toEqual([409, 'frozen'])
    expect(refused.body.detail).toContain('Black Friday')
    const killed = await admin('PUT', `${PRODUCTION}/kill`, { reason: 'it hurts' })
    expect(killed.status).toBe(200)
    await protect({ ...LENIENT, freezes: [{ from: hour(1), until: hour(2), reason: 'Black Friday' }] })
    const etag = { 'if-match': killed.headers.get('etag')! }
    expect((await admin('DELETE', `${PRODUCTION}/kill`, undefined, etag)).status).toBe(204)
  })

  it('has its protection taken away by an admin who signed in lately', async () => {
    const { id, cookie } = await personOf(jackstaff, 'admin')
    const page = pageApi(jackstaff.url, cookie)
    const path = `${SHOP}/environments/production`
    await withSql(
      jackstaff,
      (sql) => sql`update session set authenticated_at = now() - interval '13 hours' where user_id = ${id}`,
    )
    const refused = await page('PATCH', path, { protected: false })
    expect([refused.status, refused.body.code]).toEqual([403, 'sign_in_again'])
    expect((await page('PATCH', path, { colour: 'red' })).status).toBe(200)
  })
})

describe('a proposal', () => {
  let editor: Api
  let publisher: Api
  beforeAll(async () => {
    editor = await person('editor')
    publisher = await person('publisher')
  })
  beforeEach(() => protect(STRICT))

  async function proposed(flag: string, percent: number) {
    const changes = [await targeting(flag, percent)]
    const made = await editor('POST', CHANGES, { changes, mode: 'propose', comment: `To ${percent} %` })
    expect([made.status, made.body.status, made.body.needed]).toEqual([201, 'open', 1])
    return { ...made.body, path: `${CHANGES}/${made.body.id}` }
  }

  it('is published by its author once another person has approved exactly this', async () => {
    const { path, hash } = await proposed('checkout', 33)
    const early = await editor('POST', `${path}/publish`, { confirm: 'production' })
    expect(early.status).toBe(403)
    expect((await editor('POST', `${path}/approve`, { hash })).status).toBe(403)
    const other = '0'.repeat(64)
    expect((await publisher('POST', `${path}/approve`, { hash: other })).status).toBe(409)
    const approved = await publisher('POST', `${path}/approve`, { hash, comment: 'Fine' })
    expect(approved.body.approvals).toMatchObject([{ verdict: 'approve', comment: 'Fine' }])
    expect((await editor('POST', `${path}/publish`, {})).body.errors[0].path).toBe('confirm')
    const published = await editor('POST', `${path}/publish`, { confirm: 'production' })
    expect([published.status, published.body.status]).toEqual([200, 'published'])
    expect(await servedOf('checkout')).toBe(33_000)
    expect((await editor('POST', `${path}/publish`, { confirm: 'production' })).status).toBe(409)
    expect((await publisher('POST', `${path}/approve`, { hash })).status).toBe(409)
  })

  it('is approved by people alone, and not by its author under whatever role', async () => {
    const mine = [await targeting('checkout', 35)]
    const { body } = await publisher('POST', CHANGES, { changes: mine, mode: 'propose' })
    const refused = await publisher('POST', `${CHANGES}/${body.id}/approve`, { hash: body.hash })
    expect(refused.body.detail).toContain('yours')
    const byService = await admin('POST', `${CHANGES}/${body.id}/approve`, { hash: body.hash })
    expect(byService.body.detail).toContain('people approve')
  })

  it('is approved by people who still may when it is published', async () => {
    const losses: Record<string, (id: string) => Promise<unknown>> = {
      role: (id) =>
        withSql(jackstaff, (sql) => sql`update role_grant set role = 'editor' where user_id = ${id}`),
      account: (id) => admin('PATCH', `/people/${id}`, { disabled: true }),
    }
    for (const [lost, lose] of Object.entries(losses)) {
      const { path, hash } = await proposed('checkout', 36)
      const leaving = await person('publisher')
      const approved = await leaving('POST', `${path}/approve`, { hash })
      expect(approved.body.approvals).toMatchObject([{ verdict: 'approve', counts: true }])
      await lose(leaving.id)
      expect((await editor('GET', path)).body.approvals, lost).toMatchObject([{ counts: false }])
      expect((await editor('POST', `${path}/publish`, { confirm: 'production' })).status, lost).toBe(403)
      await publisher('POST', `${path}/approve`, { hash })
      expect((await editor('POST', `${path}/publish`, { confirm: 'production' })).status, lost).toBe(200)
    }
  })

  it('asks again when its content changes', async () => {
    const { path, hash, version } = await proposed('banner', 40)
    await publisher('POST', `${path}/approve`, { hash })
    const changes = [await targeting('banner', 41)]
    expect((await editor('PATCH', path, { changes })).status).toBe(428)
    expect((await publisher('PATCH', path, { changes }, { 'if-match': String(version) })).status).toBe(403)
    const edited = await editor('PATCH', path, { changes }, { 'if-match': `"${version}"` })
    expect([edited.status, edited.body.approvals]).toEqual([200, []])
    expect((await editor('POST', `${path}/publish`, { confirm: 'production' })).status).toBe(403)
    expect((await publisher('POST', `${path}/approve`, { hash })).body.hash).toBe(edited.body.hash)
  })

  it('is refused when somebody published meanwhile, with which of its changes is in the way', async () => {
    const { path, hash } = await proposed('banner', 44)
    await publisher('POST', `${path}/approve`, { hash })
    await protect(LENIENT)
    await admin('PUT', at('banner'), share(45), any)
    await protect(STRICT)
    const refused = await editor('POST', `${path}/publish`, { confirm: 'production' })
    expect([refused.status, refused.body.change]).toEqual([412, 0])
    expect((await editor('GET', path)).body.status).toBe('open')
  })

  it('that changes the whole project is approved by somebody who may there', async () => {
    const version = String((await admin('GET', `${SHOP}/flags/search`)).body.version)
    const changes = [{ op: 'archive', ifMatch: version, input: { flag: 'search' } }]
    const { body } = await editor('POST', CHANGES, { changes, mode: 'propose' })
    const path = `${CHANGES}/${body.id}`
    const local = await personOf(jackstaff, 'publisher', { project: 'shop', environment: 'production' })
    const refused = await pageApi(jackstaff.url, local.cookie)('POST', `${path}/approve`, { hash: body.hash })
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('whole project')])
    expect((await publisher('POST', `${path}/approve`, { hash: body.hash })).status).toBe(200)
    const published = await publisher('POST', `${path}/publish`, { confirm: 'production' })
    expect([published.status, Object.keys(published.body.published).length]).toEqual([200, 3])
    await protect(LENIENT)
    expect((await admin('POST', `${SHOP}/flags/search/restore`)).status).toBe(200)
  })

  it('is rejected until its author proposes it anew, and withdrawn by its author', async () => {
    const { path, hash } = await proposed('checkout', 50)
    const rejected = await publisher('POST', `${path}/reject`, { hash, comment: 'Too soon' })
    expect(rejected.body.status).toBe('rejected')
    expect((await publisher('POST', `${path}/approve`, { hash })).status).toBe(409)
    const again = await editor('PATCH', path, { propose: true }, any)
    expect(again.body.status).toBe('open')
    expect((await (await person('editor'))('DELETE', path)).status).toBe(403)
    expect((await editor('DELETE', path)).status).toBe(204)
    expect((await editor('GET', path)).body.status).toBe('withdrawn')
  })

  it('is listed for all, and a draft for its author alone', async () => {
    const changes = [await targeting('checkout', 60)]
    const draft = (await editor('POST', CHANGES, { changes, mode: 'draft' })).body
    const { id } = await proposed('checkout', 61)
    const ids = async (api: Api) =>
      (await api('GET', `${SHOP}/changes`)).body.items.map((item: { id: string }) => item.id)
    expect(await ids(editor)).toEqual(expect.arrayContaining([draft.id, id]))
    expect(await ids(publisher)).toContain(id)
    expect(await ids(publisher)).not.toContain(draft.id)
    expect((await publisher('GET', `${CHANGES}/${draft.id}`)).status).toBe(404)
    expect((await editor('POST', `${CHANGES}/${draft.id}/approve`, { hash: draft.hash })).status).toBe(403)
    const first = await editor('GET', `${SHOP}/changes?limit=1&pending=false`)
    const second = await editor('GET', `${SHOP}/changes?limit=1&pending=false&cursor=${first.body.next}`)
    expect(second.body.items[0].id).not.toBe(first.body.items[0].id)
  })
})

describe('a planned change', () => {
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
  const statusOf = async (id: string) => (await admin('GET', `${CHANGES}/${id}`)).body

  async function plan(flag: string, percent: number, ms: number, by: Api = admin) {
    const changes = [await targeting(flag, percent)]
    return by('POST', CHANGES, { changes, mode: 'schedule', at: soon(ms) })
  }

  it('publishes itself at its time, for its author', async () => {
    const { id } = (await plan('checkout', 70, 1_000)).body
    await until('it to be published', async () => (await statusOf(id)).status === 'published')
    const { body } = await admin('GET', `${SHOP}/environments/production/versions?flag=checkout&limit=1`)
    const late = Date.parse(body.items[0].at) - Date.parse((await statusOf(id)).at)
    console.log(`published ${late} ms after its time`)
    expect(late).toBeGreaterThanOrEqual(0)
    expect(body.items[0].actor.id).toBe('svc_bootstrap')
    expect(await servedOf('checkout')).toBe(70_000)
  })

  it('is held, with the reason, when somebody published meanwhile', async () => {
    const { id } = (await plan('checkout', 71, 1_000)).body
    await admin('PUT', PRODUCTION, share(72), any)
    await until('it to be held', async () => (await statusOf(id)).status === 'held')
    expect((await statusOf(id)).problem).toContain('changed since')
    const { body } = await admin('GET', `${SHOP}/audit?action=proposal.held&target=proposal:${id}`)
    expect(body.items).toHaveLength(1)
    expect(await servedOf('checkout')).toBe(72_000)
  })

  it('is held where nobody has approved it by then, and published where somebody has', async () => {
    await protect(STRICT)
    const editor = await person('editor')
    const first = (await plan('checkout', 73, 1_000, editor)).body
    const second = (await plan('banner', 74, 1_500, editor)).body
    const approved = await (await person('publisher'))('POST', `${CHANGES}/${second.id}/approve`, {
      hash: second.hash,
    })
    expect(approved.status).toBe(200)
    await until('the first to be held', async () => (await statusOf(first.id)).status === 'held')
    await until('the second to be published', async () => (await statusOf(second.id)).status === 'published')
    expect(await servedOf('banner')).toBe(74_000)
  })

  it('holds nothing that its author, or the token that plans it, may not do', async () => {
    const publisher = await person('publisher')
    const changes = [{ op: 'attributes', ifMatch: '1', input: { attributes: { plan: 'public' } } }]
    const refused = await publisher('POST', CHANGES, { changes, mode: 'schedule', at: soon(60_000) })
    expect([refused.status, refused.body.change]).toEqual([403, 0])
  })

  it('needs the right to publish, at its time as well, and a time to come', async () => {
    const editor = await person('editor')
    expect((await plan('checkout', 75, 1_000, editor)).status).toBe(403)
    expect((await plan('checkout', 75, -1_000)).status).toBe(422)
    const { id: person_, cookie } = await personOf(jackstaff, 'publisher')
    const { id } = (await plan('checkout', 75, 1_000, pageApi(jackstaff.url, cookie))).body
    await withSql(jackstaff, (sql) => sql`update role_grant set role = 'viewer' where user_id = ${person_}`)
    await until('it to be held', async () => (await statusOf(id)).status === 'held')
    expect((await statusOf(id)).problem).toContain('is needed here')
  })
})
