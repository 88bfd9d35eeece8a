import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { tokenOf, withSql } from '../support/people'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await jackstaff.api('POST', '/projects', { key: 'shop', name: 'Shop' })
})
afterAll(() => jackstaff?.stop())

const FLAGS = '/projects/shop/flags'
const any = { 'if-match': '*' }
const serve = (variant = 'on') => ({ on: true, offVariant: 'off', fallthrough: { variant } })
const flag = (key: string, extra: object = {}) =>
  jackstaff.api('POST', FLAGS, { key, name: key, type: 'boolean', ...extra })
const at = (key: string, environment = 'production') => `${FLAGS}/${key}/environments/${environment}`
const put = (key: string, body: object, environment = 'production') =>
  jackstaff.api('PUT', at(key, environment), body, any)
const needs = (...keys: string[]) => ({
  ...serve(),
  prerequisites: keys.map((key) => ({ flag: key, variants: ['on'] })),
})
const evaluate = async (key: string, environment = 'production') =>
  (await jackstaff.api('POST', `/projects/shop/environments/${environment}/evaluate`, { flag: key })).body
    .flags?.[0]
const audit = async (target: string) =>
  (await jackstaff.api('GET', `/projects/shop/audit?target=${target}`)).body
const actions = async (target: string) =>
  (await audit(target)).items.map((entry: { action: string }) => entry.action)

describe('a kill', () => {
  it('that is repeated changes nothing: same answer, no version, no audit entry', async () => {
    await flag('repeat')
    const first = await jackstaff.api('PUT', `${at('repeat')}/kill`, { reason: 'broken' })
    for (const reason of ['again', 'and again']) {
      const again = await jackstaff.api('PUT', `${at('repeat')}/kill`, { reason })
      expect(again.body).toEqual(first.body)
      expect(again.headers.get('x-jackstaff-version')).toBeNull()
    }
    expect(await actions('flag:repeat')).toEqual(['flag.kill', 'flag.create'])
  })

  it('everywhere keeps an earlier kill of one environment, with its reason', async () => {
    await flag('wide')
    const first = await jackstaff.api('PUT', `${at('wide', 'staging')}/kill`, { reason: 'staging alone' })
    const all = await jackstaff.api('PUT', `${FLAGS}/wide/kill`, { reason: 'all' })
    expect(all.body.environments.staging).toEqual(first.body)
    expect(all.body.environments.production.reason).toBe('all')
    expect(all.headers.get('x-jackstaff-version')).not.toContain('staging')
    await jackstaff.api('PUT', `${FLAGS}/wide/kill`, { reason: 'once more' })
    expect((await actions('flag:wide')).filter((a: string) => a === 'flag.kill')).toHaveLength(2)
  })

  it('can be read with its ETag, and is lifted by that name alone', async () => {
    await flag('lift')
    expect((await jackstaff.api('GET', `${at('lift')}/kill`)).status).toBe(404)
    await jackstaff.api('PUT', `${at('lift')}/kill`, { reason: 'x' })
    const read = await jackstaff.api('GET', `${at('lift')}/kill`)
    const tag = read.headers.get('etag')!
    expect(tag).toBe(`"${read.body.id}"`)
    const lift = (match: string) =>
      jackstaff.api('DELETE', `${at('lift')}/kill`, undefined, { 'if-match': match })
    expect((await lift('*')).status).toBe(428)
    expect((await lift('"1.1.00000000"')).status).toBe(412)
    const staging = await jackstaff.api('PUT', `${at('lift', 'staging')}/kill`, { reason: 'y' })
    expect((await lift(staging.headers.get('etag')!)).status).toBe(412)
    expect((await lift(`"1.1.00000000", ${tag}`)).status).toBe(204)
    expect((await lift(tag)).status).toBe(404)
    expect((await jackstaff.api('GET', `${at('lift', 'staging')}/kill`)).status).toBe(200)
  })

  it('outlives archive and restore of its flag', async () => {
    await flag('archived-killed')
    await put('archived-killed', serve())
    const kill = await jackstaff.api('PUT', `${at('archived-killed')}/kill`, { reason: 'burns' })
    await jackstaff.api('DELETE', `${FLAGS}/archived-killed`)
    expect((await jackstaff.api('PUT', `${at('archived-killed')}/kill`, { reason: 'x' })).status).toBe(404)
    expect(await evaluate('archived-killed')).toBeUndefined()
    const back = await jackstaff.api('POST', `${FLAGS}/archived-killed/restore`)
    expect(back.body.environments.production.kill).toEqual(kill.body)
    expect(await evaluate('archived-killed')).toMatchObject({ value: false, reason: 'DISABLED' })
    await jackstaff.api('DELETE', `${at('archived-killed')}/kill`, undefined, {
      'if-match': kill.headers.get('etag')!,
    })
    expect(await evaluate('archived-killed')).toMatchObject({ value: true })
  })
})

describe('prerequisites', () => {
  it('hold their flag back from losing a variant, being archived, or hiding from browsers', async () => {
    await flag('base', { browser: true })
    await flag('top', { browser: true })
    await put('top', needs('base'), 'staging')
    const archived = await jackstaff.api('DELETE', `${FLAGS}/base`)
    expect(archived.status).toBe(409)
    expect(archived.body.detail).toBe('flag "top" needs "base" in staging: remove that prerequisite first')
    const patch = (body: object) => jackstaff.api('PATCH', `${FLAGS}/base`, body, any)
    expect((await patch({ browser: false })).status).toBe(409)
    for (const environment of ['development', 'staging', 'production'])
      await put('base', { on: true, offVariant: 'off', fallthrough: { variant: 'off' } }, environment)
    const lost = await patch({ variants: { off: false, other: true } })
    expect(lost.status).toBe(409)
    expect(lost.body.detail).toContain('needs variant "on" in staging')
    await jackstaff.api('DELETE', `${FLAGS}/top`)
    expect((await jackstaff.api('DELETE', `${FLAGS}/base`)).status).toBe(200)
    const restored = await jackstaff.api('POST', `${FLAGS}/top/restore`)
    expect(restored.status).toBe(422)
    expect(restored.body.errors[0].path).toBe('environments.staging.prerequisites.0')
    await jackstaff.api('POST', `${FLAGS}/base/restore`)
    expect((await jackstaff.api('POST', `${FLAGS}/top/restore`)).status).toBe(200)
  })

  it('of a browser flag must be browser flags where a key ships rules, named by path', async () => {
    const keys = '/projects/shop/environments/production/keys'
    await jackstaff.api('POST', keys, { kind: 'client', mode: 'full', name: 'rules' })
    await flag('secret')
    await flag('front', { browser: true })
    const refused = await put('front', needs('secret'))
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain('prerequisites.0: flag "secret" is not available to browsers')
  })

  it('written at the same time never commit a circle', async () => {
    await flag('left')
    await flag('right')
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([put('left', needs('right')), put('right', needs('left'))])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
      await put('left', serve())
      await put('right', serve())
    }
  })

  it('never point at a flag that was archived at the same time', async () => {
    await flag('asker')
    for (let round = 0; round < 5; round++) {
      await flag(`gone-${round}`)
      const [asked, archived] = await Promise.all([
        put('asker', needs(`gone-${round}`)),
        jackstaff.api('DELETE', `${FLAGS}/gone-${round}`),
      ])
      expect([
        [200, 409],
        [422, 200],
      ]).toContainEqual([asked.status, archived.status])
    }
  })
})

describe('conditional requests', () => {
  it.each([
    ['"2"', 200],
    ['2', 200],
    ['W/"2"', 200],
    ['"7", "2"', 200],
    ['*', 200],
    ['"1"', 412],
    ['"1", "3"', 412],
    ['"2', 400],
    ['"2" "3"', 400],
    [',', 400],
  ])('If-Match: %s', async (match, status) => {
    const key = `match-${randomUUID()}`
    await flag(key)
    await put(key, serve())
    const answer = await jackstaff.api('PUT', at(key), serve('off'), { 'if-match': match })
    expect(answer.status).toBe(status)
    if (status === 412) expect(answer.body).toMatchObject({ theirs: '2', current: { version: 2 } })
  })

  it('are honoured where they are not asked for', async () => {
    await flag('careful')
    await jackstaff.api('PATCH', `${FLAGS}/careful`, { name: 'Changed' }, any)
    const archived = await jackstaff.api('DELETE', `${FLAGS}/careful`, undefined, { 'if-match': '"1"' })
    expect(archived.status).toBe(412)
  })
})

describe('PATCH of a flag', () => {
  it('keeps what is not named and clears what is null', async () => {
    await flag('patched', { owner: 'ana', description: 'D', tags: ['a'] })
    const { body } = await jackstaff.api('PATCH', `${FLAGS}/patched`, { owner: null }, any)
    expect(body).toMatchObject({ owner: null, description: 'D', tags: ['a'], version: 2 })
    const refused = await jackstaff.api('PATCH', `${FLAGS}/patched`, { name: null }, any)
    expect(refused.body.errors[0].path).toBe('name')
  })

  it('refuses to take away a variant that an environment serves, naming where', async () => {
    await flag('served')
    const refused = await jackstaff.api('PATCH', `${FLAGS}/served`, { variants: { off: false } }, any)
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map((e: { path: string }) => e.path)).toContain(
      'environments.development.fallthrough',
    )
  })

  it('archived or restored twice changes nothing the second time', async () => {
    await flag('twice')
    const once = await jackstaff.api('DELETE', `${FLAGS}/twice`)
    expect((await jackstaff.api('DELETE', `${FLAGS}/twice`)).body).toEqual(once.body)
    const back = await jackstaff.api('POST', `${FLAGS}/twice/restore`)
    expect((await jackstaff.api('POST', `${FLAGS}/twice/restore`)).body).toEqual(back.body)
    expect(await actions('flag:twice')).toEqual(['flag.restore', 'flag.archive', 'flag.create'])
  })
})

describe('an Idempotency-Key', () => {
  const keyed = (key: string) => ({ 'idempotency-key': key })

  it('of a request that failed is free for the retry', async () => {
    const key = randomUUID()
    const body = { key: 'retried', name: 'R', type: 'boolean' }
    await flag('retried')
    expect((await jackstaff.api('POST', FLAGS, body, keyed(key))).status).toBe(409)
    await withSql(jackstaff, (sql) => sql`update flag set key = 'renamed' where key = 'retried'`)
    expect((await jackstaff.api('POST', FLAGS, body, keyed(key))).status).toBe(201)
  })

  it('is looked up before If-Match: the repeat of an edit gets its answer, not 412', async () => {
    await flag('edited')
    const headers = { ...keyed(randomUUID()), 'if-match': '"1"' }
    const first = await jackstaff.api('PUT', at('edited'), serve(), headers)
    const again = await jackstaff.api('PUT', at('edited'), serve(), headers)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(again.headers.get('x-jackstaff-version')).toBe(first.headers.get('x-jackstaff-version'))
  })

  it('belongs to one principal and one route', async () => {
    const key = randomUUID()
    const other = await tokenOf(jackstaff, 'admin')
    const body = { key: 'owned', name: 'O', type: 'boolean' }
    expect((await jackstaff.api('POST', FLAGS, body, keyed(key))).status).toBe(201)
    expect((await other.api('POST', FLAGS, body, keyed(key))).status).toBe(409)
    const elsewhere = await jackstaff.api('POST', `${FLAGS}/owned/restore`, {}, keyed(key))
    expect(elsewhere.status).toBe(422)
  })

  it('sent many times at once has one effect', async () => {
    const headers = keyed(randomUUID())
    const body = { key: 'burst', name: 'B', type: 'boolean' }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => jackstaff.api('POST', FLAGS, body, headers)),
    )
    for (const { status, body } of answers) {
      expect([201, 409]).toContain(status)
      if (status === 409) expect(body.detail).toContain('still running')
    }
    expect((await audit('flag:burst')).total).toBe(1)
  })

  it('is forgotten after a day', async () => {
    const headers = keyed(randomUUID())
    await jackstaff.api('POST', FLAGS, { key: 'daily', name: 'D', type: 'boolean' }, headers)
    await withSql(
      jackstaff,
      (sql) => sql`update idempotency set created_at = created_at - interval '25 hours'`,
    )
    const other = await jackstaff.api('POST', FLAGS, { key: 'next', name: 'N', type: 'boolean' }, headers)
    expect(other.status).toBe(201)
    const [row] = await withSql(jackstaff, (sql) => sql`select count(*)::int from idempotency`)
    expect(row!.count).toBe(1)
  })

  it.each(['', ' ', 'x'.repeat(256), 'ключ'.repeat(2)])('must be visible ASCII: %j', async (key) => {
    const headers = keyed(Buffer.from(key).toString('latin1'))
    const answer = await jackstaff.api('POST', FLAGS, { key: 'k', name: 'k', type: 'boolean' }, headers)
    expect(answer.status).toBe(400)
  })
})

describe('the list of flags', () => {
  it('takes search words literally', async () => {
    await flag('percent', { name: '100% sure' })
    await flag('under', { name: 'a_b' })
    await flag('slash', { name: 'back\\slash' })
    const found = async (q: string) =>
      (await jackstaff.api('GET', `${FLAGS}?q=${encodeURIComponent(q)}`)).body.items.map(
        (item: { key: string }) => item.key,
      )
    expect(await found('%')).toEqual(['percent'])
    expect(await found('a_b')).toEqual(['under'])
    expect(await found('\\')).toEqual(['slash'])
    expect(await found("'; drop table flag; --")).toEqual([])
  })

  it('pages in order without losing or repeating one, and tells archived ones apart', async () => {
    const seen: string[] = []
    let next = ''
    do {
      const { body } = await jackstaff.api('GET', `${FLAGS}?limit=4${next && `&cursor=${next}`}`)
      seen.push(...body.items.map((item: { key: string }) => item.key))
      next = body.next
      if (!next) expect(body.total).toBe(seen.length)
    } while (next)
    expect(new Set(seen).size).toBe(seen.length)
    await jackstaff.api('DELETE', `${FLAGS}/slash`)
    const { body } = await jackstaff.api('GET', `${FLAGS}?archived=true`)
    expect(body.items.map((item: { key: string }) => item.key)).toContain('slash')
  })
})
