import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { makeReady } from './check'
import { collectGarbage } from './child'
import { type Loop, makeLoop } from './loop'
import type { Ask, Contender } from './spec'
import { median } from './statistics'
import { type Workload, workloads } from './workloads'

/** A young generation so large that a measurement ends before it is collected. */
export const ALLOCATION_OPTIONS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']

const ROUGHLY_BYTES = 32 * 1024 * 1024
const MOST_PASSES = 500
const MOST_MS = 100
const WARM_UP_MS = 150
const FEW = 10
const REPEATS = 3

const collections: number[] = []

function watchCollections() {
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) collections.push(startTime)
  }).observe({ entryTypes: ['gc'] })
}

async function grown(loop: Loop, ask: Ask, contexts: readonly unknown[], passes: number): Promise<number> {
  const box = { last: undefined }
  collectGarbage()
  const start = performance.now()
  const before = process.memoryUsage().heapUsed
  await loop(ask, contexts, passes, box)
  const after = process.memoryUsage().heapUsed
  await setImmediate()
  await setImmediate() // entries are delivered a turn after they were made
  if (!collections.some((time) => time > start)) return after - before
  if (passes === 1) throw new Error('the fewest calls are too much for the young generation: make it larger')
  return (await grown(loop, ask, contexts, Math.ceil(passes / 2))) * (passes / Math.ceil(passes / 2))
}

/** Bytes a call, the median of several measurements without a collection in between. */
async function bytesPerCall(loop: Loop, ask: Ask, contexts: readonly unknown[]): Promise<number> {
  const start = performance.now()
  let warmUps = 0
  while (warmUps < 20 || performance.now() - start < WARM_UP_MS) {
    await loop(ask, contexts, 1, { last: undefined })
    warmUps++
  }
  const passMs = (performance.now() - start) / warmUps
  const few = contexts.slice(0, FEW)
  const aCall = Math.max(1, (await grown(loop, ask, few, 1)) / few.length)
  const some = contexts.slice(0, Math.floor(ROUGHLY_BYTES / aCall))
  const passes = Math.floor(Math.min(MOST_PASSES, MOST_MS / passMs, ROUGHLY_BYTES / (aCall * some.length)))
  const found: number[] = []
  for (let i = 0; i < REPEATS; i++) found.push(await grown(loop, ask, some, Math.max(1, passes)))
  return median(found) / (Math.max(1, passes) * some.length)
}

async function ofWorkload(contender: Contender, workload: Workload): Promise<number> {
  const { engine, contexts, ask } = await makeReady(contender, workload)
  const loop = makeLoop(`allocate_${workload.name}`, contender.isAsync)
  const bytes = await bytesPerCall(loop, ask, contexts)
  await engine.close()
  return bytes
}

export async function allocationOf(contender: Contender): Promise<Record<string, number>> {
  watchCollections()
  const found: Record<string, number> = {}
  for (const workload of workloads) {
    if (contender.unable(workload.environment) === undefined) {
      found[workload.name] = await ofWorkload(contender, workload)
    }
  }
  return found
}

/** The same measurement of calls whose bytes are known: nothing, and an object of three fields. */
export async function knownAllocation(): Promise<{ nothing: number; object: number }> {
  watchCollections()
  const numbers = Array.from({ length: 1_000 }, (_, i) => i)
  const [nothing, object] = [
    await bytesPerCall(makeLoop('allocate_nothing', false), (i) => i, numbers),
    await bytesPerCall(makeLoop('allocate_object', false), (i) => ({ a: i, b: i, c: i }), numbers),
  ]
  return { nothing, object }
}

/** An object in V8 without pointer compression: map, properties, elements and three fields of eight bytes. */
export const KNOWN_OBJECT_BYTES = 48
