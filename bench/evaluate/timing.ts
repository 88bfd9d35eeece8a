import type { Ready } from './check'
import { type Loop, makeLoop } from './loop'
import { median } from './statistics'

export type Timing = {
  /** CPU time of the process, in ns a call: what the call costs, its garbage collection included. */
  readonly cpu: number
  /** Time that passed, in ns a call. */
  readonly wall: number
  readonly rounds: number
}

export type Effort = { readonly warmUpMs: number; readonly batchMs: number; readonly rounds: number }

const MOST_MS = 1_000 // what one contender may take of one workload; slow ones do fewer rounds
const FEWEST_ROUNDS = 7

type Runner = {
  readonly name: string
  readonly run: (passes: number) => void | Promise<void>
  readonly calls: number
  passes: number
  rounds: number
  readonly cpu: number[]
  readonly wall: number[]
}

function runnerOf({ contender, contexts, ask }: Ready, loop: Loop): Runner {
  const box = { last: undefined }
  return {
    name: contender.name,
    run: (passes) => loop(ask, contexts, passes, box),
    calls: contexts.length,
    passes: 1,
    rounds: 0,
    cpu: [],
    wall: [],
  }
}

/** Asks everyone until the code is hot; done for all workloads before the first is timed. */
export async function warmUp(readies: readonly Ready[], { warmUpMs }: Effort) {
  for (const { contexts, ask } of readies) {
    const start = performance.now()
    while (performance.now() - start < warmUpMs) for (const context of contexts) await ask(context)
  }
}

/** Warms up the loop, then finds how many passes fill a batch and how many batches there is time for. */
async function calibrate(runner: Runner, { warmUpMs, batchMs, rounds }: Effort) {
  const start = performance.now()
  let passes = 0
  while (passes < 2 || performance.now() - start < warmUpMs) {
    await runner.run(1)
    passes++
  }
  const fresh = performance.now()
  await runner.run(Math.max(1, Math.floor(passes / 4)))
  const passMs = (performance.now() - fresh) / Math.max(1, Math.floor(passes / 4))
  runner.passes = Math.max(1, Math.ceil(batchMs / passMs))
  runner.rounds = Math.min(rounds, Math.max(FEWEST_ROUNDS, Math.floor(MOST_MS / (runner.passes * passMs))))
}

async function measure(runner: Runner) {
  const cpuBefore = process.cpuUsage()
  const wallBefore = process.hrtime.bigint()
  await runner.run(runner.passes)
  const wall = Number(process.hrtime.bigint() - wallBefore)
  const { user, system } = process.cpuUsage(cpuBefore)
  const calls = runner.calls * runner.passes
  runner.cpu.push(((user + system) * 1_000) / calls)
  runner.wall.push(wall / calls)
}

/** Rounds go over all contenders in turn, so that whatever else the machine does hits all alike. */
export async function timeAll(
  workload: string,
  readies: readonly Ready[],
  effort: Effort,
): Promise<Record<string, Timing>> {
  const runners = readies.map((ready) =>
    runnerOf(ready, makeLoop(`${workload}_${ready.contender.name}`, ready.contender.isAsync)),
  )
  for (const runner of runners) await calibrate(runner, effort)
  for (let round = 0; round < effort.rounds; round++) {
    for (const runner of runners) if (round < runner.rounds) await measure(runner)
  }
  return Object.fromEntries(
    runners.map(({ name, cpu, wall, rounds }) => [name, { cpu: median(cpu), wall: median(wall), rounds }]),
  )
}
