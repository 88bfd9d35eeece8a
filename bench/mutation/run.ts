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

/** Runs the tests against each mutant, several at a time; `done` hears of each. */
export async function verdictsOn(
  mutants: readonly Mutant[],
  root: string,
  folder: string,
  pace: Pace,
  options: Options,
  done: (verdict: Verdict) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  const kills = new Map<string, number>()
  const left = mutants.values()
  const worker = async (slot: number) => {
    for (const mutant of left) {
      const verdict = await verdictOn(mutant, root, join(folder, `slot-${slot}`), pace, kills, options)
      if ('tests' in verdict) kills.set(verdict.tests, (kills.get(verdict.tests) ?? 0) + 1)
      verdicts.push(verdict)
      done(verdict)
    }
  }
  await Promise.all(Array.from({ length: options.workers }, (_, slot) => worker(slot)))
  return verdicts
}

async function verdictOn(
  mutant: Mutant,
  root: string,
  folder: string,
  pace: Pace,
  kills: ReadonlyMap<string, number>,
  options: Options,
): Promise<Verdict> {
  let bundles: Bundles
  try {
    bundles = await bundled(root, folder, [...pace.keys()], mutant)
  } catch {
    return { mutant, outcome: 'invalid' }
  }
  const files = soonestFirst(mutant, pace, kills).filter((file) => bundles.has(file, mutant.file))
  const limit = (file: string, step: number) => GRACE_MS + SLOWER * (pace.get(file)?.[step] ?? 0)
  return { mutant, ...(await tested(files, bundles, options, { limit, took: () => {} })) }
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
