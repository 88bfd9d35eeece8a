import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { bearer, raw } from '../support/raw-http'

const specification = readFileSync(
  fileURLToPath(new URL('../../../shared/data/ofrep/openapi.yaml', import.meta.url)),
  'utf8',
)

/** The lines of one schema. Enough of YAML for a file whose shape is known: no parser is worth a dependency here. */
function schema(name: string): string {
  const [, after] = specification.split(`\n    ${name}:\n`)
  return after!.split(/\n {4}\S/, 1)[0]!
}
const required = (name: string) =>
  [...schema(name).matchAll(/^ {6}required:\n((?: +- \w+\n?)+)/gm)].flatMap(
    ([, list]) => list!.match(/\w+/g)!,
  )
const allowed = (name: string, property: string) =>
  new RegExp(`${property}:[\\s\\S]*?enum: \\[(.*?)\\]`).exec(schema(name))![1]!.split(', ')

let jackstaff: Jackstaff
let serverKey: string
let clientKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey, clientKey } = await seedShop(jackstaff))
  const flags = '/projects/shop/flags'
  const text = { key: 'hidden', name: 'Hidden', type: 'object', variants: { a: { size: 1 } } }
  await jackstaff.api('POST', flags, text)
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const { headers: published } = await jackstaff.api('PUT', PRODUCTION, share(50), {
    'if-match': headers.get('etag')!,
  })
  const id = published.get('x-jackstaff-version')!.replace('production=', '')
  await raw(`${jackstaff.url}/config?min=${id}`, { headers: bearer(serverKey) })
})
afterAll(() => jackstaff?.stop())

const path = (flag: string) => `${jackstaff.url}/ofrep/v1/evaluate/flags/${encodeURIComponent(flag)}`

async function ask(flag: string, body: string, key = serverKey, headers: Record<string, string> = {}) {
  const answer = await raw(path(flag), {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json', ...headers },
    body,
  })
  return { ...answer, body: JSON.parse(answer.body.toString('utf8')) }
}

const evaluate = (flag: string, context: object, key = serverKey) =>
  ask(flag, JSON.stringify({ context }), key)

describe('an evaluation over OFREP', () => {
  it('answers with what the schema of a success asks for', async () => {
    expect(required('evaluationSuccess')).toEqual(['key', 'reason'])
    const answers = [
      await evaluate('checkout', { targetingKey: 'ana' }),
      await evaluate('hidden', { targetingKey: 'ana' }),
    ]
    for (const { status, headers, body } of answers) {
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'application/json',
        'no-store',
      ])
      expect(allowed('evaluationSuccess', 'reason')).toContain(body.reason)
      for (const value of Object.values(body.metadata))
        expect(['string', 'number', 'boolean']).toContain(typeof value)
    }
    expect(answers[0]!.body).toMatchObject({ key: 'checkout', value: expect.any(Boolean), reason: 'SPLIT' })
    expect(answers[1]!.body).toMatchObject({ key: 'hidden', value: { size: 1 }, reason: 'DISABLED' })
  })

  it('answers a flag that is not there, or not for browsers, as one that is not found', async () => {
    for (const answer of [await evaluate('nothing', {}), await evaluate('hidden', {}, clientKey)]) {
      expect(answer.status).toBe(404)
      expect(allowed('flagNotFound', 'errorCode')).toContain(answer.body.errorCode)
    }
    expect((await evaluate('checkout', { targetingKey: 'ana' }, clientKey)).status).toBe(200)
  })

  it('answers what it cannot decide with what the schema of a failure asks for', async () => {
    const codes = allowed('evaluationFailure', 'errorCode')
    expect(required('evaluationFailure')).toEqual(['key', 'errorCode'])
    const answer = await evaluate('checkout', {})
    expect(answer).toMatchObject({
      status: 400,
      body: {
        key: 'checkout',
        errorCode: 'TARGETING_KEY_MISSING',
        metadata: { flagSetId: 'shop/production' },
      },
    })
    expect(codes).toContain(answer.body.errorCode)
  })

  it.each([
    ['malformed', '{"context": '],
    ['a list', '{"context": []}'],
    ['a text', '{"context": "ana"}'],
    ['larger than 64 KB', JSON.stringify({ context: { targetingKey: 'x'.repeat(70_000) } })],
    ['far larger', JSON.stringify({ context: { targetingKey: 'x'.repeat(5_000_000) } })],
  ])('refuses a context that is %s, in words', async (_, body) => {
    const answer = await ask('checkout', body)
    expect(answer).toMatchObject({ status: 400, body: { key: 'checkout', errorCode: 'INVALID_CONTEXT' } })
    expect(answer.body.errorDetails).not.toBe('')
  })

  it('refuses other methods, keys that are none, and addresses that are not well-formed', async () => {
    expect(await raw(path('checkout'), { headers: bearer(serverKey) })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
    expect((await raw(path('checkout'), { method: 'POST' })).status).toBe(401)
    const broken = `${jackstaff.url}/ofrep/v1/evaluate/flags/%E0%A4`
    expect((await raw(broken, { method: 'POST', headers: bearer(serverKey) })).status).toBe(400)
  })
})
