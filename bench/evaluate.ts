import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { allocationOf, knownAllocation } from './evaluate/allocation'
import { type Job, jobOf, reportToParent } from './evaluate/child'
import { asked, contenderOf } from './evaluate/contenders'
import { goOffline, mustHaveStayedOffline } from './evaluate/offline'
import { type Options, optionsOf } from './evaluate/options'
import { allocation, type Checked, checkAll, cpu, payload, scale, WrongAnswers } from './evaluate/run'
import { keptBy, startOf } from './evaluate/scale'
import { report, verdictTable } from './evaluate/tables'
import { type Figures, verdicts } from './evaluate/verdict'
import { workloads } from './evaluate/workloads'

// Our engine beside those its users could pick instead, and beside closures written by hand: bench/README.md.

Object.assign(process.env, { NODE_ENV: 'production' })
goOffline()

const jobs: Record<Job['kind'], (job: Job) => Promise<unknown>> = {
  'known-allocation': () => knownAllocation(),
  allocation: ({ contender }) => allocationOf(contenderOf(contender)),
  start: ({ contender, file }) => startOf(contenderOf(contender), file),
  keep: ({ contender, file }) => keptBy(contenderOf(contender), file),
}

/** What could not be asked, and why. */
const notApplicable = () =>
  workloads.flatMap(({ name, environment }) =>
    asked.flatMap((contender) => {
      const reason = contender.unable(environment)
      return reason === undefined ? [] : [{ workload: name, contender: contender.name, reason }]
    }),
  )

async function measure(checked: readonly Checked[], options: Options): Promise<Figures> {
  const wants = (measure: Options['measures'][number]) => options.measures.includes(measure)
  return {
    ...(wants('cpu') ? { cpu: await cpu(checked, options) } : {}),
    ...(wants('allocation') ? { allocation: await allocation() } : {}),
    ...(wants('scale') ? { scale: await scale(options) } : {}),
    ...(wants('payload') ? { payload: payload() } : {}),
  }
}

async function main() {
  const options = optionsOf(process.argv.slice(2))
  const machine = {
    node: process.version,
    v8: process.versions.v8,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
  }
  const checked = await checkAll(options)
  console.log(`Every answer is right. ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`)
  const figures = await measure(checked, options)
  mustHaveStayedOffline()
  const found = verdicts(figures)
  const missing = notApplicable()
  console.log(`${report(figures)}\n`)
  for (const { workload, contender, reason } of missing)
    console.log(`n/a: ${contender} on ${workload}: ${reason}`)
  console.log(`\n${verdictTable(found)}\n`)
  const calls = Object.fromEntries(asked.map(({ name, call }) => [name, call]))
  const json = JSON.stringify({ bench: 'evaluate', machine, calls, missing, ...figures, verdicts: found })
  if (options.json === undefined) console.log(json)
  else writeFileSync(options.json, `${json}\n`)
}

const job = jobOf(process.argv)
if (job) {
  const result = await jobs[job.kind](job)
  mustHaveStayedOffline()
  reportToParent(result)
} else {
  try {
    await main()
    process.exit(0)
  } catch (error) {
    console.error(error instanceof WrongAnswers ? `Wrong answers:\n${error.message}` : error)
    process.exit(1)
  }
}
