import { get, type IncomingHttpHeaders } from 'node:http'
import { median } from '../evaluate/statistics'
import { table } from '../evaluate/tables'
import { bearer } from './api'
import { atLeast, rounded } from './figures'
import type { Bench, Part } from './part'
import { requestsPerSecond } from './wrk'

// How many configs of 1,000 flags a server hands out a second, whole and as 304.

const ROUNDS = 5
const SECONDS = 3
const GZIP_AT_LEAST = 50
const UNCHANGED_AT_LEAST = 10

type Headers = Record<string, string>
type Server = { name: string; url: string; headers: Headers }
type Answer = { status: number; headers: IncomingHttpHeaders; bytes: number }
type Lane = 'gzip' | '304'
const lanes: readonly Lane[] = ['gzip', '304']

/** One request that is not decoded, so that what travels is what is counted. */
function look(url: string, headers: Headers): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, async (response) => {
      let bytes = 0
      for await (const chunk of response) bytes += (chunk as Buffer).length
      resolve({ status: response.statusCode!, headers: response.headers, bytes })
    }).on('error', reject)
  })
}

/** What is asked in each lane, after it was seen to be answered as it should. */
async function asked({
  name,
  url,
  headers,
}: Server): Promise<{ lanes: Record<Lane, Headers>; bytes: number }> {
  const gzip = { ...headers, 'accept-encoding': 'gzip' }
  const whole = await look(url, gzip)
  if (whole.status !== 200 || whole.headers['content-encoding'] !== 'gzip')
    throw new Error(`${name}: ${whole.status} ${whole.headers['content-encoding']}, not 200 by gzip`)
  const unchanged = { ...gzip, 'if-none-match': whole.headers.etag! }
  const { status } = await look(url, unchanged)
  if (status !== 304) throw new Error(`${name}: ${status}, not 304`)
  return { lanes: { gzip, '304': unchanged }, bytes: whole.bytes }
}

async function servers({ stand, unleash }: Bench): Promise<Server[]> {
  const edge = await stand.edge()
  const peer = await unleash()
  const headers = bearer(stand.serverKey)
  return [
    { name: 'edge', url: `${edge.url}/config`, headers },
    { name: 'one process', url: `${stand.product.url}/config`, headers },
    { name: 'Unleash', url: `${peer.url}/api/client/features`, headers: { authorization: peer.clientToken } },
  ]
}

export const config: Part = async (bench) => {
  const contenders = await Promise.all(
    (await servers(bench)).map(async (server) => ({ ...server, ...(await asked(server)) })),
  )
  const rates = contenders.map(() => ({ gzip: [] as number[], '304': [] as number[] }))
  for (let round = 0; round <= ROUNDS; round++)
    for (const lane of lanes)
      for (const [i, { url, lanes: asks }] of contenders.entries()) {
        const rate = await requestsPerSecond(url, asks[lane], round === 0 ? 1 : SECONDS)
        if (round > 0) rates[i]![lane].push(rate) // the first round warms up
      }
  /** Ours against theirs of the same round: the machine's mood is in both. */
  const ratio = (lane: Lane, i: number) =>
    median(rates[i]![lane].map((rate, round) => rate / rates.at(-1)![lane][round]!))
  const rows = contenders.map(({ name, bytes }, i) => ({
    name,
    bytes,
    gzip: median(rates[i]!.gzip),
    unchanged: median(rates[i]!['304']),
    gzipRatio: ratio('gzip', i),
    unchangedRatio: ratio('304', i),
  }))
  const times = (value: number) => `${rounded(value)}x`
  return {
    figures: { rounds: ROUNDS, rows, rates },
    tables: [
      `Configs of 1,000 flags a second (wrk, 1 thread, 32 connections; median of ${ROUNDS} interleaved rounds)`,
      table(
        ['', 'gzip bytes', '200 by gzip', 'beside Unleash', '304', 'beside Unleash'],
        rows.map(({ name, bytes, gzip, unchanged, gzipRatio, unchangedRatio }) => [
          name,
          bytes.toLocaleString('en'),
          rounded(gzip, 0),
          times(gzipRatio),
          rounded(unchanged, 0),
          times(unchangedRatio),
        ]),
      ),
    ],
    verdicts: rows
      .slice(0, -1)
      .flatMap(({ name, gzipRatio, unchangedRatio }) => [
        atLeast(`${name}: 200 by gzip, beside Unleash,`, gzipRatio, GZIP_AT_LEAST, times),
        atLeast(`${name}: 304, beside Unleash,`, unchangedRatio, UNCHANGED_AT_LEAST, times),
      ]),
  }
}
