/**
 * How fairly and how fast people are put into buckets: a table, then the same figures as JSON.
 *
 *     npx esbuild bench/bucketing.ts --bundle --packages=external --platform=node --format=esm |
 *       node --input-type=module
 */
import independent from 'murmurhash3js-revisited'
import { bucket, murmur3 } from '../lib/evaluation/index'

const PEOPLE = 1_000_000
const SALT = 'checkout'
const WHOLE = 100_000

type Figure = {
  readonly measure: string
  readonly value: number
  readonly unit: string
  readonly expected: string
}

function shareOf(percent: number, keyOf: (i: number) => string): number {
  let inside = 0
  for (let i = 0; i < PEOPLE; i++) if (bucket(SALT, keyOf(i)) < percent * 1_000) inside++
  return (100 * inside) / PEOPLE
}

/** Chi-square of a split over the people inside a partial share; the critical value is that of p = 0.001. */
function chiSquare(weights: readonly number[], percent: number): number {
  const counts = weights.map(() => 0)
  let inside = 0
  for (let i = 0; i < PEOPLE; i++) {
    const key = `user-${i}`
    if (bucket(SALT, key) >= percent * 1_000) continue
    inside++
    const position = bucket(`${SALT}/split/`, key)
    let end = 0
    const served = weights.findIndex((weight) => {
      end += weight
      return position < end
    })
    counts[served]!++
  }
  return counts.reduce((sum, count, i) => {
    const expected = (inside * weights[i]!) / WHOLE
    return sum + (count - expected) ** 2 / expected
  }, 0)
}

/** The best of several rounds, so that other work on the machine counts least. */
function nanosecondsPerCall(call: (i: number) => number): number {
  const CALLS = 500_000
  let sink = 0
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 7; round++) {
    const start = performance.now()
    for (let i = 0; i < CALLS; i++) sink ^= call(i)
    best = Math.min(best, ((performance.now() - start) * 1e6) / CALLS)
  }
  if (Number.isNaN(sink)) throw new Error('unreachable: keeps the calls from being optimised away')
  return best
}

const uuids = Array.from(
  { length: 1_024 },
  (_, i) => `${i.toString(16).padStart(8, '0')}-7e5b-4c1d-9a2f-0123456789ab`,
)
const encoder = new TextEncoder()
const bytes = uuids.map((uuid) => encoder.encode(SALT + uuid))
independent.inputValidation = false // compare hashing with hashing

const figures: Figure[] = [
  {
    measure: 'inside 25 %, sequential ids',
    value: shareOf(25, (i) => `user-${i}`),
    unit: '%',
    expected: '25.0 +/- 0.3',
  },
  { measure: 'inside 25 %, numeric ids', value: shareOf(25, String), unit: '%', expected: '25.0 +/- 0.3' },
  {
    measure: 'inside 25 %, e-mail ids',
    value: shareOf(25, (i) => `u${i}@example.org`),
    unit: '%',
    expected: '25.0 +/- 0.3',
  },
  {
    measure: 'inside 1 %, sequential ids',
    value: shareOf(1, (i) => `user-${i}`),
    unit: '%',
    expected: '1.0 +/- 0.1',
  },
  {
    measure: 'split 50/50 inside 25 %',
    value: chiSquare([50_000, 50_000], 25),
    unit: 'chi-square',
    expected: '< 10.83',
  },
  {
    measure: 'split 10/20/70 inside 10 %',
    value: chiSquare([10_000, 20_000, 70_000], 10),
    unit: 'chi-square',
    expected: '< 13.82',
  },
  {
    measure: 'murmur3, 44 bytes',
    value: nanosecondsPerCall((i) => murmur3(bytes[i & 1_023]!)),
    unit: 'ns',
    expected: '',
  },
  {
    measure: 'murmurhash3js-revisited, 44 bytes',
    value: nanosecondsPerCall((i) => independent.x86.hash32(bytes[i & 1_023]!)),
    unit: 'ns',
    expected: '',
  },
  {
    measure: 'bucket, UUID',
    value: nanosecondsPerCall((i) => bucket(SALT, uuids[i & 1_023]!)),
    unit: 'ns',
    expected: '',
  },
  {
    measure: 'bucket by murmurhash3js-revisited, UUID',
    value: nanosecondsPerCall((i) => {
      const hash = independent.x86.hash32(encoder.encode(SALT + uuids[i & 1_023]!))
      return Math.floor((hash * WHOLE) / 2 ** 32)
    }),
    unit: 'ns',
    expected: '',
  },
]

console.table(figures.map((figure) => ({ ...figure, value: Number(figure.value.toFixed(3)) })))
console.log(JSON.stringify({ bench: 'bucketing', people: PEOPLE, figures }))
