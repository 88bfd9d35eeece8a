import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { browserOf, personOf, withSql } from '../support/people'
import { until } from '../support/process'
import { openStream } from '../support/stream'

const KEYS = '/projects/shop/environments/production/keys'
const SHOP = 'https://shop.example.com'

let jackstaff: Jackstaff
let serverKey: string
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
})
afterAll(() => jackstaff?.stop())

const config = (key: string, headers: Record<string, string> = {}) =>
  fetch(`${jackstaff.url}/config`, { headers: { authorization: `Bearer ${key}`, ...headers } })

const idOf = (key: string) => key.split('_').slice(1, 3).join('_')

async function clientKey(origins: string[]): Promise<{ id: string; key: string }> {
  const made = await jackstaff.api('POST', KEYS, { kind: 'client', mode: 'full', name: 'pages', origins })
  expect(made.status).toBe(201)
  return made.body
}

describe('the origins of a client key', () => {
  it('are exact, few, and for client keys alone', async () => {
    const asks: [unknown, string[]][] = [
      ['client', ['https://shop.example.com/']],
      ['client', ['https://*.example.com/x']],
      ['client', ['shop.example.com']],
      ['client', ['javascript:alert(1)']],
      ['client', Array.from({ length: 21 }, (_, i) => `https://shop${i}.example.com`)],
      ['server', [SHOP]],
    ]
    for (const [kind, origins] of asks) {
      const refused = await jackstaff.api('POST', KEYS, { kind, name: 'x', origins })
      expect(refused.status, JSON.stringify(origins).slice(0, 60)).toBe(422)
      expect(refused.body.errors[0].path).toMatch(/^origins/)
    }
  })

  it('let their pages read, and no others; what is no browser is not kept out', async () => {
    const { key } = await clientKey([SHOP])
    const shop = await config(key, { origin: SHOP })
    expect(shop.status).toBe(200)
    expect(shop.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(shop.headers.get('vary')).toContain('Origin')
    expect(shop.headers.get('cache-control'), 'a shared cache asks nobody').not.toContain('public')
    const other = await config(key, { origin: 'https://shop.example.com.evil.example' })
    expect(other.status).toBe(403)
    expect((await other.json()).detail).toContain(SHOP)
    const plain = await config(key)
    expect(plain.status).toBe(200)
    expect(plain.headers.get('access-control-allow-origin')).toBeNull()
    for (const [method, path] of [
      ['POST', '/config/residual'],
      ['POST', '/ofrep/v1/evaluate/flags'],
      ['POST', '/telemetry'],
      ['GET', '/config/stream'],
      ['GET', '/ofrep/v1/events'],
    ] as const) {
      const headers = { authorization: `Bearer ${key}`, origin: 'https://evil.example' }
      const body = method === 'POST' ? '{}' : undefined
      const refused = await fetch(`${jackstaff.url}${path}`, { method, headers, body })
      expect(refused.status, path).toBe(403)
      await refused.body?.cancel()
    }
    const stream = new AbortController()
    const open = await fetch(`${jackstaff.url}/config/stream`, {
      headers: { authorization: `Bearer ${key}`, origin: SHOP },
      signal: stream.signal,
    })
    expect(open.headers.get('access-control-allow-origin')).toBe(SHOP)
    stream.abort()
  })

  it('change within a moment', async () => {
    const { id, key } = await clientKey([])
    const anyone = await config(key, { origin: 'https://new.example.com' })
    expect(anyone.headers.get('access-control-allow-origin')).toBe('*')
    const changed = await jackstaff.api('PATCH', `${KEYS}/${id}`, { origins: [SHOP, SHOP], name: 'Shop' })
    expect(changed.body).toMatchObject({ name: 'Shop', origins: [SHOP] })
    await until('the key to be read again', async () => {
      return (await config(key, { origin: 'https://new.example.com' })).status === 403
    })
    expect((await jackstaff.api('PATCH', `${KEYS}/${idOf(serverKey)}`, { origins: [SHOP] })).status).toBe(422)
  })
})

describe('rotating a key', () => {
  it('makes one like it; the old one works for the overlap, and its streams end with it', async () => {
    const { id, key } = await clientKey([SHOP])
    const rotated = await jackstaff.api('POST', `${KEYS}/${id}/rotate`, { overlapHours: 24 })
    expect(rotated.status).toBe(201)
    expect(rotated.body).toMatchObject({ kind: 'client', mode: 'full', name: 'pages', origins: [SHOP] })
    await until('the new key to be read', async () => (await config(rotated.body.key)).status === 200)
    expect((await config(key)).status).toBe(200)
    expect((await jackstaff.api('POST', `${KEYS}/${id}/rotate`, {})).status).toBe(409)
    const { body } = await jackstaff.api('GET', KEYS)
    const old = body.items.find((item: { id: string }) => item.id === id)
    expect(old).toMatchObject({ replacedBy: rotated.body.id, revokedAt: null })
    expect(Date.parse(old.expiresAt) - Date.now()).toBeLessThan(24.1 * 3_600_000)
    const stream = await openStream(jackstaff.url, rotated.body.key)
    await stream.next('put')
    await jackstaff.api('POST', `${KEYS}/${rotated.body.id}/rotate`, { overlapHours: 0 })
    await stream.next('bye')
    expect((await config(rotated.body.key)).status).toBe(401)
  })

  it('asks for a sign-in that is not long ago', async () => {
    const eve = await personOf(jackstaff, 'admin')
    await withSql(jackstaff, (sql) => sql`update session set authenticated_at = now() - interval '13 hours'`)
    const path = `${KEYS}/${idOf(serverKey)}/rotate`
    const refused = await browserOf(jackstaff, eve.cookie)('POST', path, {})
    expect(refused.body.code).toBe('sign_in_again')
  })
})

describe('a key in use', () => {
  it('that is secret and came from a page is refused, and the history says so, once an hour', async () => {
    const leaked = () => config(serverKey, { origin: 'https://leaky.example.com' })
    expect((await leaked()).status).toBe(403)
    const misuses = async () => (await jackstaff.api('GET', '/projects/shop/audit?action=key.misuse')).body
    await until('the entry', async () => (await misuses()).total === 1, 15_000)
    await leaked()
    expect((await config(serverKey)).status).toBe(200)
    const { items, total } = await misuses()
    expect(total).toBe(1)
    expect(items[0]).toMatchObject({
      actor: { kind: 'system' },
      target: `key:${idOf(serverKey)}`,
      environment: 'production',
      after: { origin: 'https://leaky.example.com' },
    })
  })

  it('says when it was used last; one that nobody uses does not', async () => {
    const idle = await clientKey([])
    expect((await config(serverKey)).status).toBe(200)
    await jackstaff.program.end() // what is not written yet is written then
    await jackstaff.startAgain()
    const { body } = await jackstaff.api('GET', KEYS)
    const used = Object.fromEntries(
      body.items.map((item: { id: string; lastUsedAt: string | null }) => [item.id, item.lastUsedAt]),
    )
    expect(Date.now() - Date.parse(used[idOf(serverKey)])).toBeLessThan(120_000)
    expect(used[idle.id]).toBeNull()
  })
})
