import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { cleanUp } from './delivery/cleanup'
import { cold } from './delivery/cold'
import { config } from './delivery/config'
import { fanout } from './delivery/fanout'
import { type Outcome, percent } from './delivery/figures'
import { kill } from './delivery/kill'
import { loads } from './delivery/load-process'
import type { Bench, Part } from './delivery/part'
import { busyShare } from './delivery/proc'
import { propagation } from './delivery/propagation'
import { ourProviders } from './delivery/provider-process'
import { readers } from './delivery/reader-process'
import { resume } from './delivery/resume'
import { startStand } from './delivery/stand'
import { storm } from './delivery/storm'
import { startUnleash, type Unleash } from './delivery/unleash'
import { unleashClients } from './delivery/unleash-process'
import type { Handlers } from './delivery/worker'
import { serve } from './delivery/worker'
import { verdictTable } from './evaluate/tables'

// Delivery on this machine, beside real peers where there are any: bench/README.md.

/** An edge is started first: later parts make projects that it would hold as well. */
const parts: Record<string, Part> = { cold, config, propagation, fanout, kill, resume, storm }
const roles: Record<string, Handlers> = {
  readers,
  providers: ourProviders,
  unleash: unleashClients,
  load: loads,
}
const BUSY_MS = 2_000
const BUSY_AT_MOST = 0.2
const JSON_FILE = 'dist/bench-delivery.json'

function chosenParts(names: readonly string[]): string[] {
  const all = Object.keys(parts)
  const unknown = names.find((name) => !all.includes(name))
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}: there are ${all.join(', ')}`)
  return names.length === 0 ? all : [...names]
}

async function benchmark(names: readonly string[]): Promise<void> {
  const stand = await startStand()
  let peer: Promise<Unleash> | undefined
  const bench: Bench = {
    stand,
    unleash: () => {
      peer ??= startUnleash(stand)
      return peer
    },
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`)
  const outcomes: Record<string, Outcome> = {}
  for (const name of names) {
    const busy = await busyShare(BUSY_MS) // by others: nothing of ours is asked for anything now
    if (busy > BUSY_AT_MOST)
      console.log(`The machine is ${percent(busy)} busy with other things: ${name} shows it.`)
    const started = performance.now()
    const outcome = await parts[name]!(bench)
    outcomes[name] = { ...outcome, figures: { busyBefore: busy, ...outcome.figures } }
    console.log(outcome.tables.join('\n\n'))
    console.log(`(${name}: ${Math.round((performance.now() - started) / 1_000)} s)\n`)
  }
  const verdicts = Object.values(outcomes).flatMap((outcome) => outcome.verdicts)
  console.log(`${verdictTable(verdicts)}\n`)
  const figures = Object.fromEntries(
    Object.entries(outcomes).map(([name, outcome]) => [name, outcome.figures]),
  )
  writeFileSync(
    JSON_FILE,
    `${JSON.stringify({ bench: 'delivery', machine, ...figures, verdicts }, null, 2)}\n`,
  )
  console.log(`JSON: ${JSON_FILE}`)
}

async function main(): Promise<void> {
  const [first = ''] = process.argv.slice(2)
  const role = /^--role=(.+)$/.exec(first)?.[1]
  if (role !== undefined) return serve(roles[role]!)
  const names = chosenParts(process.argv.slice(2))
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void cleanUp().then(() => process.exit(1)))
  await benchmark(names)
  await cleanUp()
  process.exit(0)
}

async function fail(error: unknown): Promise<void> {
  console.error(error)
  await cleanUp()
  process.exit(1)
}

process.on('uncaughtException', fail)
main().catch(fail)
