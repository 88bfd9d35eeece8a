import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '@/db/client'
import { type Edge, startEdge } from '../support/edge'
import { figure } from '../support/figure'
import { follow } from '../support/follow'
import { type Jackstaff, seedShop, startJackstaff } from '../support/jackstaff'
import { until } from '../support/process'
import { bearer, open } from '../support/raw-http'
import { silentPublisher } from '../support/silent-publisher'
import { framesOf, openStream, type Stream } from '../support/stream'

// Readers that take nothing cost a node no more than 64 KB and a frame each, are cut, and harm nobody else.

const SLOW = 500
const HEALTHY = 50
const COME_BACK = 100 // of the slow ones; each then reads the 4 MB that the kernel held for it
const VALUE_BYTES = 24_000 // a patch of 24 KB, just below what a frame may hold
const MOST_PUBLISHES = 400 // the kernel's buffers on both sides are filled first
const GROWTH_BYTES = SLOW * 100 * 1024
const LAG_MS = 1_000

let jackstaff: Jackstaff
let edge: Edge
let serverKey: string
let publisher: Awaited<ReturnType<typeof silentPublisher>>
let sql: ReturnType<typeof connect>
let healthy: Stream[]
let slow: IncomingMessage[]
const lags: number[] = []

const readSlowly = () => open(`${edge.url}/config/stream`, { headers: bearer(serverKey) })
const readWell = (lastId?: string) => openStream(edge.url, serverKey, lastId)

beforeAll(async () => {
  jackstaff = await startJackstaff()
  serverKey = (await seedShop(jackstaff)).serverKey
  edge = await startEdge(jackstaff)
  sql = connect(jackstaff.databaseUrl, { max: 1 })
  publisher = await silentPublisher(jackstaff.databaseUrl, 'production')
  healthy = await Promise.all(Array.from({ length: HEALTHY }, () => readWell()))
})
afterAll(async () => {
  for (const stream of healthy ?? []) stream.close()
  await publisher?.close()
  await sql?.end()
  await edge?.program.end()
  await jackstaff?.stop()
})

const rss = () => {
  const [, kB] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${edge.program.child.pid}/status`, 'utf8'))!
  return Number(kB) * 1024
}
const MB = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`

async function connected(): Promise<number> {
  const [row] = await sql`select coalesce(sum(connected), 0)::int as connected from receipt`
  return row!.connected
}

let published = 0

/** A version with one large flag, in the hands of every healthy reader. */
async function publish(): Promise<string> {
  const value = `${++published}${'.'.repeat(VALUE_BYTES)}`
  const flag = {
    type: 'string',
    version: published,
    on: true,
    variants: { large: value },
    fallthrough: { variant: 'large' },
  }
  const id = await publisher.publish({ flags: { large: flag as never }, browser: { large: false } })
  const began = performance.now()
  await publisher.notify()
  for (const stream of healthy) {
    const frame = await until(`${id} on a healthy stream`, () =>
      stream.frames.find(({ data }) => data.to === id),
    )
    lags.push(frame.at - began)
  }
  return id
}

it(`cuts ${SLOW} that never read, and ${HEALTHY} that do notice nothing`, async () => {
  for (let i = 0; i < 20; i++) await publish()
  slow = await Promise.all(Array.from({ length: SLOW }, readSlowly))
  await until('all to be counted', async () => (await connected()) === SLOW + HEALTHY)
  const before = rss()
  let most = before
  let last = ''
  while (published < MOST_PUBLISHES && (await connected()) > HEALTHY) {
    last = await publish()
    most = Math.max(most, rss())
  }
  await until('the slow ones to be cut', async () => (await connected()) === HEALTHY)
  const sent = published
  for (let i = 0; i < 20; i++) last = await publish()
  const after = rss()

  const sorted = lags.sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1]!)
  console.log(
    `${SLOW} slow readers were cut after ${sent - 20} patches of 24 KB; the edge grew from ${MB(before)} to ` +
      `${MB(most)}, and was at ${MB(after)} later; ${HEALTHY} healthy ones lagged p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  )
  figure('S7', `growth of a node for each of ${SLOW} stuck readers`, (most - before) / SLOW / 1024, 'KB')
  figure('slow-reader', 'lag of healthy readers meanwhile, p99', at(0.99), 'ms')
  expect(most - before).toBeLessThan(GROWTH_BYTES)
  expect(after - before).toBeLessThan(GROWTH_BYTES / 2)
  expect(at(0.99)).toBeLessThan(LAG_MS)
  for (const stream of healthy) {
    expect(stream.ended()).toBe(false)
    expect(follow(stream.frames).id).toBe(last)
  }
}, 120_000)

it(`gives ${COME_BACK} of them what they missed when they come back with their Last-Event-ID`, async () => {
  const head = follow(healthy[0]!.frames).id
  let replayed = 0
  for (const response of slow.splice(COME_BACK)) response.destroy()
  for (let from = 0; from < COME_BACK; from += 50) {
    await Promise.all(
      slow.slice(from, from + 50).map(async (response) => {
        const frames = framesOf(await text(response).catch(() => ''))
        const held = follow(frames)
        expect(held.id).not.toBe(head)
        const again = await readWell(held.id)
        await until('word of the head', () =>
          again.frames.find(({ data }) => [data.to, data.id].includes(head)),
        )
        const news = again.frames.find(({ event }) => event !== 'hello')!
        expect(['patch', 'resync']).toContain(news.event)
        if (news.event === 'patch') replayed++
        again.close()
      }),
    )
  }
  console.log(`${replayed} of ${COME_BACK} had a replay, the others word to fetch the config`)
}, 60_000)
