import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { isOfrep, isSpecified, operations } from '../support/ofrep-schema'
import { bearer, type Raw, raw } from '../support/raw-http'

// Every row of the specification's answers, one by one; what an answer must look like is read from its OpenAPI.

let jackstaff: Jackstaff
let serverKey: string
let clientKey: string
let token: string

/** Publishes for `checkout`; resolves once this node serves it. */
async function publish(targeting: object): Promise<void> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, targeting, { 'if-match': headers.get('etag')! })
  const id = answer.headers.get('x-jackstaff-version')!.replace('production=', '')
  await raw(`${jackstaff.url}/config?min=${id}`, { headers: bearer(serverKey) })
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey, clientKey } = await seedShop(jackstaff))
  token = jackstaff.token
  const flags = '/projects/shop/flags'
  const hidden = { key: 'hidden', name: 'Hidden', type: 'object', variants: { a: { size: 1 } } }
  await jackstaff.api('POST', flags, hidden)
  await jackstaff.api('POST', flags, { ...hidden, key: 'hidden-too' })
  await publish(share(50))
})
afterAll(() => jackstaff?.stop())

type Operation = keyof typeof operations
const one = (flag: string) => operations.one.replace('{key}', encodeURIComponent(flag))

type Answer = Omit<Raw, 'body'> & { body: Record<string, unknown>; text: string }

/** Asks as it stands, and holds what comes against the specification. */
async function post(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const answer = await raw(jackstaff.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const text = answer.body.toString('utf8')
  const parsed = text === '' ? null : JSON.parse(text)
  const operation: Operation = path.split('?')[0] === operations.all ? 'all' : 'one'
  const isTheirs = !['405', '413', '503'].includes(String(answer.status))
  if (isTheirs) expect(isSpecified(operation, answer.status, parsed), `${answer.status} ${text}`).toBe(true)
  return { ...answer, text, body: parsed }
}

const evaluate = (flag: string, context: unknown, key = serverKey) =>
  post(one(flag), JSON.stringify({ context }), bearer(key))
const evaluateAll = (context: unknown, key = serverKey, headers: Record<string, string> = {}) =>
  post(operations.all, JSON.stringify({ context }), { ...bearer(key), ...headers })

const ANA = { targetingKey: 'ana' }
const keysOf = ({ body }: Answer) => (body.flags as { key: string }[]).map(({ key }) => key)

describe('the schemas that answers are held against', () => {
  it.each([
    ['evaluationSuccess', { key: 'a', value: true }],
    ['evaluationSuccess', { key: 'a', value: true, reason: 'STATIC', metadata: { of: { no: 'depth' } } }],
    ['evaluationFailure', { key: 'a' }],
    ['bulkEvaluationSuccess', { flags: [{ value: 1 }] }],
    ['bulkEvaluationSuccess', { flags: [], eventStreams: [{ type: 'sse' }] }],
    ['bulkEvaluationSuccess', { flags: [], eventStreams: [{ type: 'sse', endpoint: { requestUri: 'x' } }] }],
    ['sseEventData', {}],
  ])('refuse a wrong %s', (schema, value) => {
    expect(isOfrep(schema, value)).toBe(false)
  })
})

describe('an evaluation of one flag', () => {
  it('200: has the value, the variant and the reason', async () => {
    const { headers, body } = await evaluate('checkout', ANA)
    expect([headers['content-type'], headers['cache-control']]).toEqual(['application/json', 'no-store'])
    expect(body).toMatchObject({
      key: 'checkout',
      value: expect.any(Boolean),
      variant: expect.stringMatching(/on|off/),
      reason: 'SPLIT',
      metadata: { flagSetId: 'shop/production' },
    })
    const off = await evaluate('hidden', ANA)
    expect(off.body).toMatchObject({ key: 'hidden', value: { size: 1 }, reason: 'DISABLED' })
  })

  it('400: says which key is missing', async () => {
    expect(await evaluate('checkout', {})).toMatchObject({
      status: 400,
      body: { key: 'checkout', errorCode: 'TARGETING_KEY_MISSING', errorDetails: expect.any(String) },
    })
  })

  it('404: does not know flags that are not there, or not for browsers', async () => {
    for (const answer of [await evaluate('nothing', {}), await evaluate('hidden', {}, clientKey)])
      expect(answer).toMatchObject({ status: 404, body: { errorCode: 'FLAG_NOT_FOUND' } })
    expect((await evaluate('checkout', ANA, clientKey)).status).toBe(200)
  })
})

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

describe.each([
  ['one flag', one('checkout'), { key: 'checkout' }],
  ['all flags', operations.all, {}],
])('a request for %s that cannot be answered', (_, path, named) => {
  it.each([
    ['no JSON', 400, 'PARSE_ERROR', '{"context": '],
    ['no object', 400, 'INVALID_CONTEXT', '[]'],
    ['a list for a context', 400, 'INVALID_CONTEXT', '{"context": []}'],
    ['a text for a context', 400, 'INVALID_CONTEXT', '{"context": "ana"}'],
    ['33 levels', 400, 'INVALID_CONTEXT', `{"context":${deep(33)}}`],
    ['levels without end', 400, 'INVALID_CONTEXT', `{"context":${deep(9_000)}}`],
    ['65 KB', 413, 'INVALID_CONTEXT', JSON.stringify({ context: { targetingKey: 'x'.repeat(65_536) } })],
    ['5 MB', 413, 'INVALID_CONTEXT', JSON.stringify({ context: { targetingKey: 'x'.repeat(5_000_000) } })],
  ])('has %s: %i %s', async (_, status, errorCode, body) => {
    const answer = await post(path, body, bearer(serverKey))
    expect(answer).toMatchObject({ status, body: { ...named, errorCode } })
    expect(answer.body.errorDetails).not.toBe('')
  })

  it('401: has no key, a broken one, one of another kind', async () => {
    const broken = `${serverKey.slice(0, -1)}${serverKey.endsWith('0') ? '1' : '0'}`
    for (const headers of [{}, bearer('nonsense'), bearer(broken), bearer(token)])
      expect(await post(path, '{}', headers as Record<string, string>)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
      })
  })

  it('403: has a server key where others can read it', async () => {
    const answers = [
      await post(path, '{}', { ...bearer(serverKey), origin: 'https://shop.example' }),
      await post(`${path}?key=${serverKey}`, '{}', {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
  })

  it('405: is no POST', async () => {
    const answer = await raw(jackstaff.url + path, { headers: bearer(serverKey) })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })

  it('takes the key from any of the places that the specification names', async () => {
    const body = JSON.stringify({ context: ANA })
    expect((await post(path, body, { 'x-api-key': serverKey })).status).toBe(200)
    expect((await post(`${path}?key=${clientKey}`, body, {})).status).toBe(200)
  })
})

describe('an evaluation of all flags', () => {
  it('200: has those that the key may see, and only for browsers where to hear of changes', async () => {
    const all = await evaluateAll(ANA)
    const shown = await evaluateAll(ANA, clientKey)
    expect([keysOf(all), keysOf(shown)]).toEqual([['checkout', 'hidden', 'hidden-too'], ['checkout']])
    expect(all.body).not.toHaveProperty('eventStreams')
    expect(all.text).not.toContain(serverKey)
    expect(shown.body.eventStreams).toEqual([
      { type: 'sse', endpoint: { requestUri: `/ofrep/v1/events?key=${clientKey}` } },
    ])
  })

  it('200: has what each flag has alone, failures too', async () => {
    for (const context of [ANA, {}]) {
      const flags = (await evaluateAll(context)).body.flags as { key: string }[]
      for (const flag of flags) expect(flag).toEqual((await evaluate(flag.key, context)).body)
    }
    const [failed] = (await evaluateAll({})).body.flags as object[]
    expect(failed).toMatchObject({ key: 'checkout', errorCode: 'TARGETING_KEY_MISSING' })
  })

  it('304: is not sent again to who holds it', async () => {
    const { headers } = await evaluateAll(ANA)
    for (const tag of [headers.etag!, `W/${headers.etag}`, `"other", ${headers.etag}`]) {
      const again = await evaluateAll(ANA, serverKey, { 'if-none-match': tag })
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag])
    }
    expect((await evaluateAll(ANA, serverKey, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('is tagged by what it says: the same for another context or version, another for another value', async () => {
    await publish({ on: true, offVariant: 'off', fallthrough: { variant: 'on' } })
    const tagFor = async (context: object) => (await evaluateAll(context, clientKey)).headers.etag
    const before = await tagFor(ANA)
    expect(await tagFor({ targetingKey: 'bo', country: 'DE' })).toBe(before)

    const hidden = '/projects/shop/flags/hidden/environments/production'
    const { headers } = await jackstaff.api('GET', hidden)
    const targeting = { on: true, offVariant: 'a', fallthrough: { variant: 'a' } }
    const answer = await jackstaff.api('PUT', hidden, targeting, { 'if-match': headers.get('etag')! })
    const id = answer.headers.get('x-jackstaff-version')!.replace('production=', '')
    await raw(`${jackstaff.url}/config?min=${id}`, { headers: bearer(serverKey) })
    expect(await tagFor(ANA)).toBe(before)

    await publish(share(0))
    expect(await tagFor(ANA)).not.toBe(before)
  })

  it('waits for the version that an event told of, and says so when it does not come', async () => {
    const held = JSON.parse(
      (await raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) })).body.toString('utf8'),
    ).id as string
    const at = (id: string) =>
      post(`${operations.all}?flagConfigEtag=${id}`, JSON.stringify({ context: ANA }), bearer(clientKey))
    for (const known of [held, '1.1.ffffffff', 'of-another-product'])
      expect((await at(known)).status).toBe(200)
    expect(await at('1.999999.ffffffff')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { errorCode: 'GENERAL', errorDetails: expect.stringContaining(held) },
    })
  })
})

describe('a browser on another origin', () => {
  it('may ask, and read the tag', async () => {
    for (const path of [one('checkout'), operations.all]) {
      const preflight = await raw(jackstaff.url + path, {
        method: 'OPTIONS',
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
      })
      expect(preflight.status).toBe(204)
      const allowed = String(preflight.headers['access-control-allow-headers']).toLowerCase()
      for (const name of ['authorization', 'x-api-key', 'content-type', 'if-none-match'])
        expect(allowed).toContain(name)
    }
    const { headers } = await evaluateAll(ANA, clientKey, { origin: 'https://shop.example' })
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-expose-headers']).toContain('ETag')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })
})
