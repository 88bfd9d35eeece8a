import fc from 'fast-check'
import type {
  Condition,
  Config,
  Flag,
  FlagMetadata,
  FlagType,
  Rollout,
  Rule,
  Segment,
  Serve,
} from '../../lib/evaluation/index'
import { loadRegex } from '../../lib/regex'

await loadRegex() // else every flag with a pattern would be malformed

/** Few names, so that generated configs and contexts meet each other. */
export const FLAG_KEYS = ['a', 'b', 'c', 'd', 'toString', 'valueOf']
const SEGMENT_KEYS = ['s', 't', 'u', 'hasOwnProperty']
const ATTRIBUTES = ['targetingKey', 'country', 'age', 'plan.tier', 'constructor', '__proto__']
const TEXTS = ['DE', 'fr', 'user-1', 'user-2', 'Zoë', '']
const NUMBERS = [0, 1, 18, -3.5]
const VERSIONS = ['1.2.3', 'v1.3.0-beta.1', '2.0', '1.2.3+build']
const RANGES = ['^1.2.3', '1.x || >=2', '1.2 - 1.3', '*']
const ADDRESSES = ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '::']
const NETWORKS = ['10.0.0.0/8', '10.0.0.1', '2001:db8::/32', '::/0']
const PATTERNS = ['^user-\\d$', '[A-Z]{2}', '', 'ë$']
const DURATIONS = ['1s', '28d', '2w']
const TIMES = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z']
export const MOMENTS = [...TIMES.map((time) => Date.parse(time)), 0]

const VARIANTS = {
  boolean: { on: true, off: false, valueOf: true },
  string: { on: 'yes', off: '', valueOf: 'é' },
  number: { on: 1, off: 0, valueOf: -0.5 },
  object: { on: { a: [1] }, off: [], valueOf: {} },
} as const

const flagKey = fc.constantFrom(...FLAG_KEYS)
const segmentKey = fc.constantFrom(...SEGMENT_KEYS)
const attribute = fc.constantFrom(...ATTRIBUTES)
const variant = fc.constantFrom('on', 'off', 'valueOf')
const texts = fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1 })
const number = fc.constantFrom(...NUMBERS)
const negate = fc.boolean()

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ segment: segmentKey, negate }),
  fc.record({
    attribute,
    op: fc.constant('is_one_of' as const),
    values: fc.array(fc.constantFrom(...TEXTS, ...NUMBERS, true), { minLength: 1, maxLength: 12 }),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('is_set' as const, 'is_not_set' as const),
    values: fc.constant([]),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('contains' as const, 'starts_with' as const, 'ends_with' as const),
    values: texts,
    ignoreCase: fc.boolean(),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
    values: fc.tuple(number),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constant('between' as const),
    values: fc.tuple(number, number).map((pair) => pair.sort((a, b) => a - b)),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constant('matches' as const),
    values: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1 }),
    ignoreCase: fc.boolean(),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('before' as const, 'after' as const),
    values: fc.tuple(fc.constantFrom(...TIMES, ...MOMENTS)),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('within_last' as const, 'older_than' as const),
    values: fc.tuple(fc.constantFrom(...DURATIONS)),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom(
      'semver_eq' as const,
      'semver_lt' as const,
      'semver_lte' as const,
      'semver_gt' as const,
      'semver_gte' as const,
    ),
    values: fc.tuple(fc.constantFrom(...VERSIONS)),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constant('semver_in_range' as const),
    values: fc.uniqueArray(fc.constantFrom(...RANGES), { minLength: 1 }),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('has_any' as const, 'has_all' as const, 'has_none' as const),
    values: fc.array(fc.constantFrom(...TEXTS, ...NUMBERS, true), { minLength: 1, maxLength: 12 }),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constant('ip_in_cidr' as const),
    values: fc.uniqueArray(fc.constantFrom(...NETWORKS), { minLength: 1 }),
    negate,
  }),
)

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition

/** Ordered variants with weights that sum to 100000, zeros among them. */
export const split: fc.Arbitrary<Rollout['split']> = fc
  .tuple(
    fc.shuffledSubarray(['on', 'off', 'valueOf'], { minLength: 1 }),
    fc.array(fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(0, 100_000)), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([variants, cuts]) => {
    const ends = [...cuts.sort((a, b) => a - b).slice(0, variants.length - 1), 100_000]
    return variants.map((name, i) => ({ variant: name, weight: ends[i]! - (ends[i - 1] ?? 0) }))
  })

export const share = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(0, 1, 99_999, 100_000))

function rollout(rest: fc.Arbitrary<Rollout['rest']>): fc.Arbitrary<Rollout> {
  return fc.record(
    { by: attribute, salt: fc.constantFrom('', 'salt', 'sälz'), share, split, rest },
    { requiredKeys: ['share', 'split', 'rest'] },
  )
}

const fixed = fc.record({ variant })
const fallthrough: fc.Arbitrary<Serve> = fc.oneof(fixed, fc.record({ rollout: rollout(fixed) }))
const serve: fc.Arbitrary<Serve> = fc.oneof(
  fixed,
  fc.record({ rollout: rollout(fc.oneof(fixed, fc.constant('continue' as const))) }),
)

const window = fc.constantFrom<Pick<Rule, 'from' | 'until'>>(
  {},
  {},
  { from: TIMES[1] },
  { until: TIMES[1] },
  { from: TIMES[0], until: TIMES[2] },
)

const rules: fc.Arbitrary<Rule[]> = fc
  .array(fc.tuple(fc.record({ when: condition, serve }), window), { maxLength: 9, size: 'max' })
  .map((list) => list.map(([rule, times], i) => ({ id: `rule-${i}`, ...rule, ...times })))

export const flag: fc.Arbitrary<Flag> = fc
  .record({
    type: fc.constantFrom<FlagType>('boolean', 'string', 'number', 'object'),
    version: fc.constant(1),
    on: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    offVariant: fc.oneof(variant, fc.constant(null)),
    salt: fc.constantFrom('salt', 'other'),
    prerequisites: fc.array(
      fc.record({ flag: flagKey, variants: fc.uniqueArray(variant, { minLength: 1 }) }),
      { maxLength: 2 },
    ),
    targets: fc.array(fc.record({ variant, by: attribute, values: texts }), { maxLength: 2 }),
    rules,
    fallthrough,
    metadata: fc.constantFrom<FlagMetadata>({}, { owner: 'payments', tier: 1 }),
  })
  .map((body) => ({ ...body, variants: VARIANTS[body.type] }))

const segment: fc.Arbitrary<Segment> = fc.record({
  by: attribute,
  included: texts,
  excluded: fc.uniqueArray(fc.constantFrom(...TEXTS), { maxLength: 2 }),
  any: fc.array(condition, { maxLength: 2 }),
})

const body = {
  schema: fc.constant(1 as const),
  flagSetId: fc.constant('shop/production'),
  id: fc.constant('1.1.00000001'),
  killed: fc.uniqueArray(flagKey, { maxLength: 2 }),
  killedAt: fc.constant('1.0.00000000'),
}

/** Well-formed configs; missing segments, segment cycles and prerequisite cycles occur. */
export const config: fc.Arbitrary<Config> = fc.record({
  ...body,
  flags: fc.dictionary(flagKey, flag, { minKeys: 1, noNullPrototype: true }),
  segments: fc.dictionary(segmentKey, segment, { noNullPrototype: true }),
})

/** Configs in which any flag or segment may be any JSON at all, under any key. */
export const brokenConfig: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.record({
    ...body,
    flags: fc.dictionary(fc.oneof(flagKey, fc.string()), fc.oneof(spoilt(flag), fc.jsonValue())),
    segments: fc.dictionary(segmentKey, fc.oneof(spoilt(segment), fc.jsonValue())),
  }),
)

/** One field somewhere inside replaced by arbitrary JSON. */
function spoilt<T extends object>(sound: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc
    .tuple(sound, fc.jsonValue(), fc.array(fc.nat(), { minLength: 1, maxLength: 5 }))
    .map(([value, junk, path]) => {
      const copy = structuredClone(value)
      let at: Record<string, unknown> = copy as never
      for (const step of path) {
        const keys = Object.keys(at)
        const key = keys[step % keys.length]
        if (key === undefined) break
        const next = at[key]
        if (typeof next !== 'object' || next === null || step === path[path.length - 1]) {
          at[key] = junk
          break
        }
        at = next as never
      }
      return copy
    })
}

const value = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, true, null),
  fc.constantFrom<unknown>(...TIMES, ...MOMENTS, ...VERSIONS, ...ADDRESSES),
  fc.array(fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, true, null), { maxLength: 12 }),
  fc.jsonValue(),
)

/** What an application may send over the wire. */
export const context: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    targetingKey: fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' })),
    country: value,
    age: value,
    plan: fc.oneof(fc.record({ tier: value }), value),
    constructor: value,
  },
  { requiredKeys: [] },
)

/** What JavaScript may pass in process. */
export const hostileContext: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(context, fc.constantFrom(...ATTRIBUTES), fc.nat(10))
  .map(([attributes, name, kind]) => {
    const hostile = { ...attributes }
    const cycle: Record<string, unknown> = {}
    cycle.tier = cycle
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const unreadable = new Proxy([], {
      get() {
        throw new Error('no')
      },
    })
    const values: unknown[] = [
      unreadable,
      Object.assign([], { length: 4_294_967_295 }),
      new Date(0),
      new Date(Number.NaN),
      10n,
      cycle,
      Symbol('x'),
      () => 'x',
      revoked.proxy,
      Number.NaN,
      'é'.repeat(70_000),
    ]
    Object.defineProperty(hostile, name, { enumerable: true, value: values[kind] })
    Object.defineProperty(hostile, 'plan', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    return hostile
  })
