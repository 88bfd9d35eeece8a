import type { Ready } from '../evaluate/check'
import { makeLoop } from '../evaluate/loop'
import { median } from '../evaluate/statistics'

export type Paired = {
  /** CPU time of the process, in ns a call: the median of all rounds. */
  readonly cpu: number
  /** The median of what each round's batch took, divided by what the base took in the same round. */
  readonly ratio: number
}

export type Effort = { readonly warmUpMs: number; readonly batchMs: number; readonly rounds: number }

type Runner = {
  readonly name: string
  readonly run: (passes: number) => void | Promise<void>
  readonly calls: number
  passes: number
  readonly cpu: number[]
}

function runnerOf(group: string, { contender, contexts, ask }: Ready): Runner {
  const loop = makeLoop(`${group}_${contender.name}`, contender.isAsync)
  const box = { last: undefined }
  const run = (passes: number) => loop(ask, contexts, passes, box)
  return { name: contender.name, run, calls: contexts.length, passes: 1, cpu: [] }
}

async function calibrate(runner: Runner, { warmUpMs, batchMs }: Effort) {
  const start = performance.now()
  while (performance.now() - start < warmUpMs) await runner.run(1)
  const fresh = performance.now()
  await runner.run(2)
  runner.passes = Math.max(1, Math.round((2 * batchMs) / (performance.now() - fresh)))
}

async function measure(runner: Runner) {
  const before = process.cpuUsage()
  await runner.run(runner.passes)
  const { user, system } = process.cpuUsage(before)
  runner.cpu.push(((user + system) * 1_000) / (runner.calls * runner.passes))
}

/**
 * Times everyone in turn, the same number of rounds each, and compares within a round: what else the machine does comes
 * and goes by the second, and hits those who are timed together alike. Each round starts with another one.
 */
export async function timePaired(
  group: string,
  readies: readonly Ready[],
  base: string,
  effort: Effort,
): Promise<Record<string, Paired>> {
  const runners = readies.map((ready) => runnerOf(group, ready))
  for (const runner of runners) await calibrate(runner, effort)
  for (let round = 0; round < effort.rounds; round++) {
    const first = round % runners.length
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) await measure(runner)
  }
  const bases = runners.find(({ name }) => name === base)!.cpu
  return Object.fromEntries(
    runners.map(({ name, cpu }) => [
      name,
      { cpu: median(cpu), ratio: median(cpu.map((ns, round) => ns / bases[round]!)) },
    ]),
  )
}
