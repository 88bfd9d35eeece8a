import { setTimeout as sleep } from 'node:timers/promises'
import { table } from '../evaluate/tables'
import type { Verdict } from '../evaluate/verdict'
import { bearer } from './api'
import { cleanUp, mark } from './cleanup'
import { now } from './clock'
import { Crowd, PER_PROCESS, streamOf } from './crowd'
import { atLeast, atMost, ms, percent, rounded, summaryCells } from './figures'
import { startNchan } from './nchan'
import type { Part } from './part'
import { cpuOf, idleRss } from './proc'
import {
  configId,
  publishOnce,
  publishSteadily,
  type Reach,
  reachOf,
  type Sent,
  versionOf,
} from './publishes'
import type { Target } from './reader-process'
import type { Stand } from './stand'

// One change to everyone who listens, and what a listener costs; beside nginx with nchan, which only hands on.

const SIZES = [5_000, 10_000]
const PUBLISHES = 40
const EVERY_MS = 500
const IDLE_MS = 3_000
const SETTLE_MS = 2_000

type Row = {
  server: string
  streams: number
  openMs: number
  rssPerStream: number
  cpuPerEventUs: number
} & Reach

type Server = {
  name: string
  pid: number
  target: Target
  publish(): Promise<Sent[]>
}

async function measure({ name, pid, target, publish }: Server, streams: number): Promise<Row> {
  const before = await idleRss(pid, IDLE_MS)
  const crowd = new Crowd(Math.ceil(streams / PER_PROCESS) + 1)
  const openMs = await crowd.open(target, streams)
  await sleep(SETTLE_MS)
  const rssPerStream = ((await idleRss(pid, IDLE_MS)) - before) / streams
  const cpuBefore = cpuOf(pid)
  const sent = await publish()
  await crowd.settle(sent.at(-1)!.version, streams)
  const cpu = cpuOf(pid) - cpuBefore
  const reach = reachOf(sent, await crowd.heard(), streams)
  await crowd.end()
  const row = {
    server: name,
    streams,
    openMs,
    rssPerStream,
    cpuPerEventUs: cpu / (sent.length * streams),
    ...reach,
  }
  console.error(`fanout ${JSON.stringify(row)}`)
  return row
}

/** The data of one patch as our streams carry it. */
async function onePatch(stand: Stand): Promise<string> {
  const { url } = stand.product
  const id = await configId(stand, url)
  await publishOnce(stand)
  for (;;) {
    const response = await fetch(`${url}/config?since=${id}`, { headers: bearer(stand.serverKey) })
    const { patches } = (await response.json()) as { patches: object[] }
    if (patches[0]) return JSON.stringify(patches[0])
    await sleep(10)
  }
}

async function ofEdge(stand: Stand, streams: number): Promise<Row> {
  const edge = await stand.edge()
  const publish = () => publishSteadily(stand, PUBLISHES, EVERY_MS)
  return measure({ name: 'edge', pid: edge.program.pid, target: streamOf(stand, edge), publish }, streams)
}

async function ofNchan(text: string, streams: number): Promise<Row> {
  const first = versionOf(JSON.parse(text).to)
  const nchan = await startNchan(first)
  const publish = async () => {
    const sent: Sent[] = []
    for (let i = 1; i <= PUBLISHES; i++) {
      const version = first + i
      const sentAt = now()
      await nchan.publish(text.replace(/"to":"(\d+)\.\d+/, `"to":"$1.${version}`))
      sent.push({ version, sentAt })
      await sleep(Math.max(0, EVERY_MS - (now() - sentAt)))
    }
    return sent
  }
  return measure({ name: 'nchan', pid: nchan.worker, target: nchan.target, publish }, streams)
}

const kilobytes = (bytes: number) => `${rounded(bytes / 1024)} KB`
const microseconds = (value: number) => `${rounded(value)} us`
const times = (value: number) => `${rounded(value, 2)}x`

const LIMITS: Record<number, { p99: number; max?: number; rss: number }> = {
  5000: { p99: 500, max: 1_000, rss: 16 * 1024 },
  10000: { p99: 800, rss: 13 * 1024 },
}

function verdictsOf(ours: Row, theirs: Row): Verdict[] {
  const limit = LIMITS[ours.streams]!
  const at = (what: string) => `${ours.streams.toLocaleString('en')} streams: ${what}`
  return [
    atMost(at('p99'), ours.latency.p99, limit.p99, ms),
    ...(limit.max === undefined ? [] : [atMost(at('the last'), ours.latency.max, limit.max, ms)]),
    atLeast(at('delivered'), ours.delivered, 1, percent),
    atMost(at('memory of an idle one'), ours.rssPerStream, limit.rss, kilobytes),
    atMost(at('memory, beside nchan,'), ours.rssPerStream / theirs.rssPerStream, 1.6, times),
    atMost(at('CPU of an event, beside nchan,'), ours.cpuPerEventUs / theirs.cpuPerEventUs, 1.5, times),
  ]
}

export const fanout: Part = async ({ stand }) => {
  const text = await onePatch(stand)
  const rows: Row[] = []
  const verdicts: Verdict[] = []
  for (const size of SIZES) {
    const level = mark()
    const ours = await ofEdge(stand, size)
    await cleanUp(level)
    const theirs = await ofNchan(text, size)
    await cleanUp(level)
    rows.push(ours, theirs)
    verdicts.push(...verdictsOf(ours, theirs))
  }
  return {
    figures: { publishes: PUBLISHES, everyMs: EVERY_MS, frameBytes: text.length, rows },
    tables: [
      `From sending a change to the last byte at each stream (${PUBLISHES} changes, one every ${EVERY_MS} ms; ours is published ` +
        'through the API and Postgres, nchan is handed the finished frame)',
      table(
        ['', 'streams', 'p50', 'p99', 'last', 'delivered', 'opened in', 'memory a stream', 'CPU an event'],
        rows.map(({ server, streams, latency, delivered, openMs, rssPerStream, cpuPerEventUs }) => [
          server,
          streams.toLocaleString('en'),
          ...summaryCells(latency),
          percent(delivered),
          ms(openMs),
          kilobytes(rssPerStream),
          microseconds(cpuPerEventUs),
        ]),
      ),
    ],
    verdicts,
  }
}
