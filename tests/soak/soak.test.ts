import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Fleet } from '../support/fleet'
import { judged, SOUND } from '../support/history'
import { type Heap, inspect } from '../support/inspected'
import { type Jackstaff, PRODUCTION, seedShop, share, startJackstaff } from '../support/jackstaff'
import { freePort, until } from '../support/process'
import { bearer, raw } from '../support/raw-http'
import { openStream } from '../support/stream'

// The whole product under steady use: what it holds on to after each round shows as a slope of its heap.

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10)
const PROVIDERS = 50
const WARM_PUBLISHES = 320 // a node keeps 256 changes: from there on it holds no more of them
const WARM_SHARE = 0.3 // of the time is not judged: caches fill
const LOOK_MS = 10_000
const PAUSE_MS = 200
/**
 * Megabytes an hour, compiled code left out: V8 compiles for hours what runs twice a second, and has an end. Of ten minutes
 * the noise of one collection alone makes several.
 */
const MOST_SLOPE = MINUTES >= 60 ? 1 : 30

let jackstaff: Jackstaff
let serverKey: string
let heap: Awaited<ReturnType<typeof inspect>>
const acknowledged: string[] = []

beforeAll(async () => {
  const port = await freePort()
  jackstaff = await startJackstaff({ NODE_OPTIONS: `--inspect=127.0.0.1:${port}` })
  serverKey = (await seedShop(jackstaff)).serverKey
  heap = await inspect(port)
  for (let n = 0; n < WARM_PUBLISHES; n++) await publish(n)
}, 300_000)
afterAll(async () => {
  heap?.close()
  await jackstaff?.stop()
})

async function publish(n: number): Promise<void> {
  const { headers } = await jackstaff.api('GET', PRODUCTION)
  const answer = await jackstaff.api('PUT', PRODUCTION, share(n % 100), { 'if-match': headers.get('etag')! })
  expect(answer.status).toBe(200)
  acknowledged.push(answer.headers.get('x-jackstaff-version')!.replace('production=', ''))
}

/** One of everything that people, servers and pages do. */
async function round(n: number): Promise<void> {
  await publish(n)
  const { body } = await jackstaff.api('PUT', `${PRODUCTION}/kill`, { reason: 'soak' })
  const stream = await openStream(jackstaff.url, serverKey)
  await stream.next('put')
  await raw(`${jackstaff.url}/config`, { headers: bearer(serverKey) })
  await raw(`${jackstaff.url}/ofrep/v1/evaluate/flags/checkout`, {
    method: 'POST',
    headers: bearer(serverKey),
    body: JSON.stringify({ context: { targetingKey: `user-${n}` } }),
  })
  await jackstaff.api('GET', '/projects/shop/audit?limit=10')
  await jackstaff.api('GET', '/projects/shop/flags/nothing')
  await jackstaff.api('DELETE', `${PRODUCTION}/kill`, undefined, { 'if-match': `"${body.id}"` })
  stream.close()
}

/** Of a line through the points: least squares. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
}

const MB = (bytes: number) => bytes / 1024 / 1024
const sockets = () => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length

it(
  `holds on to nothing in ${MINUTES} minutes, and leaves no socket and no stream behind`,
  async () => {
    const before = sockets()
    const fleet = await Fleet.of(PROVIDERS, jackstaff.url, serverKey)
    const began = performance.now()
    const looks: (Heap & { hours: number })[] = []
    let rounds = 0
    for (let next = 0; performance.now() - began < MINUTES * 60_000; ) {
      await round(rounds++)
      await sleep(PAUSE_MS)
      const elapsed = performance.now() - began
      if (elapsed < next) continue
      next = elapsed + LOOK_MS
      looks.push({ hours: elapsed / 3_600_000, ...(await heap.heap()) })
    }
    const judgedLooks = looks.filter(({ hours }) => hours * 60 > MINUTES * WARM_SHARE)
    const slopeOf = (bytes: (look: Heap) => number) =>
      slope(judgedLooks.map((look) => [look.hours, MB(bytes(look))]))
    const grows = slopeOf(({ used, code }) => used - code)
    await fleet.close()
    await until('the server to hold no stream', async () => {
      const { body } = await raw(`${jackstaff.url}/readyz`)
      return JSON.parse(body.toString('utf8')).streams === 0
    })
    await until('no socket to be left', () => sockets() <= before + 1, 60_000) // one is kept alive by fetch
    console.log(
      `${MINUTES} minutes, ${rounds} rounds with ${PROVIDERS} providers: heap ${MB(judgedLooks[0]!.used).toFixed(1)} to ` +
        `${MB(judgedLooks.at(-1)!.used).toFixed(1)} MB, slope ${grows.toFixed(2)} MB/h over ${judgedLooks.length} looks, ` +
        `and ${slopeOf(({ code }) => code).toFixed(2)} MB/h of compiled code; ` +
        `${fleet.asked} evaluations, ${fleet.failed} failed; 0 streams and 0 sockets left`,
    )
    expect(fleet.failed).toBe(0)
    expect(grows).toBeLessThan(MOST_SLOPE)
    expect(await judged(jackstaff, { acknowledged })).toEqual(SOUND)
  },
  MINUTES * 60_000 + 300_000,
)
