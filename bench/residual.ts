/**
 * Residuals: the law over a million cases, what making and deciding one costs against the whole config, and what a
 * browser is sent. A table, then the same figures as JSON.
 */
import { gzipSync } from 'node:zlib'
import { parseConfig, residualOf, resolve, resolveResidual, writeConfig } from '../lib/evaluation/index'
import { prepareTest } from '../lib/evaluation/operators'
import { provideTests } from '../lib/evaluation/residual/tests'
import { loadRegex } from '../lib/regex'
import { newSeed, randomFrom } from '../tests/support/random'
import { checkLaw, randomConfig, randomContext } from '../tests/support/residual-cases'

const CASES = Number(process.argv[2] ?? 1_000_000)
const FLAGS_SHOWN = 100
const ROUNDS = 9

await loadRegex()
provideTests(prepareTest)

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!

/** Median microseconds a call. */
function microseconds(calls: number, call: (i: number) => unknown): number {
  let kept: unknown
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) kept = call(i)
    return ((performance.now() - start) * 1_000) / calls
  })
  if (kept === null) throw new Error('unreachable: keeps the calls from being optimised away')
  return median(rounds)
}

const seed = newSeed()
const start = performance.now()
const law = checkLaw(seed, CASES)
const lawSeconds = (performance.now() - start) / 1_000
if (law.broken.length > 0) throw new Error(`seed ${seed}: ${law.broken[0]}`)

/** One config of a hundred flags, from many random ones. */
const random = randomFrom(1)
const flags = Object.fromEntries(
  Array.from({ length: Math.ceil(FLAGS_SHOWN / 12) }, () => randomConfig(random)).flatMap((config, i) =>
    Object.entries(config.flags).map(([key, flag]) => [
      `${key}-${i}`,
      {
        ...flag,
        prerequisites: flag.prerequisites?.map((needed) => ({ ...needed, flag: `${needed.flag}-${i}` })),
      },
    ]),
  ),
)
const whole = { ...randomConfig(random), flags, killed: [] }
const parsed = parseConfig(JSON.parse(JSON.stringify(whole)))
if (!parsed.ok) throw new Error(parsed.error)
const { config } = parsed
const keys = Object.keys(flags).slice(0, FLAGS_SHOWN)
const attributes = { country: 'public', age: 'public', plan: 'public', roles: 'public' } as const
const source = { config, flags: keys, attributes }
const contexts = Array.from({ length: 500 }, () => randomContext(random))
const now = Date.parse('2026-01-01T12:00:00Z')
const residuals = contexts.map((context) => residualOf(source, context, now))
const text = (input: unknown) => JSON.stringify(input)

const making = microseconds(500, (i) => text(residualOf(source, contexts[i]!, now)))
const local = microseconds(50_000, (i) => {
  const at = i % 500
  return resolveResidual(residuals[at]!, keys[i % 100]!, 'boolean', false, contexts[at]!, now)
})
const full = microseconds(50_000, (i) =>
  resolve(config, keys[i % 100]!, 'boolean', false, contexts[i % 500]!, now),
)
const bytes = residuals.map((residual) => Buffer.byteLength(text(residual)))
const gzipped = residuals.map((residual) => gzipSync(text(residual)).length)
const wholeText = writeConfig({ ...whole, flags } as never)

const figures = [
  { measure: 'cases of the law, all equal', value: law.cases, unit: '' },
  {
    measure: 'flags that read public attributes inside',
    value: (100 * law.readPublicInside) / law.flags,
    unit: '%',
  },
  {
    measure: 'flags that roll out by private ones',
    value: (100 * law.rollOutByPrivate) / law.flags,
    unit: '%',
  },
  { measure: 'cases whose answer moved', value: (100 * law.moved) / law.cases, unit: '%' },
  { measure: 'time for the law', value: lawSeconds, unit: 's' },
  { measure: `making one of ${FLAGS_SHOWN} flags, as JSON`, value: making, unit: 'us' },
  { measure: 'deciding a flag by a residual', value: local, unit: 'us' },
  { measure: 'deciding a flag by the whole config', value: full, unit: 'us' },
  { measure: 'a residual', value: median(bytes), unit: 'B' },
  { measure: 'a residual, gzipped', value: median(gzipped), unit: 'B' },
  { measure: 'the whole config', value: Buffer.byteLength(wholeText), unit: 'B' },
  { measure: 'the whole config, gzipped', value: gzipSync(wholeText).length, unit: 'B' },
].map((figure) => ({ ...figure, value: Math.round(figure.value * 100) / 100 }))
console.log(`seed ${seed}`)
console.table(figures)
console.log(JSON.stringify({ bench: 'residual', seed, figures }))
