import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { OpenFeature } from '@openfeature/server-sdk'
import { faultOf, makeReady, type Ready } from './evaluate/check'
import { goOffline, mustHaveStayedOffline } from './evaluate/offline'
import { chosen } from './evaluate/options'
import { oursTyped } from './evaluate/ours'
import type { Contender } from './evaluate/spec'
import { byWorkload, figure, times, verdictTable } from './evaluate/tables'
import { warmUp } from './evaluate/timing'
import type { Verdict } from './evaluate/verdict'
import { type Workload, workloads } from './evaluate/workloads'
import { CONSTANT, constantReady, natives, oursThroughSdk } from './openfeature/ours'
import { type Effort, type Paired, timePaired } from './openfeature/paired'
import { sdkPeers } from './openfeature/peers'
import { throughSdk } from './openfeature/through-sdk'

// What our provider adds to the OpenFeature client, beside what those of others add: bench/README.md.

Object.assign(process.env, { NODE_ENV: 'production' })
goOffline()

const FULL: Effort = { warmUpMs: 300, batchMs: 5, rounds: 121 }
const QUICK: Effort = { warmUpMs: 100, batchMs: 5, rounds: 21 }
const SDK_USERS = 200 // of the 1,000: a batch of the SDK's calls takes some 5 ms then
const SDK_AT_MOST = 1.2
const NATIVE_AT_MOST = 1.3

type Figures = Record<string, Record<string, Paired>>
type Group = { readonly workload: Workload; readonly readies: readonly Ready[] }

const ourThroughSdk = throughSdk(oursThroughSdk)
const sdkContenders = [ourThroughSdk, ...sdkPeers.map(throughSdk)]
const nativeContenders = [oursTyped, ...natives]

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workload: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  })
  const names = workloads.map(({ name }) => name)
  return { ...values, workloads: chosen('workload', values.workload, names) }
}

/** Everyone who can express the workload, opened and found to answer every user right. */
async function checked(workload: Workload, contenders: readonly Contender[]): Promise<Ready[]> {
  const readies: Ready[] = []
  for (const contender of contenders) {
    if (contender.unable(workload.environment) !== undefined) continue
    const ready = await makeReady(contender, workload)
    const fault = await faultOf(ready, workload)
    if (fault !== undefined) throw new Error(`${contender.name} on ${workload.name}: ${fault}`)
    readies.push(ready)
  }
  return readies
}

async function timed(groups: readonly Group[], base: string, effort: Effort): Promise<Figures> {
  for (const { readies } of groups) await warmUp(readies, effort)
  const figures: Figures = {}
  for (const { workload, readies } of groups) {
    figures[workload.name] = await timePaired(workload.name, readies, base, effort)
  }
  return figures
}

function verdictsOf(sdk: Figures, native: Figures): Verdict[] {
  const within = (figures: Figures, ours: string, base: string, most: number) =>
    Object.entries(figures).map(([workload, timings]): Verdict => {
      const measured = timings[ours]!.ratio
      return {
        target: `${workload}: ${ours} at most ${most}x ${base}`,
        measured: `${measured.toFixed(2)}x`,
        met: measured <= most,
      }
    })
  return [
    ...within(sdk, ourThroughSdk.name, CONSTANT, SDK_AT_MOST),
    ...natives.flatMap(({ name }) => within(native, name, oursTyped.name, NATIVE_AT_MOST)),
  ]
}

const tablesOf = (title: string, figures: Figures, base: string): string[] => [
  `${title}: CPU time of a call in ns (median of interleaved rounds, by process.cpuUsage)`,
  byWorkload(figures, (timings, name) => figure(timings[name]?.cpu)),
  `As a multiple of ${base} in the same round (median)`,
  byWorkload(figures, (timings, name) => times(timings[name]?.ratio)),
]

async function main() {
  const options = optionsOf(process.argv.slice(2))
  const effort = options.quick ? QUICK : FULL
  const chosenWorkloads = workloads.filter(({ name }) => options.workloads.includes(name))
  const throughSdks: Group[] = []
  const directly: Group[] = []
  for (const workload of chosenWorkloads) {
    const readies = [await constantReady(workload), ...(await checked(workload, sdkContenders))]
    const fewer = readies.map((ready) => ({ ...ready, contexts: ready.contexts.slice(0, SDK_USERS) }))
    throughSdks.push({ workload, readies: fewer })
    directly.push({ workload, readies: await checked(workload, nativeContenders) })
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }
  console.log(`Every answer is right. ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`)
  const native = await timed(directly, oursTyped.name, effort)
  const sdk = await timed(throughSdks, CONSTANT, effort)
  mustHaveStayedOffline()
  const verdicts = verdictsOf(sdk, native)
  const tables = [
    ...tablesOf('Through the OpenFeature client', sdk, CONSTANT),
    ...tablesOf('Without it', native, oursTyped.name),
    verdictTable(verdicts),
  ]
  console.log(`${tables.join('\n\n')}\n`)
  const json = JSON.stringify({ bench: 'openfeature', machine, sdk, native, verdicts })
  if (options.json === undefined) console.log(json)
  else writeFileSync(options.json, `${json}\n`)
  await OpenFeature.close()
}

try {
  await main()
  process.exit(0)
} catch (error) {
  console.error(error)
  process.exit(1)
}
