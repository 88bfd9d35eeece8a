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
  ])('%j covers %j', (wide, narrow) => expect(covers(wide, narrow)).toBe(true))

  it.each<[Condition, Condition]>([
    [is('pro'), is('pro', 'team')],
    [isNot('pro', 'team'), isNot('pro')],
    [is('1'), is(1)],
    [{ all: [is('pro'), beta] }, is('pro')],
    [seats('gt', 5), seats('gte', 5)],
    [isNot('pro'), unset],
    [beta, notBeta],
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
const value = fc.constantFrom<unknown>('a', 'b', 'c', 0, 1, 2, 3, 2.5, true, null, ['a'], undefined)
const context = fc.record({ x: value, y: value, targetingKey: fc.constantFrom('ana', 'bo') })

/** Whether the engine says yes. */
function meets(conditions: readonly Condition[], somebody: Record<string, unknown>): boolean[] {
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
  return conditions.map((_, i) => evaluate(parsed.config, `f${i}`, somebody, 0).variant === 'on')
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
      for (const somebody of people) {
        const [isA, isB] = meets([a, b], somebody)
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
