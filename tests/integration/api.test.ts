import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { raw } from '../support/raw-http'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

const FLAGS = '/projects/shop/flags'
const head = async () =>
  (await jackstaff.api('GET', '/projects/shop')).body.environments[2].configId as string
const etag = async (path: string) => (await jackstaff.api('GET', path)).headers.get('etag')!
const put = async (body: unknown) =>
  jackstaff.api('PUT', PRODUCTION, body, { 'if-match': await etag(PRODUCTION) })

/** Sends something wrong, and proves that nothing was published or kept. */
async function refused(send: () => ReturnType<Jackstaff['api']>, status: number) {
  const before = [await head(), (await jackstaff.api('GET', `${FLAGS}/checkout`)).body]
  const answer = await send()
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.body).toMatchObject({ status, detail: expect.any(String), requestId: expect.any(String) })
  expect([await head(), (await jackstaff.api('GET', `${FLAGS}/checkout`)).body]).toEqual(before)
  return answer.body
}

describe('the write path', () => {
  it('publishes a change and names the version it made', async () => {
    const answer = await put(share(25))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-jackstaff-version')).toBe(`production=${await head()}`)
  })

  it('publishes nothing when nothing came out differently', async () => {
    await put(share(25))
    const before = await head()
    const answer = await put(share(25))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-jackstaff-version')).toBeNull()
    expect(await head()).toBe(before)
  })

  it('writes one audit entry with the versions it published, before and after', async () => {
    await put({ ...share(30), comment: 'more people' })
    const { body } = await jackstaff.api('GET', '/projects/shop/audit?limit=1')
    expect(body.items[0]).toMatchObject({
      action: 'targeting.update',
      target: 'flag:checkout',
      environment: 'production',
      reason: 'more people',
      versions: { production: await head() },
      after: { fallthrough: { rollout: { share: 30_000 } } },
      actor: { kind: 'service', name: 'Bootstrap' },
    })
  })

  it('holds two editors of one flag apart: one wins, the other sees what won', async () => {
    const tag = await etag(PRODUCTION)
    const answers = await Promise.all(
      [40, 50].map((percent) => jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': tag })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    const [won, lost] = answers.sort((a, b) => a.status - b.status)
    expect(lost!.body.current.fallthrough).toEqual(won!.body.fallthrough)
  })

  it('runs a change once for one Idempotency-Key, and answers the repeat alike', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { key: 'once', name: 'Once', type: 'boolean' }
    const first = await jackstaff.api('POST', FLAGS, body, headers)
    const again = await jackstaff.api('POST', FLAGS, body, headers)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    const other = await jackstaff.api('POST', FLAGS, { ...body, name: 'Twice' }, headers)
    expect(other.status).toBe(422)
  })

  it('gives a secret again only to who repeats with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const path = '/projects/shop/environments/staging/keys'
    const first = await jackstaff.api('POST', path, { kind: 'server', name: 'once' }, headers)
    const again = await jackstaff.api('POST', path, { kind: 'server', name: 'once' }, headers)
    expect(again.body.key).toBe(first.body.key)
    expect(JSON.stringify((await jackstaff.api('GET', path)).body)).not.toContain(first.body.key)
  })

  it('publishes a segment edit wherever a flag reaches the segment', async () => {
    await jackstaff.api('POST', '/projects/shop/segments', { key: 'beta', name: 'Beta', included: ['ana'] })
    const rule = { id: 'beta', when: { segment: 'beta' }, serve: { variant: 'on' } }
    const staging = `${FLAGS}/once/environments/staging`
    await jackstaff.api(
      'PUT',
      staging,
      { on: true, offVariant: 'off', rules: [rule], fallthrough: { variant: 'off' } },
      { 'if-match': await etag(staging) },
    )
    const segment = '/projects/shop/segments/beta'
    const answer = await jackstaff.api(
      'PUT',
      segment,
      { name: 'Beta', included: ['ana', 'bo'] },
      { 'if-match': await etag(segment) },
    )
    expect(answer.headers.get('x-jackstaff-version')).toMatch(/^staging=/)
    const evaluated = await jackstaff.api('POST', '/projects/shop/environments/staging/evaluate', {
      flag: 'once',
      context: { targetingKey: 'bo' },
    })
    expect(evaluated.body.flags[0]).toMatchObject({ value: true, reason: 'TARGETING_MATCH' })
    expect(evaluated.body.flags[0].trace.length).toBeGreaterThan(2)
    expect((await jackstaff.api('DELETE', segment)).status).toBe(409)
  })

  it('archives a flag out of every config, and brings it back as it was', async () => {
    await jackstaff.api('POST', FLAGS, {
      key: 'passing',
      name: 'Passing',
      type: 'string',
      variants: { a: 'A' },
    })
    expect((await jackstaff.api('DELETE', `${FLAGS}/passing`)).status).toBe(200)
    const gone = await jackstaff.api('POST', '/projects/shop/environments/production/evaluate', {
      flag: 'passing',
    })
    expect(gone.status).toBe(404)
    expect((await jackstaff.api('POST', `${FLAGS}/passing/restore`)).body.archivedAt).toBeNull()
    const back = await jackstaff.api('POST', '/projects/shop/environments/production/evaluate', {
      flag: 'passing',
    })
    expect(back.body.flags[0]).toMatchObject({ variant: 'a', reason: 'DISABLED' })
  })

  it('restores an older version as a new one, and refuses what no longer fits', async () => {
    await put(share(10))
    const then = Number((await head()).split('.')[1])
    await put(share(90))
    const answer = await jackstaff.api('POST', '/projects/shop/environments/production/versions/restore', {
      version: then,
      flags: ['checkout'],
    })
    expect(answer.body).toEqual({ restored: ['checkout'], skipped: [] })
    expect((await jackstaff.api('GET', PRODUCTION)).body.fallthrough.rollout.share).toBe(10_000)
    const { body } = await jackstaff.api('GET', `/projects/shop/environments/production/versions/${then}`)
    expect(body.config.flags.checkout.fallthrough.rollout.share).toBe(10_000)
  })
})

describe('the kill switch', () => {
  const KILL = `${PRODUCTION}/kill`

  it('is idempotent, needs no If-Match, and is lifted only by who names it', async () => {
    const first = await jackstaff.api('PUT', KILL, { reason: 'checkout fails' })
    const again = await jackstaff.api('PUT', KILL, { reason: 'a late retry' })
    expect(again.body).toEqual(first.body)
    expect(first.headers.get('etag')).toBe(`"${first.body.id}"`)
    expect((await jackstaff.api('DELETE', KILL)).status).toBe(428)
    expect((await jackstaff.api('DELETE', KILL, undefined, { 'if-match': '"1.1.00000000"' })).status).toBe(
      412,
    )
    expect(
      (await jackstaff.api('DELETE', KILL, undefined, { 'if-match': `"${first.body.id}"` })).status,
    ).toBe(204)
    expect((await jackstaff.api('GET', PRODUCTION)).body.kill).toBeNull()
  })

  it('turns a flag off in every environment at once', async () => {
    const answer = await jackstaff.api('PUT', `${FLAGS}/checkout/kill`, { reason: 'everywhere' })
    expect(Object.keys(answer.body.environments).sort()).toEqual(['development', 'production', 'staging'])
    const evaluated = await jackstaff.api('POST', '/projects/shop/environments/staging/evaluate', {
      flag: 'checkout',
    })
    expect(evaluated.body.flags[0]).toMatchObject({ reason: 'DISABLED', flagMetadata: { killed: true } })
    for (const [environment, kill] of Object.entries<{ id: string }>(answer.body.environments))
      await jackstaff.api('DELETE', `${FLAGS}/checkout/environments/${environment}/kill`, undefined, {
        'if-match': `"${kill.id}"`,
      })
  })

  it('asks for a reason', async () => {
    const problem = await refused(() => jackstaff.api('PUT', KILL, { reason: ' ' }), 422)
    expect(problem.errors[0].path).toBe('reason')
  })
})

describe('bad input gets a clear problem and changes nothing', () => {
  it('a method that no address has', async () => {
    for (const path of ['/api/v1/projects', '/projects', '/config', '/api/auth/session'])
      for (const method of ['TRACE', 'PROPFIND'])
        expect((await raw(jackstaff.url + path, { method })).status, `${method} ${path}`).toBe(405)
  })

  it('an unknown variant in a rule, named with the ones there are', async () => {
    const rule = { id: 'r', when: { all: [] }, serve: { variant: 'blue' } }
    const problem = await refused(() => put({ ...share(25), rules: [rule] }), 422)
    expect(problem.errors).toEqual([
      { path: 'rules.0.serve', message: 'flag "checkout" has no variant "blue": use one of "on", "off"' },
    ])
  })

  it('weights that do not add up', async () => {
    const split = [
      { variant: 'on', weight: 60_000 },
      { variant: 'off', weight: 50_000 },
    ]
    const body = {
      on: true,
      offVariant: 'off',
      fallthrough: { rollout: { share: 1, split, rest: { variant: 'off' } } },
    }
    const problem = await refused(() => put(body), 422)
    expect(problem.detail).toContain('"on" 60 %, "off" 50 %: weights must add up to 100 %')
  })

  it('a segment and a prerequisite that are not there, and a flag that would need itself', async () => {
    const rule = { id: 'r', when: { segment: 'nobody' }, serve: { variant: 'on' } }
    expect((await refused(() => put({ ...share(25), rules: [rule] }), 422)).detail).toContain(
      'no segment "nobody"',
    )
    const needs = (flag: string) => ({ ...share(25), prerequisites: [{ flag, variants: ['on'] }] })
    expect((await refused(() => put(needs('nothing')), 422)).detail).toContain('no flag "nothing"')
    expect((await refused(() => put(needs('checkout')), 422)).detail).toContain('cannot need itself')
    const once = `${FLAGS}/once/environments/production`
    await jackstaff.api('PUT', once, needs('checkout'), { 'if-match': await etag(once) })
    expect((await refused(() => put(needs('once')), 422)).detail).toContain('would need itself')
  })

  it('a key that exists, in any case', async () => {
    const body = { key: 'Checkout', name: 'Again', type: 'boolean' }
    expect((await refused(() => jackstaff.api('POST', FLAGS, body), 409)).detail).toContain(
      '"Checkout" exists',
    )
  })

  it.each(['constructor', 'prototype', '__proto__', '-x', 'a b', '', 'x'.repeat(129), 'ключ'])(
    'the key %j',
    async (key) => {
      const problem = await refused(
        () => jackstaff.api('POST', FLAGS, { key, name: 'N', type: 'boolean' }),
        422,
      )
      expect(problem.errors[0].path).toBe('key')
    },
  )

  it.each([
    ['a forbidden property', '{"__proto__": {"x": 1}, "key": "k", "name": "n", "type": "boolean"}', 400],
    ['malformed JSON', '{"key": ', 400],
    ['an array', '[]', 400],
    ['an unknown field', '{"key": "k", "name": "n", "type": "boolean", "colour": 1}', 422],
    [
      'a variant of another type',
      '{"key": "k", "name": "n", "type": "boolean", "variants": {"a": "x"}}',
      422,
    ],
    ['a body of 1 MB', `{"key": "k", "name": "${'x'.repeat(1024 * 1024)}"}`, 413],
    ['nesting without end', `${'['.repeat(100_000)}`, 400],
  ])('%s', async (_, body, status) => {
    await refused(() => jackstaff.api('POST', FLAGS, body), status as number)
  })

  it('a content type that is not JSON', async () => {
    await refused(() => jackstaff.api('POST', FLAGS, 'key=k', { 'content-type': 'text/plain' }), 400)
  })

  it('an edit without If-Match, and one with a stale one', async () => {
    await refused(() => jackstaff.api('PUT', PRODUCTION, share(1)), 428)
    const problem = await refused(
      () => jackstaff.api('PUT', PRODUCTION, share(1), { 'if-match': '"0"' }),
      412,
    )
    expect(problem).toMatchObject({ yours: '0', current: { on: true } })
  })

  it('things that are not there', async () => {
    await refused(() => jackstaff.api('GET', '/projects/nowhere/flags'), 404)
    await refused(() => jackstaff.api('GET', `${FLAGS}/nothing`), 404)
    await refused(() => jackstaff.api('GET', `${FLAGS}/checkout/environments/moon`), 404)
    await refused(() => jackstaff.api('GET', `${FLAGS}?cursor=garbage`), 422)
  })

  it('targets on a flag whose rules browsers receive, naming the path', async () => {
    const keys = '/projects/shop/environments/production/keys'
    await jackstaff.api('POST', keys, { kind: 'client', mode: 'full', name: 'rules' })
    const targets = [{ variant: 'on', by: 'targetingKey', values: ['ana'] }]
    expect((await refused(() => put({ ...share(25), targets }), 409)).detail).toContain('targets')
  })
})

describe('credentials', () => {
  it('are needed, and a wrong token is never taken for nobody', async () => {
    for (const authorization of ['', 'Bearer nonsense', 'Basic x', `Bearer ${'x'.repeat(64)}`]) {
      const headers: Record<string, string> = { authorization }
      if (authorization === '') delete headers.authorization
      const response = await fetch(`${jackstaff.url}/api/v1/projects`, { headers })
      expect(response.status, authorization).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('of an SDK do not open the API', async () => {
    const { body } = await jackstaff.api('POST', '/projects/shop/environments/production/keys', {
      kind: 'server',
      name: 'sdk',
    })
    const answer = await jackstaff.api('GET', '/projects', undefined, { authorization: `Bearer ${body.key}` })
    expect(answer.status).toBe(401)
  })

  it('in a cookie do nothing for a page of another origin', async () => {
    const response = await fetch(`${jackstaff.url}/api/v1/projects`, {
      method: 'POST',
      headers: {
        cookie: 'jackstaff.session=x',
        origin: 'http://evil.test',
        'content-type': 'application/json',
      },
      body: '{"key":"k","name":"n"}',
    })
    expect(response.status).toBe(403)
  })

  it('are never printed', () => {
    expect(jackstaff.program.output()).not.toContain(jackstaff.token)
    expect(jackstaff.program.output()).not.toContain(jackstaff.env.JACKSTAFF_SECRET)
  })
})
