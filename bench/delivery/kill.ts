import { table } from '../evaluate/tables'
import { must } from './api'
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

type Row = Rounds & { name: string; kills: number; load: Done | null }

async function killed({ api }: Stand, { project, flag }: Place, fleet: Fleet<OurProviders>) {
  const path = `/projects/${project}/flags/${flag}/environments/${ENVIRONMENT}/kill`
  const rounds = []
  const deadline = performance.now() + LONGEST_MS
  for (let i = 0; i < KILLS && performance.now() < deadline; i++) {
    let etag = ''
    rounds.push(
      await fleet.timed(flag, async () => {
        etag = (await must(api('PUT', path, { reason: 'bench' }))).etag
      }),
    )
    await fleet.timed(flag, () => must(api('DELETE', path, undefined, etag)))
  }
  return rounds
}

async function measured(stand: Stand, { name, place: prepare }: Scenario): Promise<Row> {
  const place = await prepare(stand)
  const { url } = stand.product
  const fleet = new Fleet<OurProviders>('providers', CLIENTS, PROCESSES)
  await fleet.connect((count) => ({ url, key: place.key, count }))
  const background = place.load && new Worker<Loads>('load')
  await background?.ask('begin', { url, token: stand.token, load: place.load! })
  const rounds = await killed(stand, place, fleet)
  const load = background && (await background.ask('finish', undefined))
  return { name, kills: rounds.length, load, ...roundsOf(rounds, CLIENTS) }
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
        ['', 'kills', 'p50', 'p99', 'last', 'lost', 'answered, p99', 'changes meanwhile'],
        rows.map(({ name, kills, latency, lost, answered, load }) => [
          name,
          kills,
          ...summaryCells(latency),
          lost,
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
