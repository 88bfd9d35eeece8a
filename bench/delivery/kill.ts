import { setTimeout as sleep } from 'node:timers/promises'
import { table } from '../evaluate/tables'
import { cleanUp, mark } from './cleanup'
import { atMost, ms, rounded, type Summary, summaryCells } from './figures'
import { Fleet, type Rounds, roundsOf } from './fleet'
import { FIRST, type Place, type Scenario, scenarios } from './kill-scenarios'
import type { Done, Loads } from './load-process'
import type { Part } from './part'
import type { OurProviders } from './provider-process'
import { ENVIRONMENT, type Stand } from './stand'
import { Worker } from './worker'

// From sending a kill to the change event of each of 1,000 server providers, whatever else goes on.

const PROCESSES = 4
const LONGEST_MS = 80_000 // of one scenario's kills: under load each takes its time
const PAUSE_MS = 1_000 // until those who were asked have said what they applied

type Row = Rounds & {
  name: string
  clients: number
  atMostMs: number
  kills: number
  /** Of the first kills. They count among no others: hundreds of providers in one process compile what they do together. */
  first: Summary
  refused: number
  load: Done | null
}

type Killed = { rounds: { times: number[]; answeredMs: number }[]; refused: number }

/** One flag after the other: lifting a kill has no right of way, and would be waited for under load. */
async function killed(
  { api }: Stand,
  { project, flags }: Place,
  fleet: Fleet<OurProviders>,
): Promise<Killed> {
  const rounds: Killed['rounds'] = []
  let refused = 0
  const deadline = performance.now() + LONGEST_MS
  for (const flag of flags) {
    await sleep(PAUSE_MS)
    if (performance.now() > deadline) break
    const path = `/projects/${project}/flags/${flag}/environments/${ENVIRONMENT}/kill`
    /** Somebody who is refused tries again, and the time goes on. */
    const kill = async () => {
      while ((await api('PUT', path, { reason: 'bench' })).status >= 300 && performance.now() < deadline)
        refused++
    }
    rounds.push(await fleet.timed(flag, kill))
  }
  return { rounds, refused }
}

async function measured(stand: Stand, { name, clients, atMostMs, place: prepare }: Scenario): Promise<Row> {
  const place = await prepare(stand)
  const { url } = stand.product
  const fleet = new Fleet<OurProviders>('providers', clients, PROCESSES)
  await fleet.connect((count) => ({ url, key: place.key, count }))
  const background = place.load && new Worker<Loads>('load')
  await background?.ask('begin', { url, token: stand.token, load: place.load! })
  const { rounds, refused } = await killed(stand, place, fleet)
  const [first, others] = [rounds.slice(0, FIRST), rounds.slice(FIRST)]
  const load = background && (await background.ask('finish', undefined))
  const row = {
    name,
    clients,
    atMostMs,
    first: roundsOf(first, clients).latency,
    kills: others.length,
    refused,
    load,
    ...roundsOf(others, clients),
  }
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
    figures: { rows },
    tables: [
      `From sending a kill to the change event of each server provider, in ${PROCESSES} processes`,
      table(
        [
          '',
          'providers',
          `first ${FIRST} kills, p99`,
          'kills after them',
          'p50',
          'p99',
          'last',
          'lost',
          'refused',
          'answered, p99',
          'changes meanwhile',
        ],
        rows.map(({ name, clients, first, kills, latency, lost, refused, answered, load }) => [
          name,
          clients.toLocaleString('en'),
          ms(first.p99),
          kills,
          ...summaryCells(latency),
          lost,
          refused,
          ms(answered.p99),
          loadCell(load) ?? 'none',
        ]),
      ),
    ],
    verdicts: rows.map(({ name, latency, atMostMs }) =>
      atMost(`kill ${name}: p99`, latency.p99, atMostMs, ms),
    ),
  }
}
