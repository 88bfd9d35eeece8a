import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nginx, startNginx } from '../support/deployed-nginx'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { type Relay, relayTo } from '../support/relay'
import { openStream } from '../support/stream'

// A cache in front of edges, by the file that is shipped: deploy/nginx/nginx.conf.

const KILL_MS = 1_000

let jackstaff: Jackstaff
let edge: Edge
let relay: Relay
let nginx: Nginx
let keys: Awaited<ReturnType<typeof seedShop>>

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
  edge = await startEdge(jackstaff)
  relay = await relayTo(edge.url) // counts what nginx asks an edge for
  nginx = await startNginx('nginx', '127.0.0.1:8081', {
    '127.0.0.1:3001': new URL(relay.url).host,
    '127.0.0.1:3002': new URL(relay.url).host,
    '/var/cache/nginx/jackstaff': '{folder}/run/cache',
  })
})
afterAll(async () => {
  await nginx?.stop()
  relay?.close()
  await edge?.program.end()
  await jackstaff?.stop()
})

async function clientKey(mode = 'full'): Promise<{ id: string; key: string }> {
  const path = '/projects/shop/environments/production/keys'
  return (await jackstaff.api('POST', path, { kind: 'client', mode, name: 'page' })).body
}

const asked = (path: string) => relay.paths.filter((one) => one === path).length
const byPage = (key: string, headers: Record<string, string> = {}) =>
  raw(`${nginx.url}/config?key=${key}`, { headers })
const byServer = (key: string) => raw(`${nginx.url}/config`, { headers: bearer(key) })

async function publish(percent: number): Promise<string> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(percent), { 'if-match': headers.get('etag')! })
  return answer.headers.get('x-jackstaff-version')!.replace('production=', '')
}

describe('nginx in front of edges', () => {
  it('asks an edge once for a crowd of pages', async () => {
    const { key } = await clientKey()
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        byPage(key, { 'accept-encoding': at % 2 ? 'gzip, deflate, br' : 'br' }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ headers }) => headers['content-encoding']))).toEqual(new Set(['br']))
    expect(answers.every(({ body }) => body.equals(answers[0]!.body))).toBe(true)
    expect(asked(`/config?key=${key}`)).toBe(1)
  })

  it('serves each coding as the edge has made it, and none that is refused', async () => {
    const { key } = await clientKey()
    const codings = ['br', 'gzip', 'gzip;q=0, br;q=0', undefined]
    for (const coding of [...codings, ...codings]) {
      const headers: Record<string, string> = coding === undefined ? {} : { 'accept-encoding': coding }
      const direct = await raw(`${edge.url}/config?key=${key}`, { headers })
      const cached = await byPage(key, headers)
      expect(cached.headers['content-encoding']).toBe(direct.headers['content-encoding'])
      expect(cached.headers.etag).toBe(direct.headers.etag)
      expect(cached.body.equals(direct.body)).toBe(true)
    }
    expect(asked(`/config?key=${key}`)).toBe(3)
  })

  it('is asked again after a second, and has the new version', async () => {
    const { key } = await clientKey()
    await byPage(key)
    const id = await publish(21)
    await until('the new version', async () => JSON.parse((await byPage(key)).body.toString()).id === id)
    const again = await byPage(key, { 'if-none-match': (await byPage(key)).headers.etag! })
    expect(again.status).toBe(304)
  })

  it('keeps nothing of server keys, and answers each key with its own', async () => {
    const { clientKey: page, serverKey } = keys
    const [first, second] = [await byServer(serverKey), await byServer(serverKey)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(first.headers['cache-control']).toBe('private, no-cache')
    expect(asked('/config')).toBe(2)
    expect((await raw(`${nginx.url}/config`)).status).toBe(401)
    expect((await byServer(`${serverKey.slice(0, -3)}xyz`)).status).toBe(401)
    const viewOf = ({ headers }: { headers: { etag?: string } }) => headers.etag!.split('-')[1]
    expect([viewOf(await byPage(page)), viewOf(await byServer(serverKey))]).toEqual(['full', 'server'])
    // A key in a header decides: it is not answered with what is kept under the address, and changes nothing there.
    const { key: fresh } = await clientKey()
    expect(viewOf(await byPage(fresh))).toBe('full')
    const mixed = await raw(`${nginx.url}/config?key=${fresh}`, { headers: bearer(serverKey) })
    expect(viewOf(mixed)).toBe('server')
    expect(viewOf(await byPage(fresh))).toBe('full')
  })

  it('forgets a key that was revoked when the edges say that what it has is too old', async () => {
    const { id, key } = await clientKey()
    expect((await byPage(key)).status).toBe(200)
    await jackstaff.api('DELETE', `/projects/shop/environments/production/keys/${id}`)
    await until('it to be refused', async () => (await byPage(key)).status === 401, 45_000)
  })

  it('passes streams on as they come, and hangs up with the client', async () => {
    const stream = await openStream(nginx.url, keys.serverKey)
    await stream.next('put')
    const began = performance.now()
    const answer = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
    const { data, at } = await stream.next('patch')
    expect(data.killed).toEqual(['checkout'])
    expect(at - began).toBeLessThan(KILL_MS)
    await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, {
      'if-match': answer.headers.get('etag')!,
    })
    stream.close()
    const streams = async () => JSON.parse((await raw(`${edge.url}/readyz`)).body.toString()).streams
    await until('the edge to have none', async () => (await streams()) === 0)
  })

  it('serves on what it has with every edge gone, and says 502 for what it has not', async () => {
    const { key } = await clientKey()
    const { key: unseen } = await clientKey()
    const before = await byPage(key)
    await edge.program.end('SIGKILL')
    const hit = async () => (await byPage(key)).headers['x-cache']
    await until('the cached answer to be old', async () =>
      ['STALE', 'UPDATING'].includes(String(await hit())),
    )
    const after = await byPage(key)
    expect([after.status, after.headers.etag]).toEqual([200, before.headers.etag])
    expect((await byPage(unseen)).status).toBe(502)
    expect((await byServer(keys.serverKey)).status).toBe(502)
  })
})
