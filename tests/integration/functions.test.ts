import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { freePort, type Program, start, until } from '../support/process'
import { bearer } from '../support/raw-http'

// Delivery as Next's own routes, the way serverless hosts run them: without server.ts, and so without streams.

let jackstaff: Jackstaff
let program: Program
let url: string
let serverKey: string
let clientKey: string

beforeAll(async () => {
  jackstaff = await startJackstaff()
  ;({ serverKey, clientKey } = await seedShop(jackstaff))
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag')! })
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const next = 'node_modules/next/dist/bin/next'
  program = start(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], jackstaff.env)
  await until(
    `next: ${program.output()}`,
    () =>
      fetch(`${url}/config`).then(
        ({ status }) => status === 401,
        () => false,
      ),
    60_000,
  )
}, 120_000)
afterAll(async () => {
  await program?.end()
  await jackstaff?.stop()
})

const evaluated = async () => {
  const answer = await fetch(`${url}/ofrep/v1/evaluate/flags/checkout`, {
    method: 'POST',
    headers: bearer(serverKey),
    body: JSON.stringify({ context: { targetingKey: 'ana' } }),
  })
  return ((await answer.json()) as { value: boolean }).value
}

describe('functions', () => {
  it('serve the config that a node with streams serves, and 304 for the same', async () => {
    const [ours, theirs] = await Promise.all(
      [url, jackstaff.url].map((at) => fetch(`${at}/config`, { headers: bearer(serverKey) })),
    )
    expect(await ours!.json()).toEqual(await theirs!.json())
    const tag = ours!.headers.get('etag')!
    expect(tag.replace('-identity', '-gzip')).toBe(theirs!.headers.get('etag'))
    const again = await fetch(`${url}/config`, { headers: { ...bearer(serverKey), 'if-none-match': tag } })
    expect(again.status).toBe(304)
    const flagd = await fetch(`${url}/flagd/shop/production.json`, { headers: bearer(serverKey) })
    expect(flagd.status).toBe(200)
  })

  it('evaluate, take counts, let pages in and know no wrong key', async () => {
    expect(await evaluated()).toBe(true)
    const counts = JSON.stringify({ batch: crypto.randomUUID(), client: 'openfeature-server/0.1.0' })
    const told = await fetch(`${url}/telemetry`, { method: 'POST', headers: bearer(serverKey), body: counts })
    expect(told.status).toBe(202)
    const huge = JSON.stringify({ batch: crypto.randomUUID(), client: 'x'.repeat(300_000) })
    const refused = await fetch(`${url}/telemetry`, {
      method: 'POST',
      headers: bearer(serverKey),
      body: huge,
    })
    expect(refused.status).toBe(413)
    const preflight = await fetch(`${url}/config?key=${clientKey}`, { method: 'OPTIONS' })
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect((await fetch(`${url}/config`, { headers: bearer('jks_srv_nobody') })).status).toBe(401)
  })

  it('follow a kill within the next look', async () => {
    await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'functions' })
    await until('the kill', async () => !(await evaluated()), 5_000)
  })

  it('say that streams are elsewhere', async () => {
    const answer = await fetch(`${url}/config/stream`, { headers: bearer(serverKey) })
    expect(answer.status).toBe(501)
    expect(((await answer.json()) as { detail: string }).detail).toContain('poll')
  })
})
