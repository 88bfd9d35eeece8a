import { setTimeout as sleep } from 'node:timers/promises'
import { table } from '../evaluate/tables'
import { must } from './api'
import { cleanUp, mark } from './cleanup'
import { keyOf, shareOf } from './dataset'
import { atLeast, rounded, summaryCells } from './figures'
import { Fleet, type Rounds, roundsOf } from './fleet'
import type { Bench, Part } from './part'
import type { OurProviders } from './provider-process'
import { pathOf } from './publishes'
import type { UnleashClients } from './unleash-process'

// From sending one change to the change event of each of 1,000 applications.

const CLIENTS = 1_000
const PROCESSES = 2
const OUR_CHANGES = 20
const THEIR_CHANGES = 2
const POLL_MS = 15_000
const PAUSE_MS = 1_000 // until those who were asked have said what they applied
const LATEST_MS = 25_000 // a poll, and time to be answered
const SOONER_AT_LEAST = 50
const FLAG = keyOf(6)

async function ours({ stand }: Bench): Promise<Rounds> {
  const fleet = new Fleet<OurProviders>('providers', CLIENTS, PROCESSES)
  await fleet.connect((count) => ({ url: stand.product.url, key: stand.serverKey, count }))
  let { etag } = await stand.api('GET', pathOf(FLAG))
  const rounds = []
  for (let i = 0; i < OUR_CHANGES; i++) {
    await sleep(PAUSE_MS)
    const targeting = { on: true, offVariant: 'off', fallthrough: shareOf(1_000 * (i + 1)) }
    rounds.push(
      await fleet.timed(FLAG, async () => {
        etag = (await must(stand.api('PUT', pathOf(FLAG), targeting, etag))).etag
      }),
    )
  }
  return roundsOf(rounds, CLIENTS)
}

async function theirs(bench: Bench): Promise<Rounds> {
  const peer = await bench.unleash()
  const fleet = new Fleet<UnleashClients>('unleash', CLIENTS, PROCESSES, LATEST_MS)
  await fleet.connect((count) => ({ url: peer.url, token: peer.clientToken, count, spreadMs: POLL_MS }))
  console.error('propagation: all of unleash-client is connected')
  const rounds = []
  for (let i = 0; i < THEIR_CHANGES; i++)
    rounds.push(await fleet.timed(peer.toggled, () => peer.toggle(i % 2 === 1)))
  return roundsOf(rounds, CLIENTS)
}

export const propagation: Part = async (bench) => {
  const level = mark()
  const our = await ours(bench)
  console.error(`propagation: ours ${JSON.stringify(our)}`)
  await cleanUp(level)
  await bench.unleash() // what it starts outlives this part
  const peerLevel = mark()
  const their = await theirs(bench)
  await cleanUp(peerLevel)
  const times = (value: number) => `${rounded(value, 0)}x`
  const row = (name: string, { latency, lost }: Rounds) => [name, ...summaryCells(latency), lost]
  return {
    figures: {
      clients: CLIENTS,
      ourChanges: OUR_CHANGES,
      theirChanges: THEIR_CHANGES,
      ours: our,
      unleash: their,
    },
    tables: [
      `From sending a change to the change event of each of ${CLIENTS} server SDKs in ${PROCESSES} processes, 1,000 flags`,
      table(
        ['', 'p50', 'p99', 'last', 'lost'],
        [row('ours', our), row('unleash-client, polling as by default', their)],
      ),
    ],
    verdicts: [
      atLeast(
        'a change is heard of sooner, median,',
        their.latency.p50 / our.latency.p50,
        SOONER_AT_LEAST,
        times,
      ),
      atLeast(
        'a change is heard of sooner, p99,',
        their.latency.p99 / our.latency.p99,
        SOONER_AT_LEAST,
        times,
      ),
    ],
  }
}
