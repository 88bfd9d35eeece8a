import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiOf } from '../support/api'
import { type Deployed, deployed } from '../support/deployed'
import { figure } from '../support/figure'
import { Fleet } from '../support/fleet'
import { type Follower, followStream } from '../support/follower'
import { judged, SOUND } from '../support/history'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff, whenReady } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { freePort, type Program, start, until } from '../support/process'
import { bearer, raw } from '../support/raw-http'

// Three whole nodes behind one balancer are replaced one after the other, while somebody writes and everyone evaluates.

const PROVIDERS = inForm(100, 1_000)
const READERS = 20
const HEALTHY_KILLS = inForm(3, 20)
const REPLACED = inForm(3, 9) // nodes, one after the other
const KILL_MS = 1_000
const CONVERGED_MS = 5_000
const BUSY = '/projects/shop/flags/busy/environments/production'

let jackstaff: Jackstaff
let files: Deployed
let balancer: Program
let address: string
let nodes: { url: string; program: Program }[]
let fleet: Fleet
let followers: Follower[] = []
const acknowledged: string[] = []

async function node(url: string): Promise<{ url: string; program: Program }> {
  const { port } = new URL(url)
  const program = start(process.execPath, ['dist/server.mjs'], {
    ...jackstaff.env,
    PORT: port,
    PUBLIC_URL: url,
  })
  await whenReady(url, program)
  return { url, program }
}

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { serverKey } = await seedShop(jackstaff)
  await jackstaff.api('POST', '/projects/shop/flags', { key: 'busy', name: 'Busy', type: 'boolean' })
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  await jackstaff.api('PUT', PRODUCTION, share(100), { 'if-match': headers.get('etag')! })
  nodes = [jackstaff]
  for (let n = 0; n < 2; n++) nodes.push(await node(`http://127.0.0.1:${await freePort()}`))
  const [one, two, three] = nodes.map(({ url }) => new URL(url).host)
  const port = await freePort()
  const check = 'check inter 250ms fall 1'
  files = deployed('haproxy', {
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    '127.0.0.1:3001': one!,
    '127.0.0.1:3002': `${two}\n  server edge-3 ${three}`,
    '127.0.0.1:3000 check inter 1s': `${one} ${check}\n  server b ${two} ${check}\n  server c ${three} ${check}`,
    'maxconn 50000': 'maxconn 4000',
  })
  address = `http://127.0.0.1:${port}`
  balancer = start('haproxy', ['-db', '-f', join(files.folder, 'haproxy.cfg')], {})
  const ready = () =>
    raw(`${address}/config`, { headers: bearer(serverKey) }).then(
      ({ status }) => status === 200,
      () => false,
    )
  await until(`haproxy: ${balancer.output()}`, ready)
  followers = Array.from({ length: READERS }, () => followStream(address, serverKey))
  fleet = await Fleet.of(PROVIDERS, address, serverKey)
  await until('all streams', () => followers.every((follower) => follower.id() !== undefined))
}, 180_000)
afterAll(async () => {
  for (const follower of followers) follower.close()
  await fleet?.close()
  await balancer?.end()
  for (const { program } of nodes ?? []) await program.end()
  await jackstaff?.stop()
  files?.remove()
})

const idOf = (headers: Headers) => headers.get('x-jackstaff-version')!.replace('production=', '')

/** Asks until there is an answer for good: a repeated request has one effect. */
async function insist(method: string, path: string, body?: unknown, tag?: string): Promise<Headers> {
  const key = { 'idempotency-key': crypto.randomUUID(), ...(tag === undefined ? {} : { 'if-match': tag }) }
  return until(
    `an answer to ${method} ${path}`,
    async () => {
      const answer = await apiOf(address, jackstaff.token)(method, path, body, key).catch(() => null)
      if (answer !== null && answer.status < 300) return answer.headers
      expect([undefined, 409, 502, 503, 504]).toContain(answer?.status)
    },
    20_000,
  )
}

/** Makes the change, and waits for every provider; answers with when each heard, in milliseconds from the request. */
async function changed(to: boolean, change: () => Promise<Headers>) {
  fleet.expect(to)
  const began = performance.now()
  const headers = await change()
  acknowledged.push(idOf(headers))
  const heard = await until('every provider to hear of it', () => fleet.heard(), 40_000)
  return { headers, times: heard.map((at) => at - began) }
}

async function killed(): Promise<number[]> {
  const kill = () => insist('PUT', `${PRODUCTION}/kill`, { reason: 'drill' })
  const { headers, times } = await changed(false, kill)
  await changed(true, () => insist('DELETE', `${PRODUCTION}/kill`, undefined, headers.get('etag')!))
  return times
}

const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b)
const at = (share: number, times: readonly number[]) =>
  Math.round(sorted(times)[Math.ceil(times.length * share) - 1]!)

it(`kills reach ${PROVIDERS} providers within a second`, async () => {
  const last: number[] = []
  for (let n = 0; n < HEALTHY_KILLS; n++) last.push(Math.max(...(await killed())))
  console.log(
    `kills reached the last of ${PROVIDERS} providers behind HAProxy after ${last.map(Math.round)} ms`,
  )
  figure(
    'K1',
    `last of ${PROVIDERS} providers behind HAProxy, slowest of ${HEALTHY_KILLS} kills`,
    Math.max(...last),
    'ms',
  )
  expect(at(0.5, last)).toBeLessThan(KILL_MS)
}, 120_000)

it(`a rolling restart costs no evaluation, no version and no acknowledged write`, async () => {
  let writing = true
  const writer = (async () => {
    for (let percent = 1; writing; percent = (percent % 99) + 1) {
      const { headers } = await apiOf(address, jackstaff.token)('GET', BUSY).catch(() => ({ headers: null }))
      const tag = headers?.get('etag')
      if (tag) acknowledged.push(idOf(await insist('PUT', BUSY, share(percent + Math.random() / 2), tag)))
      await sleep(20)
    }
  })()
  const times: number[] = []
  for (let turn = 0; turn < REPLACED; turn++) {
    const index = turn % nodes.length
    const ending = nodes[index]!.program.end('SIGTERM')
    times.push(...(await killed()))
    await ending
    nodes[index] = await node(nodes[index]!.url)
    times.push(...(await killed()))
  }
  writing = false
  await writer
  const began = performance.now()
  const { headers: last } = await changed(false, () =>
    insist('PUT', `${PRODUCTION}/kill`, { reason: 'the end' }),
  )
  const id = idOf(last)
  await until('all readers', () => followers.every((follower) => follower.id() === id), 40_000)
  const converged = performance.now() - began
  const within = (times.filter((ms) => ms < KILL_MS).length / times.length) * 100
  console.log(
    `${REPLACED} nodes replaced under ${acknowledged.length} writes: of ${fleet.asked} evaluations ${fleet.failed} failed; ` +
      `kills meanwhile p50 ${at(0.5, times)} ms, p99 ${at(0.99, times)} ms, last ${at(1, times)} ms, ${within.toFixed(1)} % within a second`,
  )
  figure('rolling-restart', `failed evaluations of ${fleet.asked} by ${PROVIDERS} providers`, fleet.failed)
  figure('rolling-restart', 'until a kill arrives meanwhile, p50', at(0.5, times), 'ms')
  figure('rolling-restart', 'until a kill arrives meanwhile, p99', at(0.99, times), 'ms')
  figure('S4', 'until everyone follows after a rolling restart', converged, 'ms')
  expect(fleet.failed).toBe(0)
  expect(at(0.5, times)).toBeLessThan(KILL_MS)
  expect(converged).toBeLessThan(CONVERGED_MS)
  const verdict = await judged(jackstaff, { acknowledged, followers })
  figure('rolling-restart', 'versions that a reader missed', verdict.missed.length)
  figure('S2', `steps back of ${READERS} readers over a rolling restart`, verdict.back.length)
  expect(verdict).toEqual(SOUND)
}, 900_000)
