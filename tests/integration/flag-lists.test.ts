import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Api } from '../support/api'
import { pageApi } from '../support/api'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { personOf, tokenOf, withSql } from '../support/people'

let jackstaff: Jackstaff
let admin: Api
const people: Record<'viewer' | 'editor' | 'other' | 'admin', Api> = {} as never
const KEYS = ['alpha', 'bravo', 'charlie', 'delta', 'echo']

beforeAll(async () => {
  jackstaff = await startJackstaff()
  admin = jackstaff.api
  await admin('POST', '/projects', { key: 'shop', name: 'Shop' })
  for (const [i, key] of KEYS.entries())
    await admin('POST', '/projects/shop/flags', {
      ...{ key, name: `Flag ${KEYS.length - i}`, type: 'boolean' },
      owner: i % 2 === 0 ? 'Ana' : null,
    })
  const roles = { viewer: 'viewer', editor: 'editor', other: 'editor', admin: 'admin' } as const
  for (const [name, role] of Object.entries(roles))
    people[name as keyof typeof people] = pageApi(jackstaff.url, (await personOf(jackstaff, role)).cookie)
})
afterAll(() => jackstaff?.stop())

const SHOP = '/projects/shop'

async function walk(query: string): Promise<string[]> {
  const found: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await admin('GET', `${SHOP}/flags?limit=2&${query}${cursor && `&cursor=${cursor}`}`)
    found.push(...body.items.map(({ key }: { key: string }) => key))
    if (body.next === null) return found
    cursor = body.next
  }
}

it('pages through every order without leaving out or repeating a flag', async () => {
  await withSql(jackstaff, async (sql) => {
    const [environment] = await sql`select e.id from environment e join project p on p.id = e.project_id
      where p.key = 'shop' and e.key = 'staging'`
    for (const [i, flag] of ['charlie', 'alpha'].entries())
      await sql`insert into evaluation_count (environment_id, minute, flag, variant, reason, error_code, browser, client, count)
        values (${environment!.id}, now() - make_interval(hours => ${i}), ${flag}, 'on', 'STATIC', '', false, 'test', 1)`
  })
  expect(await walk('')).toEqual(KEYS)
  expect(await walk('sort=name')).toEqual(KEYS.toReversed())
  expect(await walk('sort=newest')).toEqual(KEYS.toReversed())
  expect(await walk('sort=oldest')).toEqual(KEYS)
  expect(await walk('sort=evaluated')).toEqual(['charlie', 'alpha', 'bravo', 'delta', 'echo'])
  expect(await walk('sort=silent')).toEqual(['bravo', 'delta', 'echo', 'alpha', 'charlie'])
})

it('names every flag that a search finds at once', async () => {
  const { body } = await admin('GET', `${SHOP}/flag-keys?owner=ana`)
  expect(body).toEqual({ keys: ['alpha', 'charlie', 'echo'] })
})

it('finds what is on, off or killed, anywhere or in one environment', async () => {
  const at = (flag: string, environment: string) => `${SHOP}/flags/${flag}/environments/${environment}`
  const on = { on: true, offVariant: 'off', fallthrough: { variant: 'on' } }
  for (const [flag, environment] of [
    ['alpha', 'production'],
    ['bravo', 'production'],
    ['charlie', 'staging'],
  ] as const)
    await admin('PUT', at(flag, environment), on, { 'if-match': '*' })
  await admin('PUT', `${at('bravo', 'production')}/kill`, { reason: 'drill' })
  const keys = async (query: string) => (await admin('GET', `${SHOP}/flag-keys?${query}`)).body.keys
  expect(await keys('is=on')).toEqual(['alpha', 'charlie'])
  expect(await keys('is=on&environment=production')).toEqual(['alpha'])
  expect(await keys('is=off&environment=production')).toEqual(['charlie', 'delta', 'echo'])
  expect(await keys('is=killed')).toEqual(['bravo'])
  expect(await keys('is=killed&environment=staging')).toEqual([])
  expect(await keys('environment=prod')).toEqual([])
})

it('finds what belongs to who asks, by name or address; nothing belongs to a token', async () => {
  await withSql(jackstaff, (sql) => sql`update app_user set name = 'Ana'`)
  const mine = await people.viewer('GET', `${SHOP}/flag-keys?mine=true`)
  expect(mine.body.keys).toEqual(['alpha', 'charlie', 'echo'])
  expect((await admin('GET', `${SHOP}/flag-keys?mine=true`)).body.keys).toEqual([])
})

it('keeps a view for whoever made it, until it is shared', async () => {
  const made = await people.editor('POST', `${SHOP}/views`, { name: 'Beta', query: 'q=tag%3Abeta' })
  expect(made.body).toMatchObject({ name: 'Beta', shared: false, mine: true })
  expect((await people.other('GET', `${SHOP}/views`)).body.items).toEqual([])
  const view = `${SHOP}/views/${made.body.id}`
  expect((await people.other('PATCH', view, { name: 'Mine' })).status).toBe(404)
  await people.editor('PATCH', view, { shared: true })
  expect((await people.other('GET', `${SHOP}/views`)).body.items).toMatchObject([
    { name: 'Beta', mine: false },
  ])
  expect((await people.other('DELETE', view)).body.detail).toMatch(/made by somebody else: save a copy/)
  expect((await people.viewer('PUT', `${SHOP}/views/starred`, { view: made.body.id })).status).toBe(200)
  expect((await people.viewer('GET', `${SHOP}/views`)).body.starred).toBe(made.body.id)
  expect((await people.admin('DELETE', view)).status).toBe(204)
  expect((await people.viewer('GET', `${SHOP}/views`)).body.starred).toBe('all')
  const { items } = (await admin('GET', `${SHOP}/audit?limit=10`)).body
  const actions = items.map(({ action }: { action: string }) => action)
  expect(actions.slice(0, 4)).toEqual(['view.delete', 'view.star', 'view.update', 'view.create'])
})

it('refuses a name twice, sharing without the right to edit flags, and views of a token', async () => {
  const body = { name: 'Twice', query: '' }
  await people.viewer('POST', `${SHOP}/views`, body)
  expect((await people.viewer('POST', `${SHOP}/views`, { ...body, name: 'twice' })).status).toBe(409)
  expect((await people.viewer('POST', `${SHOP}/views`, { ...body, name: 'All', shared: true })).status).toBe(
    403,
  )
  expect((await people.viewer('PUT', `${SHOP}/views/starred`, { view: 'nothing' })).status).toBe(404)
  const { api } = await tokenOf(jackstaff, 'admin')
  expect((await api('POST', `${SHOP}/views`, body)).body.detail).toMatch(/a service token is none/)
})

it('does one thing with many flags, each with its own entry and its own refusal', async () => {
  const needs = { on: true, offVariant: 'off', prerequisites: [{ flag: 'alpha', variants: ['on'] }] }
  const aim = `${SHOP}/flags/bravo/environments/production`
  await admin('PUT', aim, { ...needs, fallthrough: { variant: 'on' } }, { 'if-match': '*' })
  const archive = { flags: ['alpha', 'charlie', 'delta', 'nothing'], do: { action: 'archive' } }
  const first = await admin('POST', `${SHOP}/bulk`, archive)
  expect(first.body).toMatchObject({
    left: [],
    outcomes: [
      { flag: 'alpha', problem: expect.stringContaining('"bravo" needs "alpha" in production') },
      { flag: 'charlie', changed: true, before: { owner: 'Ana' } },
      { flag: 'delta', changed: true },
      { flag: 'nothing', problem: expect.stringContaining('there is no flag "nothing"') },
    ],
  })
  const { items } = (await admin('GET', `${SHOP}/audit?action=flag.archive`)).body
  expect(items.map(({ target }: { target: string }) => target)).toEqual(['flag:delta', 'flag:charlie'])
  expect(new Set(items.map(({ requestId }: { requestId: string }) => requestId)).size).toBe(1)
  const again = await admin('POST', `${SHOP}/bulk`, archive)
  expect(again.body.outcomes[1]).toMatchObject({ flag: 'charlie', changed: false })
})

it('does with many flags only what whoever asks may do with one', async () => {
  const archive = { flags: ['echo'], do: { action: 'archive' } }
  const refused = await people.editor('POST', `${SHOP}/bulk`, archive)
  expect(refused.body.outcomes[0].problem).toMatch(/flag:publish/)
  const owner = { flags: ['echo'], do: { action: 'owner', owner: null } }
  expect((await people.editor('POST', `${SHOP}/bulk`, owner)).body.outcomes[0]).toMatchObject({
    changed: true,
    before: { owner: 'Ana' },
  })
  expect((await people.viewer('POST', `${SHOP}/bulk`, owner)).status).toBe(403)
  const many = { ...owner, flags: Array.from({ length: 51 }, (_, i) => `f${i}`) }
  expect((await admin('POST', `${SHOP}/bulk`, many)).body.detail).toMatch(/at most 50 flags at once/)
})

it('leaves a protected environment alone until it is named', async () => {
  const policy = { approvals: 0, confirm: true, freezes: [] }
  await admin('PATCH', `${SHOP}/environments/production`, { protected: true, policy }, { 'if-match': '*' })
  const archive = { flags: ['echo'], do: { action: 'archive' } }
  const unnamed = await admin('POST', `${SHOP}/bulk`, archive)
  expect(unnamed.body.outcomes[0].problem).toMatch(/"production" is protected: name it/)
  const named = await admin('POST', `${SHOP}/bulk`, { ...archive, confirm: ['production'] })
  expect(named.body.outcomes[0]).toMatchObject({ changed: true })
})
