import { readFileSync } from 'node:fs'
import { collectGarbage } from './child'
import { firstAsked, mix } from './mix'
import {
  type Answer,
  type Contender,
  type FlagSpec,
  isSplit,
  type Wire,
  type WiredEngine,
  withChanged,
} from './spec'
import { median, quantile } from './statistics'
import { users } from './users'
import { plainFlag } from './workloads'

export const KEEP_OPTIONS = ['--expose-gc']

const MOST_CHANGES = 400
const FEWEST_CHANGES = 5
const MOST_MS = 2_500
const STRIDE = 37 // shares no factor with the number of flags, so every change is of another one

const staff = users[0]!

const wireOf = ({ name, wire }: Contender): Wire => {
  if (!wire) throw new Error(`${name} has no wire form`)
  return wire
}

async function expectAnswer(engine: WiredEngine, flag: FlagSpec, wanted: Answer) {
  const answer = engine.answerOf(await engine.ask(flag)(engine.prepare(staff)))
  if (answer !== wanted) throw new Error(`flag "${flag.key}" was answered ${answer} instead of ${wanted}`)
}

/** So that loading the module is not part of what is timed. */
async function loadModules(contender: Contender) {
  const engine = await contender.open({ flags: [plainFlag('only')], segments: {} })
  await engine.close()
}

/** Milliseconds from the text of 10,000 flags to the first answer, once in a fresh process. */
export async function startOf(contender: Contender, file: string): Promise<number> {
  const wire = wireOf(contender)
  await loadModules(contender)
  const text = wire.openFile ? '' : readFileSync(file, 'utf8')
  const start = performance.now()
  const engine = await (wire.openFile ? wire.openFile(file) : wire.open(text))
  await expectAnswer(engine, firstAsked(), true)
  const took = performance.now() - start
  await engine.close()
  return took
}

export type Kept = {
  /** Bytes after the first answer, and after every flag was asked once. */
  readonly loaded: number
  readonly used: number
  readonly change: { readonly median: number; readonly p99: number; readonly count: number }
}

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** What 10,000 flags keep on the heap, and how long one change among them takes to be applied and asked for. */
export async function keptBy(contender: Contender, file: string): Promise<Kept> {
  const wire = wireOf(contender)
  await loadModules(contender)
  const before = heapUsed()
  const engine = await wire.open(readFileSync(file, 'utf8'))
  await expectAnswer(engine, firstAsked(), true)
  const loaded = heapUsed() - before
  await askAll(engine)
  const used = heapUsed() - before
  const times = await timeChanges(wire, engine)
  await engine.close()
  return {
    loaded,
    used,
    change: { median: median(times), p99: quantile(times, 0.99), count: times.length },
  }
}

async function askAll(engine: WiredEngine) {
  const context = engine.prepare(staff)
  const start = performance.now()
  for (const flag of mix().flags) {
    if (performance.now() - start > MOST_MS) return
    await engine.ask(flag)(context)
  }
}

async function timeChanges(wire: Wire, engine: WiredEngine): Promise<number[]> {
  let environment = mix()
  const context = engine.prepare(staff)
  const times: number[] = []
  const start = performance.now()
  for (let i = 0; times.length < MOST_CHANGES; i++) {
    if (times.length >= FEWEST_CHANGES && performance.now() - start > MOST_MS) break
    const index = (i * STRIDE) % environment.flags.length
    const before = environment.flags[index]!
    if (isSplit(before)) continue
    const value = times.length % 2 === 0
    const flag: FlagSpec = { key: before.key, needs: [], rules: [], otherwise: { value } }
    environment = withChanged(environment, index, flag)
    const change = wire.change(environment, index, times.length + 2)

    const began = performance.now()
    const applied = engine.apply(change)
    if (applied) await applied
    const result = await engine.ask(flag)(context)
    times.push(performance.now() - began)
    if (engine.answerOf(result) !== value) throw new Error(`the change of flag "${flag.key}" was not applied`)
  }
  return times
}
