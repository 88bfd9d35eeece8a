import { setTimeout as sleep } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareIds } from '@/lib/evaluation'
import { newToken } from '@/lib/token'
import { parsedOf, patched, seen } from '../support/follow'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { bearer, type Raw, raw, type Sent } from '../support/raw-http'
import { openStream } from '../support/stream'

let jackstaff: Jackstaff
let serverKey: string
let clientKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey, clientKey } = await seedShop(jackstaff))
})
afterAll(() => jackstaff?.stop())

const KEYS = '/projects/shop/environments/production/keys'
const NEVER_HELD = '1.1.ffffffff'

const ask = (path: string, key: string, headers: Record<string, string> = {}, rest: Sent = {}) =>
  raw(`${jackstaff.url}${path}`, { ...rest, headers: { ...bearer(key), ...headers } })
const body = (answer: Raw) => JSON.parse(answer.body.toString('utf8'))
const held = async (key = serverKey) => body(await ask('/config', key))

let published = 0

/** Publishes a share of everyone that was not there before, and answers with the id of the version. */
async function publish(): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const next = share(++published / 100)
  const answer = await jackstaff.api('PUT', PRODUCTION, next, { 'if-match': headers.get('etag')! })
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

/** A config that is as new as the version at least. */
const holding = async (id: string, key = serverKey) => body(await ask(`/config?min=${id}`, key))

describe('/config', () => {
  it('is the compiled config of the environment that the key belongs to', async () => {
    const id = await publish()
    const answer = await ask(`/config?min=${id}`, serverKey)
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(answer.headers.etag).toBe(`"${id}-server-identity"`)
    expect(body(answer)).toMatchObject({ schema: 1, flagSetId: 'shop/production', id, killed: [] })
    expect(body(answer).flags.checkout.fallthrough.rollout.share).toBe(10)
    expect(parsedOf(body(answer)).malformed()).toEqual({})
  })

  it.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['GZIP ; q=0.3', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0, br;q=0.000', undefined],
    ['deflate, zstd', undefined],
    ['xbr, brx', undefined],
    ['', undefined],
  ])('to who accepts "%s" comes as %s', async (accept, coding) => {
    const answer = await ask('/config', serverKey, { 'accept-encoding': accept })
    expect(answer.headers['content-encoding']).toBe(coding)
    expect(answer.headers.vary).toBe('Accept-Encoding')
    const decode = { br: brotliDecompressSync, gzip: gunzipSync }[coding ?? ''] ?? ((bytes: Buffer) => bytes)
    expect(JSON.parse(decode(answer.body).toString('utf8'))).toEqual(await held())
  })

  it('is not sent again to who holds it, whatever coding it came in', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(
        async (coding) => (await ask('/config', serverKey, { 'accept-encoding': coding })).headers.etag!,
      ),
    )
    expect(new Set(tags).size).toBe(3)
    for (const tag of [...tags, `W/${tags[0]}`, `"other", ${tags[1]}`])
      for (const coding of ['br', 'gzip', 'identity']) {
        const answer = await ask('/config', serverKey, { 'if-none-match': tag, 'accept-encoding': coding })
        expect([answer.status, answer.body.length], `${tag} in ${coding}`).toEqual([304, 0])
        expect(answer.headers.etag).toBe(tags[['br', 'gzip', 'identity'].indexOf(coding)])
      }
    expect((await ask('/config', clientKey, { 'if-none-match': tags[2]! })).status).toBe(200)
    const id = await publish()
    const next = await ask(`/config?min=${id}`, serverKey, { 'if-none-match': tags.join(', ') })
    expect(next.status).toBe(200)
  })

  it('says the same of a state that is held, whichever way the question is put', async () => {
    await holding(await publish())
    for (const [key, coding] of [
      [serverKey, 'gzip'],
      [serverKey, 'identity'],
      [clientKey, 'br'],
    ] as const) {
      const accept = { 'accept-encoding': coding }
      const { etag } = (await ask('/config', key, accept)).headers
      const asked = (tag: string) => ask('/config', key, { ...accept, 'if-none-match': tag })
      const told = async (tag: string) => {
        const { status, headers } = await asked(tag)
        const { date, ...rest } = headers
        expect(rest['x-content-type-options']).toBe('nosniff')
        return { status, headers: rest }
      }
      const short = await told(etag!)
      expect(short).toMatchObject({ status: 304, headers: { etag } })
      expect(await told(`"another", W/${etag}`)).toEqual(short)
      expect(
        (await ask('/config', `${key.slice(0, -9)}000000000`, { ...accept, 'if-none-match': etag! })).status,
      ).toBe(401)
      await publish()
      expect(
        (await ask(`/config?min=${await publish()}`, key, { ...accept, 'if-none-match': etag! })).status,
      ).toBe(200)
      expect((await told(etag!)).status).toBe(200)
    }
  })

  it('is refused to pages that show a server key, held or not', async () => {
    const { etag } = (await ask('/config', serverKey)).headers
    const page = { origin: 'https://shop.example', 'if-none-match': etag! }
    expect((await ask('/config', serverKey, page)).status).toBe(403)
  })

  it('may be kept by nobody but the server it is for; by a CDN for a second where browsers see it', async () => {
    expect((await ask('/config', serverKey)).headers['cache-control']).toBe('private, no-cache')
    expect((await ask('/config', clientKey)).headers['cache-control']).toMatch(/^public, .*s-maxage=1\b/)
    expect((await ask('/config?since=1.0.00000000', clientKey)).headers['cache-control']).toBe('no-store')
  })

  it('answers HEAD as GET, without the body', async () => {
    const [get, head] = [
      await ask('/config', serverKey),
      await ask('/config', serverKey, {}, { method: 'HEAD' }),
    ]
    expect(head).toMatchObject({ status: 200, headers: { etag: get.headers.etag } })
    expect(head.headers['content-length']).toBe(String(get.body.length))
    expect(head.body.length).toBe(0)
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('does not answer %s', async (method) => {
    const answer = await ask('/config', serverKey, {}, { method })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET' } })
    expect((await ask('/config/stream', serverKey, {}, { method })).status).toBe(405)
  })

  it('can be read by a page of any origin with a client key, and by none with a server key', async () => {
    const preflight = await raw(`${jackstaff.url}/config`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, if-none-match',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe('*')
    expect(preflight.headers['access-control-allow-headers']).toMatch(/Authorization.*If-None-Match/)
    const page = await ask('/config', clientKey, { origin: 'https://shop.example' })
    expect(page.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('ETag'),
    })
    expect((await ask('/config', serverKey)).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('opens to a client key in the address', async () => {
    const answer = await raw(`${jackstaff.url}/config?key=${clientKey}`)
    expect(answer.status).toBe(200)
    expect(body(answer)).toEqual(await held(clientKey))
  })
})

describe('/config?since=', () => {
  it('leads from any version held to the newest, by patches that follow each other', async () => {
    const start = parsedOf(await held())
    let id = ''
    for (let i = 0; i < 3; i++) id = await publish()
    const { patches } = body(await ask(`/config?since=${start.id}&min=${id}`, serverKey))
    expect(patches).toHaveLength(3)
    expect(seen(patches.reduce(patched, start))).toEqual(seen(parsedOf(await held())))
    expect(body(await ask(`/config?since=${id}`, serverKey))).toEqual({ patches: [] })
  })

  it('is gone where that way is not held: another history, a future, another epoch', async () => {
    const [, version] = (await held()).id.split('.').map(Number)
    for (const id of [NEVER_HELD, `1.${version + 1}.00000000`, `2.1.00000000`]) {
      const answer = await ask(`/config?since=${id}`, serverKey)
      expect(answer.status, id).toBe(410)
      expect(body(answer).detail).toContain('fetch the whole config')
    }
  })
})

describe('/config?min=', () => {
  it('waits for a version that was just published', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await publish()
      expect(compareIds((await holding(id)).id, id)).toBe(0)
    }
  })

  it('gives up on one that does not come, and says when to ask again', async () => {
    const began = performance.now()
    const answer = await ask('/config?min=1.999999.00000000', serverKey)
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(performance.now() - began).toBeGreaterThan(250)
  })

  it.each(['1', '1.2', 'x.y.z', '1.2.0a1b2c3', '-1.2.0a1b2c3d', '01.2.0a1b2c3d', '', '1.2.0A1B2C3D'])(
    'refuses the malformed id "%s", and so does since',
    async (id) => {
      for (const name of ['min', 'since']) {
        const answer = await ask(`/config?${name}=${encodeURIComponent(id)}`, serverKey)
        expect(answer.status, name).toBe(400)
        expect(answer.headers['content-type']).toBe('application/problem+json')
        expect(body(answer).detail).toContain(name)
      }
    },
  )
})

describe('a key', () => {
  const serviceToken = newToken('svc').token
  const unknownKey = newToken('srv').token

  it.each([
    ['none', {}, 'Authorization: Bearer'],
    ['of another scheme', { authorization: 'Basic eDp5' }, 'Authorization: Bearer'],
    ['that is no key of ours', bearer('secret'), 'not a Jackstaff key'],
    ['that was cut short', bearer(unknownKey.slice(0, -1)), 'cut short'],
    ['with a changed letter', bearer(unknownKey.replace(/.$/, (c) => (c === '0' ? '1' : '0'))), 'cut short'],
    ['of another installation', bearer(unknownKey), 'another installation'],
    ['that is a service token', bearer(serviceToken), 'SDK key of the environment'],
  ])('%s is refused in words', async (_, headers, words) => {
    for (const path of ['/config', '/config/stream']) {
      const answer = await raw(`${jackstaff.url}${path}`, { headers: headers as Record<string, string> })
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
      expect(body(answer).detail).toContain(words)
    }
  })

  it('that is secret is refused in an address and from a browser, and never works there', async () => {
    const inUrl = await raw(`${jackstaff.url}/config?key=${serverKey}`)
    expect([inUrl.status, body(inUrl).title]).toEqual([403, 'Secret key in a URL'])
    const page = await ask('/config', serverKey, { origin: 'https://shop.example' })
    expect([page.status, body(page).title]).toEqual([403, 'Secret key in a browser'])
    expect((await raw(`${jackstaff.url}/config/stream?key=${serverKey}`)).status).toBe(403)
  })

  it('opens from the moment it was made, even while others publish', async () => {
    let busy = true
    const publishing = (async () => {
      while (busy) await publish()
    })()
    const statuses: number[] = []
    for (let i = 0; i < 40; i++) {
      const { body: made } = await jackstaff.api('POST', KEYS, { kind: 'server', name: `key ${i}` })
      statuses.push((await ask('/config', made.key)).status)
    }
    busy = false
    await publishing
    expect(statuses.filter((status) => status !== 200)).toEqual([])
  })

  it('opens its own environment and no other', async () => {
    const staging = await jackstaff.api('POST', '/projects/shop/environments/staging/keys', {
      kind: 'server',
      name: 'staging',
    })
    expect((await held(staging.body.key)).flagSetId).toBe('shop/staging')
  })

  it('is refused once it is revoked, and the streams it opened are closed within a second', async () => {
    const { body: made } = await jackstaff.api('POST', KEYS, { kind: 'server', name: 'to revoke' })
    const streams = await Promise.all([1, 2, 3].map(() => openStream(jackstaff.url, made.key)))
    const other = await openStream(jackstaff.url, serverKey)
    const began = performance.now()
    await jackstaff.api('DELETE', `${KEYS}/${made.id}`)
    for (const stream of streams) expect((await stream.next('bye', 1_000)).data.reason).toBe('revoked')
    console.log(`a revoked key's streams said goodbye after ${Math.round(performance.now() - began)} ms`)
    await expect.poll(() => streams.every((stream) => stream.ended()), { timeout: 1_000 }).toBe(true)
    expect((await ask('/config', made.key)).status).toBe(401)
    expect((await ask('/config/stream', made.key)).status).toBe(401)
    const id = await publish()
    expect((await other.next('patch')).data.to).toBe(id)
    other.close()
  })

  it('is refused once it has expired, and its stream ends', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString()
    const { body: made } = await jackstaff.api('POST', KEYS, { kind: 'server', name: 'short', expiresAt })
    const stream = await openStream(jackstaff.url, made.key)
    expect((await ask('/config', made.key)).status).toBe(200)
    await sleep(1_600)
    expect((await ask('/config', made.key)).status).toBe(401)
    expect((await stream.next('bye', 11_000)).data.retry).toBeGreaterThan(0)
    await expect.poll(() => stream.ended(), { timeout: 1_000 }).toBe(true)
  })
})
