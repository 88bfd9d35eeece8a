import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, parseConfig } from '@/lib/evaluation'
import type { Condition, JsonValue, Operator } from '@/lib/evaluation/types'
import { contradiction, covers, isAlways, isNever } from './condition-logic'

const is = (...values: JsonValue[]): Condition => ({ attribute: 'plan', op: 'is_one_of', values })
const isNot = (...values: JsonValue[]): Condition => ({ ...is(...values), negate: true }) as Condition
const seats = (op: Operator, ...values: number[]): Condition => ({ attribute: 'seats', op, values })
const set: Condition = { attribute: 'plan', op: 'is_set', values: [] }
const unset: Condition = { attribute: 'plan', op: 'is_not_set', values: [] }
const text = (op: Operator, ...values: string[]): Condition => ({ attribute: 'email', op, values })
const app = (op: Operator, ...values: string[]): Condition => ({ attribute: 'app', op, values })
const beta: Condition = { segment: 'beta' }
const notBeta: Condition = { segment: 'beta', negate: true }

describe('covers', () => {
  it.each<[Condition, Condition]>([
    [{ all: [] }, is('pro')],
    [is('pro', 'team'), is('pro')],
    [isNot('pro'), isNot('pro', 'team')],
    [set, is('pro')],
    [is('pro'), { all: [is('pro'), beta] }],
    [{ any: [beta, is('pro')] }, is('pro')],
    [is('pro', 'team'), { any: [is('pro'), is('team')] }],
    [seats('gte', 5), seats('gt', 5)],
    [seats('gte', 5), seats('between', 5, 9)],
    [seats('lt', 10), seats('eq', 9)],
    [{ not: is('pro') }, unset],
    [{ not: { any: [is('pro')] } }, is('team')],
    [beta, { all: [is('pro'), { all: [beta] }] }],
    [is('x'), { all: [beta, notBeta] }],
    [text('ends_with', '@a.com', '@b.com'), text('ends_with', '@a.com')],
    [text('ends_with', '.com'), text('ends_with', '@a.com', '@b.com')],
    [text('contains', 'an'), text('starts_with', 'ana')],
    [{ ...text('starts_with', 'AN'), ignoreCase: true } as Condition, text('starts_with', 'ana')],
    [app('semver_gte', '5.2'), app('semver_gte', '5.3.0')],
    [app('semver_in_range', '>=5 <7'), app('semver_in_range', '^5.1', '6.x')],
    [{ ...app('semver_lt', '5.0.0'), negate: true } as Condition, app('semver_gt', '5.0.0')],
    [app('before', '2027-01-01T00:00:00Z'), app('before', '2027-01-01T00:30:00+01:00')],
    [app('within_last', '2w'), app('within_last', '7d')],
    [app('has_any', 'a', 'b'), app('has_all', 'b', 'c')],
    [app('ip_in_cidr', '10.0.0.0/8', '::1'), app('ip_in_cidr', '::1')],
  ])('%j covers %j', (wide, narrow) => expect(covers(wide, narrow)).toBe(true))

  it.each<[Condition, Condition]>([
    [is('pro'), is('pro', 'team')],
    [isNot('pro', 'team'), isNot('pro')],
    [is('1'), is(1)],
    [{ all: [is('pro'), beta] }, is('pro')],
    [seats('gt', 5), seats('gte', 5)],
    [isNot('pro'), unset],
    [beta, notBeta],
    [text('starts_with', 'ana'), text('starts_with', 'an')],
    [text('ends_with', 'ana'), text('starts_with', 'ana')],
    [text('starts_with', 'AN'), { ...text('starts_with', 'AN'), ignoreCase: true } as Condition],
    [{ ...text('starts_with', 'ΟΣ'), ignoreCase: true } as Condition, text('starts_with', 'ΟΣ')],
    [app('semver_gt', '5.0.0'), app('semver_gte', '5.0.0')],
    [app('before', '2027-01-01T00:00:00Z'), app('older_than', '7d')],
    [app('has_all', 'a', 'b'), app('has_any', 'a', 'b')],
    [app('semver_gte', 'five'), app('semver_gte', '5.3.0')],
  ])('%j does not cover %j', (wide, narrow) => expect(covers(wide, narrow)).toBe(false))
})

describe('contradiction', () => {
  it.each<[Condition, Condition]>([
    [is('pro'), is('team')],
    [is('pro'), isNot('pro', 'team')],
    [is('pro'), unset],
    [seats('lt', 5), seats('gte', 5)],
    [beta, notBeta],
    [is('pro'), { not: is('pro', 'team') }],
    [is('pro'), { any: [is('team'), unset] }],
    [text('starts_with', 'ana'), text('starts_with', 'bo')],
    [app('semver_lt', '5.0.0'), app('semver_in_range', '^5')],
    [app('within_last', '7d'), app('older_than', '7d')],
    [app('has_any', 'a'), app('has_none', 'a', 'b')],
  ])('is found between %j and %j', (a, b) => {
    expect(contradiction({ all: [{ all: [a] }, b] })).toEqual([a, b])
    expect(isNever({ any: [{ all: [b, a] }] })).toBe(true)
  })

  it('is not claimed of what a list may hold at once', () => {
    const has = (value: string): Condition => ({ attribute: 'plan', op: 'has_any', values: [value] })
    expect(contradiction({ all: [has('a'), has('b')] })).toBeNull()
    expect(contradiction({ all: [seats('lte', 5), seats('gte', 5)] })).toBeNull()
  })
})

describe('always', () => {
  it.each<Condition>([
    { all: [] },
    { not: { any: [] } },
    { any: [set, unset] },
    { any: [beta, notBeta] },
    { any: [{ not: is('pro') }, is('pro', 'team')] },
    { not: { all: [is('pro'), is('team')] } },
  ])('%j', (when) => expect(isAlways(when)).toBe(true))

  it.each<Condition>([{ any: [is('pro'), isNot('pro')] }, { any: [] }, is('pro')])(
    'is not claimed of %j',
    (when) => expect(isAlways(when)).toBe(false),
  )
})

const values = fc.uniqueArray(fc.constantFrom<JsonValue>('a', 'b', 1, 2), { minLength: 1, maxLength: 3 })
const number = fc.integer({ min: 0, max: 4 })
const attribute = fc.constantFrom('x', 'y')
const negate = fc.boolean()
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ attribute, op: fc.constant('is_one_of' as const), values, negate }),
  fc.record({
    attribute,
    op: fc.constantFrom('is_set' as const, 'is_not_set' as const),
    values: fc.constant([]),
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
    values: fc.tuple(number, number).map((pair) => pair.sort()),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('starts_with' as const, 'ends_with' as const, 'contains' as const),
    values: fc.uniqueArray(fc.constantFrom('a', 'ab', 'b', 'Σ', 'Ab'), { minLength: 1, maxLength: 2 }),
    negate,
    ignoreCase: fc.boolean(),
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('semver_eq' as const, 'semver_lt' as const, 'semver_gte' as const),
    values: fc.tuple(fc.constantFrom('1.2.0', '1.2.0-beta', '2')),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constant('semver_in_range' as const),
    values: fc.tuple(fc.constantFrom('^1.2', '1.x || 3', '<2', '*')),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('before' as const, 'after' as const),
    values: fc.tuple(fc.constantFrom('1970-01-01T00:00:00Z', '1969-12-31T23:00:00Z', -1_000)),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('within_last' as const, 'older_than' as const),
    values: fc.tuple(fc.constantFrom('1s', '1h')),
    negate,
  }),
  fc.record({
    attribute,
    op: fc.constantFrom('has_any' as const, 'has_all' as const, 'has_none' as const),
    values: fc.uniqueArray(fc.constantFrom('a', 'b', 1), { minLength: 1, maxLength: 2 }),
    negate,
  }),
  fc.record({ segment: fc.constantFrom('s', 't'), negate }),
)
const when: fc.Arbitrary<Condition> = fc.letrec<{ when: Condition }>((tie) => ({
  when: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('when'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('when'), { maxLength: 3 }) }),
    fc.record({ not: tie('when') }),
  ),
})).when
const value = fc.oneof(
  fc.constantFrom<unknown>('a', 'b', 'c', 0, 1, 2, 3, 2.5, true, null, undefined),
  fc.constantFrom<unknown>('ab', 'AB', 'aba', 'bΣ', 'bΣa', 'Σ'),
  fc.constantFrom<unknown>('1.2.0', '1.2.0-beta', '1.3', '2.0.0-1', '2', '3.0.0'),
  fc.constantFrom<unknown>(-1_000, -2_000, -3_600_000, -9_000_000, 5_000, '1970-01-01T00:00:00Z'),
  fc.constantFrom<unknown>(['a'], ['a', 'b'], ['b', 1], []),
)
const context = fc.record({ x: value, y: value, targetingKey: fc.constantFrom('ana', 'bo') })

/** Whether the engine says yes to each of them. */
function meets(conditions: readonly Condition[]): (somebody: Record<string, unknown>) => boolean[] {
  const id = '1.1.00000000'
  const flag = (when: Condition) => ({
    on: true,
    version: 1,
    rules: [{ id: 'r', when, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'a/b',
    id,
    killed: [],
    killedAt: id,
    flags: Object.fromEntries(conditions.map((when, i) => [`f${i}`, flag(when)])),
    segments: {
      s: { by: 'targetingKey', included: ['ana'], excluded: [], any: [] },
      t: { by: 'targetingKey', included: [], excluded: [], any: [is('a')] },
    },
  })
  if (!parsed.ok) throw new Error(parsed.error)
  return (somebody) =>
    conditions.map((_, i) => evaluate(parsed.config, `f${i}`, somebody, 0).variant === 'on')
}

it('claims nothing that the engine would contradict', () => {
  let [claims, pairs] = [0, 0]
  fc.assert(
    fc.property(when, when, fc.array(context, { minLength: 20, maxLength: 20 }), (a, b, people) => {
      const claim = {
        covers: covers(b, a),
        apart: contradiction({ all: [a, b] }) !== null,
        never: isNever(a),
        always: isAlways(a),
      }
      pairs++
      if (!Object.values(claim).includes(true)) return
      claims++
      const answers = meets([a, b])
      for (const somebody of people) {
        const [isA, isB] = answers(somebody)
        if (claim.covers && isA) expect(isB).toBe(true)
        if (claim.apart) expect(isA && isB).toBe(false)
        if (claim.never) expect(isA).toBe(false)
        if (claim.always) expect(isA).toBe(true)
      }
    }),
    { numRuns: 3_000 },
  )
  console.log(`of ${pairs} pairs of conditions, something was claimed of ${claims}`)
  expect(claims).toBeGreaterThan(100)
})
