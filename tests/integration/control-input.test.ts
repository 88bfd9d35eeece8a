import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { raw } from '../support/raw-http'

let jackstaff: Jackstaff
beforeAll(async () => {
  jackstaff = await startJackstaff()
  await seedShop(jackstaff)
})
afterAll(() => jackstaff?.stop())

const SHOP = '/projects/shop'
const FLAGS = `${SHOP}/flags`
const VERSIONS = `${SHOP}/environments/production/versions`
const FLAG = { key: 'k', name: 'n', type: 'boolean' }

/** The connection's bytes as they stand: `fetch` would mend a path. */
async function send(method: string, path: string, body?: string | Buffer) {
  const {
    status,
    headers,
    body: bytes,
  } = await raw(`${jackstaff.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${jackstaff.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body as string,
  })
  return { status, type: headers['content-type'], text: bytes.toString() }
}

async function problem(method: string, path: string, body?: string | Buffer) {
  const answer = await send(method, path, body)
  expect(answer.type, answer.text.slice(0, 200)).toBe('application/problem+json')
  const parsed = JSON.parse(answer.text)
  expect(parsed).toMatchObject({ status: answer.status, detail: expect.any(String) })
  return parsed as { status: number; detail: string; errors?: { path: string; message: string }[] }
}

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a hostile request is refused with a problem that names what is wrong', () => {
  it.each([
    ['name', { ...FLAG, name: 'a\u0000b' }],
    ['description', { ...FLAG, description: '\u0000' }],
    ['tags.0', { ...FLAG, tags: ['\u0000'] }],
    ['variants.on', { ...FLAG, type: 'string', variants: { on: 'x\u0000' } }],
    ['variants.on.a', { ...FLAG, type: 'object', variants: { on: { a: ['\ud800'] } } }],
    ['name', { ...FLAG, name: '\udc00' }],
  ])('text that cannot be stored, in %s', async (path, body) => {
    const refused = await problem('POST', FLAGS, JSON.stringify(body))
    expect(refused.status).toBe(422)
    expect(refused.errors?.[0]?.path).toMatch(new RegExp(`^${path}`))
  })

  it.each([
    ['GET', `${FLAGS}/%00`],
    ['GET', `${FLAGS}?q=%00`],
    ['GET', `${FLAGS}?cursor=${cursor('\u0000')}`],
    ['GET', `${SHOP}/audit?actor=a%00`],
    ['GET', `${SHOP}/audit?target=%00&environment=%00`],
    ['PUT', `${FLAGS}/%00/kill`],
  ])('%s %s', async (method, path) => {
    expect((await problem(method, path, method === 'PUT' ? '{"reason":"x"}' : undefined)).status).toBe(422)
  })

  it.each([
    ['GET', `${VERSIONS}/99999999999`],
    ['GET', `${VERSIONS}/1e300`],
    ['GET', `${VERSIONS}/-1`],
    ['GET', `${VERSIONS}/1.5`],
    ['GET', `${VERSIONS}/99999999999/propagation`],
    ['GET', `${VERSIONS}?cursor=${cursor(99999999999)}`],
    ['GET', `${VERSIONS}?cursor=${cursor(1.5)}`],
    ['GET', `${VERSIONS}?cursor=${cursor('x')}`],
    ['GET', `${SHOP}/audit?cursor=${cursor(1e300)}`],
    ['GET', `${FLAGS}?limit=99999999999`],
    ['GET', `${FLAGS}?limit=`],
  ])('numbers out of range: %s %s', async (method, path) => {
    expect((await problem(method, path)).status).toBe(422)
  })

  it.each([
    ['PATCH', `${SHOP}/environments/production`, '{"position":99999999999}'],
    ['POST', `${VERSIONS}/restore`, '{"version":99999999999}'],
    ['POST', `${VERSIONS}/restore`, '{"version":true}'],
    ['POST', FLAGS, '{"key":"k","name":"n","type":"number","variants":{"a":1e999}}'],
  ])('numbers out of range: %s %s %s', async (method, path, body) => {
    expect((await problem(method, path, body)).status).toBe(422)
  })

  it.each([
    ['an empty body', ''],
    ['a body of blanks', ' '],
    ['duplicate keys', '{"key":"k","name":"n","type":"boolean","name":"m"}'],
    ['duplicate keys, one of them escaped', '{"key":"k","name":"n","type":"boolean","n\\u0061me":"m"}'],
    ['duplicate keys deep inside', '{"key":"k","name":"n","type":"object","variants":{"a":{"x":1,"x":2}}}'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['two documents', '{}{}'],
    ['a number', '1'],
    ['null', 'null'],
  ])('%s', async (_, body) => {
    expect([400, 422]).toContain((await problem('POST', FLAGS, body)).status)
  })

  it('a byte order mark in front of a broken body', async () => {
    expect((await problem('POST', FLAGS, '\ufeff{"key":"k"}')).status).toBe(422)
  })

  it.each([
    `${FLAGS}/%E0%A4%A`,
    `${FLAGS}/%`,
    `${FLAGS}/%ff`,
    `${FLAGS}/${'x'.repeat(2_000)}`,
    `/projects/${'%41'.repeat(500)}`,
  ])('the path %s', async (path) => {
    const answer = await problem('GET', path)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  })
})

describe('a query string', () => {
  it('never becomes part of a change', async () => {
    const refused = await problem('PUT', `${PRODUCTION}/kill?reason=smuggled`, '{}')
    expect(refused.status).toBe(400)
    const unasked = await problem('POST', `${FLAGS}?browser=true`, JSON.stringify(FLAG))
    expect(unasked.status).toBe(400)
  })

  it('may not name what the path names', async () => {
    expect((await problem('GET', `${FLAGS}/checkout?project=other`)).status).toBe(422)
    expect((await problem('PUT', `${PRODUCTION}/kill`, '{"reason":"x","flag":"other"}')).status).toBe(422)
  })
})

describe('an address that is not there', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('answers %s with a problem', async (method) => {
    for (const path of ['/unknown', `${SHOP}/unknown`, ''])
      expect((await problem(method, path)).status, path).toBe(404)
  })

  it('answers a method that a route does not have with 405', async () => {
    expect((await send('PUT', '/projects')).status).toBe(405)
    expect((await send('HEAD', '/projects')).status).toBe(200)
  })
})
