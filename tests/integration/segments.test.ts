import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
})
afterAll(() => jackstaff?.stop())

const SEGMENTS = '/projects/shop/segments'
const FLAGS = '/projects/shop/flags'
const any = { 'if-match': '*' }

const flag = (key: string, browser = false) =>
  jackstaff.api('POST', FLAGS, { key, name: key, type: 'boolean', browser })
const segment = (key: string, body: object = {}) =>
  jackstaff.api('POST', SEGMENTS, { key, name: key, ...body })
const put = (key: string, body: object) =>
  jackstaff.api('PUT', `${SEGMENTS}/${key}`, { name: key, ...body }, any)
const use = (key: string, name: string, environment = 'production') =>
  jackstaff.api(
    'PUT',
    `${FLAGS}/${key}/environments/${environment}`,
    {
      on: true,
      offVariant: 'off',
      rules: [{ id: 'r', when: { segment: name }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
    any,
  )
const versionOf = (answer: { headers: Headers }) => answer.headers.get('x-jackstaff-version')
const configOf = async (environment: string, id: string) => {
  const version = id.split('.')[1]
  return (await jackstaff.api('GET', `/projects/shop/environments/${environment}/versions/${version}`)).body
    .config
}

describe('a segment', () => {
  it('is created unpublished, read back as it was, and changed under its ETag', async () => {
    const ids = ['a,b', 'a"b', 'a\\b', '{x}', 'NULL', 'ключ', ' spaced ']
    const created = await segment('plain', { included: ids, excluded: ids.slice(1), by: 'email' })
    expect(created.status).toBe(201)
    expect(created.headers.get('etag')).toBe('"1"')
    expect(versionOf(created)).toBeNull()
    const { body } = await jackstaff.api('GET', `${SEGMENTS}/plain`)
    expect(body).toEqual({
      key: 'plain',
      name: 'plain',
      by: 'email',
      included: ids,
      excluded: ids.slice(1),
      any: [],
      version: 1,
    })
    expect((await jackstaff.api('PUT', `${SEGMENTS}/plain`, { name: 'P' })).status).toBe(428)
    expect(
      (await jackstaff.api('PUT', `${SEGMENTS}/plain`, { name: 'P' }, { 'if-match': '"9"' })).status,
    ).toBe(412)
    expect(
      (await jackstaff.api('PUT', `${SEGMENTS}/plain`, { name: 'P' }, { 'if-match': '"1"' })).headers.get(
        'etag',
      ),
    ).toBe('"2"')
    expect(
      (await jackstaff.api('DELETE', `${SEGMENTS}/plain`, undefined, { 'if-match': '"1"' })).status,
    ).toBe(412)
    expect((await jackstaff.api('DELETE', `${SEGMENTS}/plain`)).status).toBe(204)
    expect((await jackstaff.api('GET', `${SEGMENTS}/plain`)).status).toBe(404)
    expect((await segment('plain')).status).toBe(201)
  })

  it('is in a config exactly while a flag reaches it, through other segments too', async () => {
    await segment('inner', { included: ['ana'] })
    await segment('outer', { any: [{ not: { all: [{ segment: 'inner' }] } }] })
    await flag('reach')
    const used = (await use('reach', 'outer')).headers.get('x-jackstaff-version')!.split('=')[1]!
    expect(Object.keys((await configOf('production', used)).segments).sort()).toEqual(['inner', 'outer'])
    expect((await jackstaff.api('DELETE', `${SEGMENTS}/inner`)).status).toBe(409)
    const changed = versionOf(await put('inner', { included: ['ana', 'bo'] }))!
    expect(changed).toMatch(/^production=/)
    expect((await configOf('production', changed.split('=')[1]!)).segments.inner.included).toEqual([
      'ana',
      'bo',
    ])
    const gone = (await jackstaff.api('DELETE', `${FLAGS}/reach`)).headers.get('x-jackstaff-version')!
    const production = gone
      .split(', ')
      .find((pair) => pair.startsWith('production='))!
      .split('=')[1]!
    expect((await configOf('production', production)).segments).toEqual({})
  })

  it('cannot contain itself, however far, nor name what is not there', async () => {
    await segment('a')
    await segment('b', { any: [{ segment: 'a' }] })
    expect((await segment('self', { any: [{ segment: 'self' }] })).body.detail).toContain(
      'would contain itself',
    )
    expect((await put('a', { any: [{ any: [{ segment: 'b' }] }] })).body.detail).toContain(
      'would contain itself',
    )
    expect((await put('a', { any: [{ segment: 'nobody' }] })).body.detail).toContain('no segment "nobody"')
    expect((await jackstaff.api('DELETE', `${SEGMENTS}/a`)).body.detail).toContain('segment "b" uses')
  })

  it('may not bring a list into a browser flag whose rules a key ships, directly or not', async () => {
    await jackstaff.api('PUT', '/projects/shop/attributes', { attributes: { plan: 'public' } })
    for (const environment of ['staging', 'production'])
      await jackstaff.api('POST', `/projects/shop/environments/${environment}/keys`, {
        kind: 'client',
        mode: 'full',
        name: 'rules',
      })
    await segment('public', { any: [{ attribute: 'plan', op: 'is_one_of', values: ['pro'] }] })
    await segment('far')
    await put('public', { any: [{ segment: 'far' }] })
    await flag('shown', true)
    expect((await use('shown', 'public', 'staging')).status).toBe(200)
    const refused = await put('far', { included: ['ana@example.com'] })
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain('environments.staging.rules.0.when: the list of segment "far"')
    expect((await jackstaff.api('GET', `${SEGMENTS}/far`)).body.included).toEqual([])
    await segment('listed', { excluded: ['bo'] })
    expect((await use('shown', 'listed')).body.detail).toContain('rules.0.when: the list of segment "listed"')
    await flag('hidden')
    await use('hidden', 'listed')
    const marked = await jackstaff.api('PATCH', `${FLAGS}/hidden`, { browser: true }, any)
    expect(marked.status).toBe(409)
    expect(marked.body.detail).toContain('environments.production.rules.0.when')
  })

  it('is free again once the environment that used it is deleted', async () => {
    await jackstaff.api('POST', '/projects/shop/environments', { key: 'passing', name: 'Passing' })
    await segment('bound')
    await flag('binder')
    await use('binder', 'bound', 'passing')
    expect((await jackstaff.api('DELETE', `${SEGMENTS}/bound`)).status).toBe(409)
    await jackstaff.api('DELETE', '/projects/shop/environments/passing')
    expect((await jackstaff.api('DELETE', `${SEGMENTS}/bound`)).status).toBe(204)
  })

  it('that a flag gains while it is being deleted is either kept or refused, never missing', async () => {
    await flag('racer')
    for (let round = 0; round < 8; round++) {
      const key = `race-${round}`
      await segment(key)
      const [used, deleted] = await Promise.all([
        use('racer', key),
        jackstaff.api('DELETE', `${SEGMENTS}/${key}`),
      ])
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual([used.status, deleted.status])
    }
  })

  it('says which flags reach it, where and through what, and lists without its ids', async () => {
    await segment('core', { included: ['ana', 'bo'] })
    await segment('around', { any: [{ segment: 'core' }] })
    await flag('near')
    await flag('distant')
    await use('near', 'core', 'staging')
    await use('near', 'core')
    await use('distant', 'around')
    const { body } = await jackstaff.api('GET', `${SEGMENTS}/core/uses`)
    expect(body).toEqual({
      flags: [
        { key: 'distant', name: 'distant', environments: ['production'], direct: false },
        { key: 'near', name: 'near', environments: ['staging', 'production'], direct: true },
      ],
      flagCount: 2,
      environments: ['production', 'staging'],
      segments: ['around'],
    })
    const listed = (await jackstaff.api('GET', `${SEGMENTS}?limit=200`)).body.items
    const core = listed.find((one: { key: string }) => one.key === 'core')
    expect(core).toEqual({
      ...{ key: 'core', name: 'core', by: 'targetingKey', any: [], version: 1 },
      ...{ includedCount: 2, excludedCount: 0, flagCount: 2 },
    })
    const refused = await jackstaff.api('DELETE', `${SEGMENTS}/core`)
    expect(refused.body).toMatchObject({
      detail: 'flags "distant" and "near" use segment "core": change their rules first',
      flags: ['distant', 'near'],
    })
  })

  it('keeps the comment of a change in the audit trail', async () => {
    await segment('said')
    await put('said', { included: ['ana'], comment: 'She asked' })
    const { body } = await jackstaff.api('GET', '/projects/shop/audit?target=segment:said&limit=1')
    expect(body.items[0]).toMatchObject({ action: 'segment.update', reason: 'She asked' })
  })

  it('pages through a list without losing or repeating one', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await jackstaff.api('GET', `${SEGMENTS}?limit=3${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((item: { key: string }) => item.key))
      expect(body.total).toBeGreaterThan(3)
      cursor = body.next
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual([...seen].sort())
    expect(seen).toContain('public')
  })
})
