import { table } from '../evaluate/tables'
import type { Answer } from './api'
import { cleanUp, mark } from './cleanup'
import { atMost, ms, rounded, summaryCells } from './figures'
import { Fleet, type Rounds, roundsOf } from './fleet'
import { type Place, type Scenario, scenarios } from './kill-scenarios'
import type { Done, Loads } from './load-process'
import type { Part } from './part'
import type { OurProviders } from './provider-process'
import { ENVIRONMENT, type Stand } from './stand'
import { Worker } from './worker'

// From sending a kill to the change event of each of 1,000 server providers, whatever else goes on.

const CLIENTS = 1_000
const PROCESSES = 4
const KILLS = 30
const LONGEST_MS = 25_000 // of one scenario's kills: under load each takes its time

type Row = Rounds & { name: string; kills: number; refused: number; load: Done | null }

type Killed = { rounds: { times: number[]; answeredMs: number }[]; refused: number }

async function killed({ api }: Stand, { project, flag }: Place, fleet: Fleet<OurProviders>): Promise<Killed> {
  const path = `/projects/${project}/flags/${flag}/environments/${ENVIRONMENT}/kill`
  const rounds: Killed['rounds'] = []
  let refused = 0
  const deadline = performance.now() + LONGEST_MS
  /** Somebody who is refused tries again, and the time goes on. */
  const insist = async (request: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const answer = await request()
      if (answer.status < 300 || performance.now() > deadline) return answer
      refused++
    }
  }
  while (rounds.length < KILLS && performance.now() < deadline) {
    let etag = ''
    const kill = async () => {
      etag = (await insist(() => api('PUT', path, { reason: 'bench' }))).etag
    }
    rounds.push(await fleet.timed(flag, kill))
    await fleet.timed(flag, () => insist(() => api('DELETE', path, undefined, etag)))
  }
  return { rounds, refused }
}

async function measured(stand: Stand, { name, place: prepare }: Scenario): Promise<Row> {
  const place = await prepare(stand)
  const { url } = stand.product
  const fleet = new Fleet<OurProviders>('providers', CLIENTS, PROCESSES)
  await fleet.connect((count) => ({ url, key: place.key, count }))
  const background = place.load && new Worker<Loads>('load')
  await background?.ask('begin', { url, token: stand.token, load: place.load! })
  const { rounds, refused } = await killed(stand, place, fleet)
  const load = background && (await background.ask('finish', undefined))
  const row = { name, kills: rounds.length, refused, load, ...roundsOf(rounds, CLIENTS) }
  console.error(`kill ${name}: ${JSON.stringify(row)}`)
  return row
}

const loadCell = (load: Done | null) =>
  load && `${load.done.toLocaleString('en')} (${rounded(load.done / load.seconds, 0)} a second)`

export const kill: Part = async ({ stand }) => {
  const rows: Row[] = []
  for (const scenario of scenarios) {
    const level = mark()
    rows.push(await measured(stand, scenario))
    await cleanUp(level)
  }
  return {
    figures: { clients: CLIENTS, rows },
    tables: [
      `From sending a kill to the change event of each of ${CLIENTS} server providers in ${PROCESSES} processes`,
      table(
        ['', 'kills', 'p50', 'p99', 'last', 'lost', 'refused', 'answered, p99', 'changes meanwhile'],
        rows.map(({ name, kills, latency, lost, refused, answered, load }) => [
          name,
          kills,
          ...summaryCells(latency),
          lost,
          refused,
          ms(answered.p99),
          loadCell(load) ?? 'none',
        ]),
      ),
    ],
    verdicts: rows.map(({ name, latency }, i) =>
      atMost(`kill ${name}: p99`, latency.p99, scenarios[i]!.atMostMs, ms),
    ),
  }
}
