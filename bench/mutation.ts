import { writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { mutantsOf, sampled, sourceFiles } from './mutation/mutants'
import { type Options, optionsOf } from './mutation/options'
import { inOrder, report, score, tally, written } from './mutation/report'
import { baseline, type Verdict, verdictsOn } from './mutation/run'

// How much of the engine its tests notice when it changes: bench/README.md.

const ROOT = process.cwd()
const FOLDER = resolve('dist/mutation')
const EVERY = 50 // mutants, a line of progress

function chosenFiles({ modules }: Options): string[] {
  const files = sourceFiles(ROOT)
  const names = files.map((file) => basename(file, '.ts'))
  const unknown = modules.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`--module ${unknown}: there is none of that name; there are ${names.join(', ')}`)
  return files.filter((_, i) => modules.length === 0 || modules.includes(names[i]!))
}

async function main() {
  const options = optionsOf(process.argv.slice(2))
  const { sample, seed, runs, json } = options
  const { mutants, excluded } = mutantsOf(ROOT, chosenFiles(options))
  const drawn = sampled(mutants, sample, seed)
  const rate = `${((100 * drawn.length) / mutants.length).toFixed(1)} %`
  console.log(`${mutants.length} mutants, ${drawn.length} drawn (${rate}, seed ${seed}), ${runs} of all runs`)
  for (const [rule, count] of Object.entries(excluded)) console.log(`left out, ${count}: ${rule}`)

  const start = performance.now()
  const seconds = () => `${Math.round((performance.now() - start) / 1_000)} s`
  const pace = await baseline(ROOT, FOLDER, options)
  console.log(`the tests pass, in ${seconds()}\n`)

  const soFar: Verdict[] = []
  const verdicts = inOrder(
    await verdictsOn(drawn, { root: ROOT, folder: FOLDER, pace, options }, (verdict) => {
      soFar.push(verdict)
      if (verdict.outcome === 'survived') console.log(`survived: ${written(verdict.mutant)}`)
      if (soFar.length % EVERY === 0)
        console.log(`${soFar.length} of ${drawn.length}, ${score(tally(soFar))}, ${seconds()}`)
    }),
  )
  const counts = tally(verdicts)
  console.log(
    `\n${report(verdicts)}\n\nscore ${score(counts)}, ${counts.invalid} did not compile, ${seconds()}`,
  )
  if (json === undefined) return
  const listed = verdicts.map(({ mutant: { text: _, ...mutant }, ...verdict }) => ({ ...mutant, ...verdict }))
  const figures = { bench: 'mutation', population: mutants.length, seed, runs, excluded, ...counts }
  writeFileSync(json, `${JSON.stringify({ ...figures, mutants: listed })}\n`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
