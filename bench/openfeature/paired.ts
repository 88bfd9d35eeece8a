import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

setFlagsFromString('--expose-gc')
const collectGarbage: (options: { type: 'minor' }) => void = runInNewContext('gc')

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

/** What the one before left behind is collected first, or whoever follows the most wasteful pays for it. */
async function measure(runner: Runner) {
  collectGarbage({ type: 'minor' }) // a whole one throws optimised code away
  const before = process.cpuUsage()
  await runner.run(runner.passes)
  const { user, system } = process.cpuUsage(before)
  runner.cpu.push(((user + system) * 1_000) / (runner.calls * runner.passes))
}

/**
 * Times everyone in turn, the same number of rounds each, and compares within a round: what else the machine does comes
 * and goes by the second, and hits those who are timed together alike. Each round has another order.
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
    for (const runner of shuffled(runners, round)) await measure(runner)
  }
  const bases = runners.find(({ name }) => name === base)!.cpu
  return Object.fromEntries(
    runners.map(({ name, cpu }) => [
      name,
      { cpu: median(cpu), ratio: median(cpu.map((ns, round) => ns / bases[round]!)) },
    ]),
  )
}

/** An order for each round: the same in every run. */
function shuffled<T>(list: readonly T[], round: number): T[] {
  const order = [...list]
  let state = round + 1
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const j = (state >>> 8) % (i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
