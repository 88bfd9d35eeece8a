import { basename, join } from 'node:path'
import { type Bundles, bundled, testFiles } from './build'
import { type Mutant, SOURCES } from './mutants'
import type { Options } from './options'
import { type Ended, tested } from './tested'

/** `invalid`: it does not compile. */
export type Verdict = { readonly mutant: Mutant } & (Ended | { readonly outcome: 'invalid' })

/** What each file of tests takes in ms, test by test. */
type Pace = ReadonlyMap<string, readonly number[]>

const FIRST_LIMIT_MS = 600_000
/** A test may take this much longer than it did on the engine as it is, other work on the machine counted in. */
const SLOWER = 10
const GRACE_MS = 6_000
const PATIENCE = 4

/** What the tests take on the engine as it is. Throws where they do not pass. */
export async function baseline(root: string, folder: string, options: Options): Promise<Pace> {
  const pace = new Map(testFiles(root).map((file): [string, number[]] => [file, []]))
  const bundles = await bundled(root, join(folder, 'baseline'), [...pace.keys()], null)
  const ended = await tested([...pace.keys()], bundles, options, {
    limit: () => FIRST_LIMIT_MS,
    took: (file, ms) => pace.get(file)!.push(ms),
  })
  if (ended.outcome === 'survived') return pace
  const { tests, test } = { test: 'the end', ...ended }
  throw new Error(
    `${tests}: "${test}" fails on the engine as it is: mend it, or try a larger share of --runs`,
  )
}

type Bench = {
  readonly root: string
  readonly folder: string
  readonly pace: Pace
  readonly options: Options
}

/**
 * Runs the tests against each mutant, several at a time; `done` hears of each. One that takes too long is tried again
 * with more patience: the machine may have had other things to do.
 */
export async function verdictsOn(
  mutants: readonly Mutant[],
  bench: Bench,
  done: (verdict: Verdict) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  const late: Mutant[] = []
  const decided = (verdict: Verdict) => {
    verdicts.push(verdict)
    done(verdict)
  }
  await eachOf(mutants, bench, 1, (verdict) => {
    if (verdict.outcome === 'timeout') late.push(verdict.mutant)
    else decided(verdict)
  })
  await eachOf(late, bench, PATIENCE, decided)
  return verdicts
}

async function eachOf(
  mutants: readonly Mutant[],
  { root, folder, pace, options }: Bench,
  patience: number,
  decided: (verdict: Verdict) => void,
): Promise<void> {
  const kills = new Map<string, number>()
  const limit = (file: string, step: number) => patience * (GRACE_MS + SLOWER * (pace.get(file)?.[step] ?? 0))
  const verdictOn = async (mutant: Mutant, slot: string): Promise<Verdict> => {
    let bundles: Bundles
    try {
      bundles = await bundled(root, slot, [...pace.keys()], mutant)
    } catch {
      return { mutant, outcome: 'invalid' }
    }
    const files = soonestFirst(mutant, pace, kills).filter((file) => bundles.has(file, mutant.file))
    return { mutant, ...(await tested(files, bundles, options, { limit, took: () => {} })) }
  }
  const left = mutants.values()
  const worker = async (number: number) => {
    for (const mutant of left) {
      const verdict = await verdictOn(mutant, join(folder, `slot-${number}`))
      if ('tests' in verdict) kills.set(verdict.tests, (kills.get(verdict.tests) ?? 0) + 1)
      decided(verdict)
    }
  }
  await Promise.all(Array.from({ length: options.workers }, (_, number) => worker(number)))
}

/** The tests of the mutant's own module, then those that have killed most for their time. */
function soonestFirst({ file }: Mutant, pace: Pace, kills: ReadonlyMap<string, number>): string[] {
  const own = `${SOURCES}/${basename(file, '.ts')}.test.ts`
  const cost = (test: string) => {
    if (test === own) return 0
    return pace.get(test)!.reduce((sum, ms) => sum + ms, 0) / (1 + (kills.get(test) ?? 0))
  }
  return [...pace.keys()].sort((a, b) => cost(a) - cost(b))
}
