import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { type Follower, followStream } from '../support/follower'
import { judged, SOUND } from '../support/history'
import { type Jackstaff, PRODUCTION, seedShop, startJackstaff } from '../support/jackstaff'
import { inForm } from '../support/long-form'
import { until } from '../support/process'

// Everyone who follows an edge is dropped at once, and comes back at once.

const STREAMS = inForm(300, 5_000)
const AT_ONCE = 500
const CONVERGED_MS = 1_000 * inForm(10, 30) // an edge lets in 1,000 a second; the readers share its cores

let jackstaff: Jackstaff
let edge: Edge
const followers: Follower[] = []

beforeAll(async () => {
  jackstaff = await startJackstaff()
  const { serverKey } = await seedShop(jackstaff)
  edge = await startEdge(jackstaff)
  while (followers.length < STREAMS) {
    const some = Math.min(AT_ONCE, STREAMS - followers.length)
    followers.push(...Array.from({ length: some }, () => followStream(edge.url, serverKey)))
    await until('all streams', () => followers.every((follower) => follower.id() !== undefined), 60_000)
  }
}, 300_000)
afterAll(async () => {
  for (const follower of followers) follower.close()
  await edge?.program.end('SIGKILL')
  await jackstaff?.stop()
})

it(`${STREAMS} streams that are dropped at once come back, and miss nothing`, async () => {
  const acknowledged: string[] = []
  const kill = async () => {
    const { headers } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'drill' })
    const id = headers.get('x-jackstaff-version')!.replace('production=', '')
    acknowledged.push(id)
    return id
  }
  await edge.program.end('SIGKILL')
  const id = await kill()
  edge = await startEdge(jackstaff, { PORT: new URL(edge.url).port })
  const began = performance.now()
  await until('everyone to hold it', () => followers.every((each) => each.id() === id), 120_000)
  const taken = performance.now() - began
  console.log(
    `${STREAMS} streams dropped at once were back, with what they missed, after ${Math.round(taken)} ms`,
  )
  figure('herd', `until ${STREAMS} streams are back and current`, taken, 'ms')
  figure('S4', `until everyone follows after ${STREAMS} streams were dropped at once`, taken, 'ms')
  const verdict = await judged(jackstaff, { acknowledged, followers })
  figure('herd', `versions that one of ${STREAMS} missed`, verdict.missed.length)
  expect(verdict).toEqual(SOUND)
  expect(taken).toBeLessThan(CONVERGED_MS)
}, 300_000)
