import { setTimeout as sleep } from 'node:timers/promises'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { type Client, OpenFeature } from '@openfeature/server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { isLong } from '../support/long-form'
import { type Heard, listen } from '../support/openfeature'
import { until } from '../support/process'
import { openStream, type Stream } from '../support/stream'

// An edge that stands still while its connections stay open, as in a paused container or on a machine that swaps.

const PROVIDERS = 5
const READERS = 20
const HEALTHY_MS = 1_000
const THAWED_MS = 1_000

let jackstaff: Jackstaff
let edge: Edge
let serverKey: string
let frozen: Stream[]
let healthy: Stream[]
const clients: Client[] = []
const heard: Heard[][] = []

const openSome = (url: string) =>
  Promise.all(Array.from({ length: READERS }, () => openStream(url, serverKey)))

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag')! })
  edge = await startEdge(jackstaff)
  frozen = await openSome(edge.url)
  healthy = await openSome(jackstaff.url)
  for (let i = 0; i < PROVIDERS; i++) {
    await OpenFeature.setProviderAndWait(
      `frozen ${i}`,
      new JackstaffProvider({ url: edge.url, key: serverKey }),
    )
    clients.push(OpenFeature.getClient(`frozen ${i}`))
    heard.push(listen(clients[i]!))
  }
})
afterAll(async () => {
  for (const stream of [...(frozen ?? []), ...(healthy ?? [])]) stream.close()
  await OpenFeature.clearProviders()
  await edge?.program.end('SIGKILL')
  await jackstaff?.stop()
})

const stand = (signal: 'SIGSTOP' | 'SIGCONT') => process.kill(edge.program.child.pid!, signal)
const answers = (fallback: boolean) =>
  Promise.all(clients.map((client) => client.getBooleanDetails('checkout', fallback)))

/** When each stream was told of an id, by `performance.now()`. */
const told = (streams: readonly Stream[], id: string) =>
  Promise.all(
    streams.map(async ({ frames }) => {
      const frame = await until(`word of ${id}`, () =>
        frames.find(({ data }) => [data.to, data.id].includes(id)),
      )
      return frame.at
    }),
  )

/** Asks every provider all the time; answers how often. */
async function askFor(ms: number): Promise<number> {
  const end = performance.now() + ms
  let asked = 0
  while (performance.now() < end) {
    for (const { value, errorCode } of await answers(false)) {
      asked++
      expect([value, errorCode]).toEqual([true, undefined])
    }
    await sleep(10)
  }
  return asked
}

const lift = (id: string) =>
  jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${id}"` })

const SHORTLY = ['for 3 s', 3_000, []] as const
const LONGER = ['for longer than two and a half heartbeats', 28_000, ['STALE']] as const

describe.each(isLong ? [SHORTLY, LONGER] : [SHORTLY])('an edge that stands still %s', (_, ms, events) => {
  it('delays what its own readers hear, and nobody else', async () => {
    for (const each of heard) each.splice(0)
    stand('SIGSTOP')
    const began = performance.now()
    const { body } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'now' })
    const spared = Math.max(...(await told(healthy, body.id))) - began
    const asked = await askFor(ms - (performance.now() - began))
    expect(frozen.some(({ frames }) => frames.some(({ data }) => data.to === body.id))).toBe(false)
    const meanwhile = heard.map((each) => each.map(({ event }) => event))
    const thawed = performance.now()
    stand('SIGCONT')
    const late = Math.max(...(await told(frozen, body.id))) - thawed
    await until(
      'every provider to serve the kill',
      async () =>
        (await answers(true)).every(({ value, reason }) => value === false && reason === 'DISABLED'),
      40_000,
    )
    const converged = performance.now() - thawed
    await until(
      'every provider to be ready',
      () => clients.every(({ providerStatus }) => providerStatus === 'READY'),
      40_000,
    )
    const ready = performance.now() - thawed
    console.log(
      `an edge stood still ${Math.round(ms / 1_000)} s: readers elsewhere heard of a kill after ${Math.round(spared)} ms, ` +
        `its own ${Math.round(late)} ms after it went on, its providers served it after ${Math.round(converged)} ms and ` +
        `were READY after ${Math.round(ready)} ms; of ${asked} evaluations meanwhile none failed; they heard ${meanwhile[0]}`,
    )
    figure(
      'node-frozen',
      `until its readers hear of a kill, once it goes on after ${Math.round(ms / 1_000)} s`,
      late,
      'ms',
    )
    expect(spared).toBeLessThan(HEALTHY_MS)
    expect(late).toBeLessThan(THAWED_MS)
    for (const each of meanwhile) expect(each).toEqual(events)
    expect([...frozen, ...healthy].some((stream) => stream.ended())).toBe(false)
    await lift(body.id)
    await until('every provider to serve the flag', async () =>
      (await answers(false)).every(({ value }) => value),
    )
  }, 120_000)
})
