import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Edge, startEdge } from '../support/edge'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

let jackstaff: Jackstaff
let edge: Edge
let keys: { serverKey: string; clientKey: string }
const streams: Stream[] = []

beforeAll(async () => {
  jackstaff = await startJackstaff()
  keys = await seedShop(jackstaff)
  edge = await startEdge(jackstaff)
})
afterAll(async () => {
  for (const stream of streams) stream.close()
  await edge?.program.end()
  await jackstaff?.stop()
})

const applied = (url: string, key: string, body: object) =>
  fetch(`${url}/telemetry`, {
    method: 'POST',
    headers: bearer(key),
    body: JSON.stringify({ batch: crypto.randomUUID(), client: 'test/1', ...body }),
  })

const reach = async (id: string) => {
  const version = id.split('.')[1]
  return (
    await jackstaff.api('GET', `/projects/shop/environments/production/versions/${version}/propagation`)
  ).body
}

async function kill(): Promise<string> {
  const { headers } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'test' })
  return headers.get('x-jackstaff-version')!.replace('production=', '')
}

describe('the receipts of a version', () => {
  it('add up what all nodes have brought to their streams, and what providers say they have applied', async () => {
    const opened = await Promise.all([
      openStream(jackstaff.url, keys.serverKey),
      openStream(jackstaff.url, keys.serverKey),
      openStream(edge.url, keys.serverKey),
      openStream(edge.url, keys.clientKey),
    ])
    streams.push(...opened)
    const hellos = await Promise.all(opened.map((stream) => stream.next('hello')))
    expect(hellos.map(({ data }) => data.ack)).toEqual([100, 100, 100, false])

    const id = await kill()
    await until('all to be reached', async () => (await reach(id)).reached === 4)
    expect(await reach(id)).toMatchObject({ nodes: 2, connected: 4, asked: 3, acked: 0, browsers: 0 })
    const told = await Promise.all([
      applied(jackstaff.url, keys.serverKey, { instance: 'instance-1', applied: id }),
      applied(jackstaff.url, keys.serverKey, { instance: 'instance-1', applied: id }),
      applied(edge.url, keys.serverKey, { instance: 'instance-2', applied: id }),
      applied(edge.url, keys.clientKey, { instance: 'browser-1', applied: id }),
      applied(edge.url, keys.serverKey, { instance: 'instance-3', applied: '1.1.00000000' }),
    ])
    expect(told.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
    await until('the words of providers', async () => (await reach(id)).acked === 2)
    expect(await reach(id)).toMatchObject({ asked: 3, acked: 2, browsers: 1, elapsedMs: expect.any(Number) })
  })

  it('are not impressed by an id that is none', async () => {
    const { status } = await applied(edge.url, keys.serverKey, { instance: 'instance-4', applied: 'newest' })
    expect(status).toBe(202)
    const short = await applied(edge.url, keys.serverKey, { instance: 'x', applied: '1.1.00000000' })
    expect(short.status).toBe(400)
    expect((await short.json()).detail).toMatch(/^instance: /)
  })

  it('say how ready a node is, and how many streams it holds', async () => {
    const { body } = await raw(`${edge.url}/readyz`)
    expect(JSON.parse(body.toString())).toMatchObject({
      status: 'ready',
      streams: 2,
      staleSince: null,
      staleMs: 0,
    })
  })
})
