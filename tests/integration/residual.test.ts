import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Residual } from '@/lib/evaluation'
import { type Jackstaff, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { openStream, type Stream } from '../support/stream'

let jackstaff: Jackstaff
let key = ''
let serverKey = ''
const FLAGS = '/projects/shop/flags'
const KEYS = '/projects/shop/environments/production/keys'
const at = (flag: string) => `${FLAGS}/${flag}/environments/production`

async function edit(method: string, path: string, body: object) {
  const { headers } = await jackstaff.api('GET', path)
  const answer = await jackstaff.api(method, path, body, { 'if-match': headers.get('etag')! })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

async function newestId(): Promise<string> {
  const { environments } = (await jackstaff.api('GET', '/projects/shop')).body
  return environments.find((environment: { key: string }) => environment.key === 'production').configId
}

/** What a browser is sent for a context, once this node knows the newest version. */
async function ask(context: unknown, token = key) {
  const min = await newestId()
  const answer = await fetch(`${jackstaff.url}/config/residual?key=${token}&min=${min}`, {
    method: 'POST',
    body: JSON.stringify({ context }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Residual }
}

const heardOf = (stream: Stream, id: string) =>
  until(`the stream to hear of ${id}`, () => stream.frames.some(({ data }) => data.id === id))

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { api } = jackstaff
  await api('POST', '/projects', { key: 'shop', name: 'Shop' })
  key = (await api('POST', KEYS, { kind: 'client', name: 'browser' })).body.key
  serverKey = (await api('POST', KEYS, { kind: 'server', name: 'server' })).body.key
  const marked = await api('PUT', '/projects/shop/attributes', {
    attributes: { country: 'public', plan: 'public', 'plan.price': 'private' },
  })
  expect(marked.status, JSON.stringify(marked.body)).toBe(200)
  await api('POST', '/projects/shop/segments', {
    key: 'covert-staff',
    name: 'Covert staff',
    included: ['covert-ana'],
    any: [
      { attribute: 'email', op: 'ends_with', values: ['@covert.example'] },
      { attribute: 'plan.price', op: 'gt', values: [4_271_999] },
    ],
  })
  for (const flag of ['banner', 'covert-launch'])
    await api('POST', FLAGS, { key: flag, name: flag, type: 'boolean', browser: flag === 'banner' })
  await edit('PUT', at('covert-launch'), {
    on: true,
    offVariant: 'off',
    rules: [{ id: 'r', when: { segment: 'covert-staff' }, serve: { variant: 'off' } }],
    fallthrough: { variant: 'on' },
  })
  await edit('PUT', at('banner'), {
    on: true,
    offVariant: 'off',
    prerequisites: [{ flag: 'covert-launch', variants: ['on'] }],
    targets: [{ variant: 'on', by: 'targetingKey', values: ['covert-bo'] }],
    rules: [
      {
        id: 'german',
        when: {
          all: [
            { attribute: 'country', op: 'is_one_of', values: ['DE'] },
            { not: { segment: 'covert-staff' } },
            { attribute: 'company', op: 'is_one_of', values: ['covert-corp', 'acme'] },
          ],
        },
        serve: { variant: 'on' },
      },
    ],
    fallthrough: { variant: 'off' },
  })
})
afterAll(() => jackstaff?.stop())

describe('a client key', () => {
  it('is of mode residual where nothing else is asked for, and receives no rules', async () => {
    const made = await jackstaff.api('POST', KEYS, { kind: 'client', name: 'plain' })
    expect(made.body.mode).toBe('residual')
    const answer = await fetch(`${jackstaff.url}/config?key=${key}`)
    expect(answer.status).toBe(403)
    expect((await answer.json()).detail).toContain('POST the evaluation context to /config/residual')
  })

  it('is refused mode full while a browser flag may not be read there, naming the path', async () => {
    const refused = await jackstaff.api('POST', KEYS, { kind: 'client', mode: 'full', name: 'rules' })
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain('flag "banner" is available to browsers, but in production')
    expect(refused.body.detail).toContain('targets: individual targets would be readable')
  })
})

describe('a residual', () => {
  it('holds what public attributes decide, and the answers of all the rest', async () => {
    const { status, headers, body } = await ask({ targetingKey: 'u', company: 'acme', country: 'FR' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(Object.keys(body.flags)).toEqual(['banner'])
    expect(body.flags.banner!.steps).toEqual([
      {
        when: { attribute: 'country', op: 'is_one_of', values: ['DE'] },
        outcome: { reason: 'TARGETING_MATCH', variant: 'on', mark: { rule: 'german' } },
      },
      { outcome: { reason: 'DEFAULT', variant: 'off' } },
    ])
    expect(body.attributes).toMatchObject({ country: 'public', targetingKey: 'private' })
  })

  it('has no literal of a private attribute, no list, no hidden flag and no segment in its bytes', async () => {
    const contexts = [
      {},
      { targetingKey: 'covert-bo' },
      { targetingKey: 'covert-ana', country: 'DE', company: 'acme' },
      { targetingKey: 'u', email: 'x@covert.example', company: 'covert-corp', country: 'DE' },
      { targetingKey: 'u', company: 'nobody', plan: { tier: 'gold', price: 1 }, country: 'DE' },
    ]
    for (const context of contexts) {
      const { text } = await ask(context)
      const sent = text + JSON.stringify((await ask(context, serverKey)).body)
      expect(sent).toContain('banner')
      expect(sent).not.toMatch(/covert-(ana|bo|corp|staff)|covert\.example|4271999|acme/)
    }
    // The key of an unmet prerequisite is part of the answer (flagMetadata), as OpenFeature clients receive it.
    const { text } = await ask({ targetingKey: 'covert-ana' })
    expect(text).toContain('"prerequisite":"covert-launch"')
  })

  it.each([
    ['no JSON', 'context', 'the body must be JSON'],
    ['no object', '{"context":[]}', 'context: send an object'],
    ['too large a body', JSON.stringify({ context: { a: 'x'.repeat(70_000) } }), 'larger than 65536 bytes'],
  ])('of %s is refused in words', async (_, body, message) => {
    const answer = await fetch(`${jackstaff.url}/config/residual?key=${key}`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect((await answer.json()).detail).toContain(message)
  })
})

describe('a stream with such a key', () => {
  let stream: Stream
  beforeAll(async () => {
    stream = await openStream(jackstaff.url, key)
    await stream.next('changed')
  })
  afterAll(() => stream?.close())

  it('says that a residual changed, and never what', async () => {
    await edit('PATCH', `${FLAGS}/banner`, { variants: { on: true, off: false, third: true } })
    await heardOf(stream, await newestId())
    expect(stream.frames.at(-1)).toMatchObject({ event: 'changed', data: { keys: ['banner'], spread: 0 } })
  })

  it('hears of a segment and a hidden prerequisite only that a flag may answer otherwise', async () => {
    await edit('PUT', '/projects/shop/segments/covert-staff', {
      name: 'Covert staff',
      included: ['covert-cy'],
    })
    await heardOf(stream, await newestId())
    expect(stream.frames.at(-1)!.data.keys).toEqual(['banner'])
  })

  it('hears at once whom a kill forces off, through a prerequisite that it may not see', async () => {
    await jackstaff.api('PUT', `${at('covert-launch')}/kill`, { reason: 'drill' })
    const id = await newestId()
    await heardOf(stream, id)
    expect(stream.frames.at(-1)!.data).toMatchObject({ killed: ['banner'], killedAt: id })
    const late = await openStream(jackstaff.url, key)
    expect((await late.next('changed')).data).toMatchObject({ id, killed: ['banner'], spread: 0 })
    late.close()
    const { body } = await jackstaff.api('GET', at('covert-launch'))
    await jackstaff.api('DELETE', `${at('covert-launch')}/kill`, undefined, {
      'if-match': `"${body.kill.id}"`,
    })
    await heardOf(stream, await newestId())
    expect(stream.frames.at(-1)!.data.killed).toEqual([])
  })

  it('hears when attributes become private, and of nothing that browsers do not see', async () => {
    await jackstaff.api('POST', FLAGS, { key: 'covert-later', name: 'Later', type: 'boolean' })
    const quiet = await newestId()
    await jackstaff.api('PUT', '/projects/shop/attributes', { attributes: { country: 'private' } })
    await heardOf(stream, await newestId())
    expect(stream.frames.some(({ data }) => data.id === quiet)).toBe(false)
    expect(stream.frames.at(-1)!.data.keys).toEqual(['banner'])
    const { body } = await ask({ targetingKey: 'u', company: 'acme', country: 'DE' })
    expect(body.flags.banner!.steps).toEqual([
      { outcome: { reason: 'TARGETING_MATCH', variant: 'on', mark: { rule: 'german' } } },
    ])
    expect(stream.frames.map(({ text }) => text).join()).not.toContain('covert')
  })
})

it('a server key may ask for what a browser would be sent: to render a page on the server', async () => {
  const { status, body } = await ask({ targetingKey: 'u' }, 'none')
  expect(status).toBe(401)
  expect(body).toBeDefined()
  const min = await newestId()
  const answer = await fetch(`${jackstaff.url}/config/residual?min=${min}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serverKey}` },
    body: JSON.stringify({ context: { targetingKey: 'u' } }),
  })
  expect(Object.keys(((await answer.json()) as Residual).flags)).toEqual(['banner'])
})
