import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figure } from '../support/figure'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { start, until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream, type Stream } from '../support/stream'

// Ten times the requests that the API can answer, from a process that does not wait for answers.

const TIMES = 10
const SECONDS = inForm(4, 60)
const CAPACITY_MS = 1_500
const CLIENTS = 16
const KILL_MS = 1_000
const LONGEST_WAIT_MS = 30_000 // 5 s in the server, and the sender's own queue on the same cores

let jackstaff: Jackstaff
let serverKey: string
let stream: Stream
beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  stream = await openStream(jackstaff.url, serverKey)
  await stream.next('put')
})
afterAll(async () => {
  stream?.close()
  await jackstaff?.stop()
})

/** Answers a second, where clients ask again as soon as they are answered. */
async function capacity(): Promise<number> {
  const began = performance.now()
  let answered = 0
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() - began < CAPACITY_MS)
        if ((await jackstaff.api('GET', PRODUCTION)).status === 200) answered++
    }),
  )
  return answered / ((performance.now() - began) / 1_000)
}

type Flood = {
  sent: number
  unsent: number
  statuses: Record<string, number>
  withRetryAfter: number
  slowestMs: number
}

it(`${TIMES} times what the API can do: kills pass, others are answered or told to come back`, async () => {
  await capacity() // the first answers are slow
  const possible = await capacity()
  const args = [`${jackstaff.url}/api/v1${PRODUCTION}`, `Bearer ${jackstaff.token}`]
  const flood = start(
    process.execPath,
    ['tests/support/flood-process.mjs', ...args, String(Math.round(possible * TIMES)), String(SECONDS)],
    {},
  )
  const kills: number[] = []
  const configs: number[] = []
  while (flood.child.exitCode === null) {
    const began = performance.now()
    const killed = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'drill' })
    expect(killed.status).toBe(200)
    const frame = await until('the kill to be streamed', () =>
      stream.frames.find(({ data }) => data.to === killed.body.id),
    )
    kills.push(frame.at - began)
    await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${killed.body.id}"` })
    const asked = performance.now()
    expect((await raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) })).status).toBe(200)
    configs.push(performance.now() - asked)
    await sleep(100)
  }
  const { sent, unsent, statuses, withRetryAfter, slowestMs }: Flood = JSON.parse(flood.output())
  const { '200': good = 0, '429': limited = 0, '503': shed = 0 } = statuses
  const goodput = (good / SECONDS / possible) * 100
  kills.sort((a, b) => a - b)
  const [median, worst] = [kills[Math.floor(kills.length / 2)]!, kills.at(-1)!]
  console.log(
    `the API answers ${Math.round(possible)} requests a second; of ${sent + unsent} in ${SECONDS} s it answered ${good} ` +
      `(goodput ${Math.round(goodput)} %) and sent ${limited + shed} away, the slowest after ${Math.round(slowestMs)} ms; ` +
      `${kills.length} kills were streamed after ${Math.round(median)} ms at the median, ${Math.round(worst)} ms at most, configs served within ${Math.round(Math.max(...configs))} ms`,
  )
  figure('overload', `goodput at ${TIMES} times the capacity, sender on the same cores`, goodput, '%')
  figure('overload', 'until a kill is streamed, median', median, 'ms')
  figure('overload', 'until a kill is streamed, slowest', worst, 'ms')
  figure('overload', 'slowest answer to anyone, by the clock of a sender on the same cores', slowestMs, 'ms')
  expect(Object.keys(statuses).filter((status) => !['200', '429', '503'].includes(status))).toEqual([])
  expect(withRetryAfter).toBe(limited + shed)
  expect(limited + shed).toBeGreaterThan(0)
  expect(good).toBeGreaterThan(0)
  expect(median).toBeLessThan(KILL_MS)
  expect(slowestMs).toBeLessThan(LONGEST_WAIT_MS)
}, 300_000)
