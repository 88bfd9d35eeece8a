import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALLOCATION_OPTIONS, KNOWN_OBJECT_BYTES } from './allocation'
import { answers, faultOf, makeReady, type Ready } from './check'
import { inChild } from './child'
import { asked, scaled } from './contenders'
import { limit } from './limit'
import { mix } from './mix'
import type { Options } from './options'
import { ours } from './ours'
import { type Payload, payloadOf } from './payload'
import { KEEP_OPTIONS, type Kept } from './scale'
import { median } from './statistics'
import { type Effort, type Timing, timeAll, warmUp } from './timing'
import { type Workload, workloads } from './workloads'

/** Figures by contender. */
export type By<T> = Readonly<Record<string, T>>

/** Thrown where an engine answers wrong: then no figure means anything. */
export class WrongAnswers extends Error {}

const FULL: Effort = { warmUpMs: 150, batchMs: 5, rounds: 35 }
const QUICK: Effort = { warmUpMs: 50, batchMs: 2, rounds: 9 }
const STARTS = 5
const FEWEST_STARTS = 3
const QUICK_STARTS = 1
const MOST_START_MS = 4_000 // of one contender together, after the fewest

export type Checked = { readonly workload: Workload; readonly readies: readonly Ready[] }

/** Opens and checks everyone on every workload before anything is timed, so that no engine has seen only one. */
export async function checkAll(options: Options): Promise<readonly Checked[]> {
  const faults: string[] = []
  const checked: Checked[] = []
  for (const workload of workloads.filter(({ name }) => options.workloads.includes(name))) {
    const readies: Ready[] = []
    for (const contender of asked) {
      if (contender.unable(workload.environment) !== undefined) continue
      const ready = await makeReady(contender, workload)
      const fault = await faultOf(ready, workload)
      if (fault !== undefined) faults.push(`${contender.name} on ${workload.name}: ${fault}`)
      readies.push(ready)
    }
    faults.push(...(await differences(readies, workload)))
    checked.push({ workload, readies })
  }
  if (faults.length > 0) throw new WrongAnswers(faults.join('\n'))
  return checked
}

/** The limit has to do what we do, to the bucket: where it answers otherwise it is no limit of ours. */
async function differences(readies: readonly Ready[], { name }: Workload): Promise<string[]> {
  const [our, hand] = [ours, limit].map((wanted) => readies.find(({ contender }) => contender === wanted)!)
  const [found, wanted] = [await answers(hand!), await answers(our!)]
  const at = found.findIndex((answer, i) => answer !== wanted[i])
  return at === -1 ? [] : [`limit on ${name}: user ${at} was answered ${found[at]}, by ours ${wanted[at]}`]
}

export async function cpu(checked: readonly Checked[], { quick }: Options): Promise<By<By<Timing>>> {
  const effort = quick ? QUICK : FULL
  for (const { readies } of checked) await warmUp(readies, effort)
  const found: Record<string, By<Timing>> = {}
  for (const { workload, readies } of checked) {
    found[workload.name] = await timeAll(workload.name, readies, effort)
  }
  return found
}

export type Allocation = {
  readonly known: { readonly nothing: number; readonly object: number }
  /** Contender, then workload. */
  readonly bytes: By<By<number>>
}

export async function allocation(): Promise<Allocation> {
  const known = await inChild<Allocation['known']>(
    { kind: 'known-allocation', contender: '', file: '' },
    ALLOCATION_OPTIONS,
  )
  if (known.nothing > 1 || Math.abs(known.object - KNOWN_OBJECT_BYTES) > 1) {
    const { nothing, object } = known
    const wanted = `0 and ${KNOWN_OBJECT_BYTES} bytes`
    throw new Error(`allocation cannot be measured here: ${wanted} were measured as ${nothing} and ${object}`)
  }
  const bytes: Record<string, By<number>> = {}
  for (const { name } of asked) {
    bytes[name] = await inChild({ kind: 'allocation', contender: name, file: '' }, ALLOCATION_OPTIONS)
  }
  return { known, bytes }
}

async function startsOf(contender: string, file: string, quick: boolean): Promise<readonly number[]> {
  const [most, fewest] = quick ? [QUICK_STARTS, QUICK_STARTS] : [STARTS, FEWEST_STARTS]
  const starts: number[] = []
  const spent = () => starts.reduce((sum, ms) => sum + ms, 0)
  while (starts.length < fewest || (starts.length < most && spent() < MOST_START_MS)) {
    starts.push(await inChild<number>({ kind: 'start', contender, file }, []))
  }
  return starts
}

export type Scale = Kept & { readonly startMs: number; readonly starts: readonly number[] }

export async function scale({ quick }: Options): Promise<By<Scale>> {
  const directory = mkdtempSync(join(tmpdir(), 'jackstaff-bench-'))
  const found: Record<string, Scale> = {}
  try {
    for (const [i, { name, wire }] of scaled.entries()) {
      if (!wire) continue
      const file = join(directory, `${i}.json`)
      writeFileSync(file, wire.text(mix()))
      const starts = await startsOf(name, file, quick)
      const kept = await inChild<Kept>({ kind: 'keep', contender: name, file }, KEEP_OPTIONS)
      found[name] = { ...kept, startMs: median(starts), starts }
      rmSync(file)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  return found
}

export function payload(): By<Payload> {
  return Object.fromEntries(scaled.flatMap(({ name, wire }) => (wire ? [[name, payloadOf(wire)]] : [])))
}
