import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { evaluate } from './evaluate'
import type { Condition, EvaluationContext, Flag, Rule, Target } from './types'

/** The answer of a compiled flag, which has to be that of the flag walked question by question. */
function answer(flags: Readonly<Record<string, Flag>>, context: EvaluationContext) {
  const config = parsed({ flags })
  expect(config.malformed()).toEqual({})
  const compiled = evaluate(config, 'f', context, 0)
  expect(compiled).toEqual(evaluate(config, 'f', context, 0, []))
  return compiled
}

const ruled = (
  whens: readonly Condition[],
  serve: (i: number) => Rule['serve'] = () => ({ variant: 'on' }),
) =>
  aFlag({
    rules: whens.map((when, i) => ({ id: `${i}`, when, serve: serve(i) })),
    fallthrough: { variant: 'off' },
  })
const isOneOf = (attribute: string, ...values: (string | number | boolean)[]): Condition => ({
  attribute,
  op: 'is_one_of',
  values,
})
const served = (whens: readonly Condition[], context: EvaluationContext) =>
  answer({ f: ruled(whens) }, context).flagMetadata.rule

describe('many questions', () => {
  it.each([1, 8, 9, 20])('are asked in order: %i targets by one attribute each', (count) => {
    const targets = Array.from({ length: count }, (_, i): Target => {
      return { variant: i % 2 === 0 ? 'on' : 'off', by: `a${i}`, values: ['x'] }
    })
    const flag = aFlag({ targets, fallthrough: { variant: 'on' } })
    for (let i = 0; i < count; i++) {
      const later = Object.fromEntries(targets.slice(i).map(({ by }) => [by, 'x']))
      expect(answer({ f: flag }, later)).toMatchObject({
        reason: 'TARGETING_MATCH',
        variant: targets[i]!.variant,
      })
    }
    expect(answer({ f: flag }, { a0: 'y' }).reason).toBe('DEFAULT')
  })

  it('are asked in order where the last one is a rollout', () => {
    const targets = Array.from({ length: 9 }, (_, i) => ({ variant: 'off', by: `a${i}`, values: ['x'] }))
    const halves = [
      { variant: 'on', weight: 50_000 },
      { variant: 'off', weight: 50_000 },
    ]
    const fallthrough = { rollout: { share: 100_000, split: halves, rest: { variant: 'off' } } }
    const flag = aFlag({ targets, fallthrough })
    expect(answer({ f: flag }, { targetingKey: 'u', a8: 'x' }).reason).toBe('TARGETING_MATCH')
    expect(answer({ f: flag }, { targetingKey: 'u' }).reason).toBe('SPLIT')
  })

  it('by one attribute are one look-up, the first target first', () => {
    const target = (variant: string, by: string, ...values: string[]): Target => ({ variant, by, values })
    const targets = [target('on', 'a', '1', '2'), target('off', 'a', '2', '3'), target('on', 'b', '1')]
    const flag = aFlag({ targets: [...targets, target('off', 'a', '4')], fallthrough: { variant: 'off' } })
    const variants = ['1', '2', '3', '4', '5'].map((a) => answer({ f: flag }, { a }).variant)
    expect(variants).toEqual(['on', 'on', 'off', 'off', 'off'])
    expect(answer({ f: flag }, { a: '4', b: '1' }).variant).toBe('on')
  })

  it('of prerequisites are each met or not, whatever the others say', () => {
    const needed = (i: number) => ruled([isOneOf(`a${i}`, 'x')])
    const keys = Array.from({ length: 12 }, (_, i) => `p${i}`)
    const flags = {
      ...Object.fromEntries(keys.map((key, i) => [key, needed(i)])),
      f: aFlag({ prerequisites: keys.map((flag) => ({ flag, variants: ['on'] })) }),
    }
    const all = Object.fromEntries(keys.map((_, i) => [`a${i}`, 'x']))
    expect(answer(flags, all)).toMatchObject({ variant: 'on', reason: 'DEFAULT' })
    for (const [i, key] of keys.entries())
      expect(answer(flags, { ...all, [`a${i}`]: 'y' })).toMatchObject({
        variant: 'off',
        flagMetadata: { prerequisite: key },
      })
    expect(answer(flags, { a3: 'x' }).flagMetadata.prerequisite).toBe('p0')
    expect(answer(flags, { a0: 'x', a1: 'x' }).flagMetadata.prerequisite).toBe('p2')
  })

  it('make the reason of a fixed fallthrough DEFAULT, whichever kind they are of', () => {
    const asked: Partial<Flag>[] = [
      { prerequisites: [{ flag: 'other', variants: ['on'] }] },
      { targets: [{ variant: 'off', by: 'id', values: ['x'] }] },
      { rules: [{ id: 'r', when: { any: [] }, serve: { variant: 'off' } }] },
    ]
    const reason = (changes: Partial<Flag>) => answer({ f: aFlag(changes), other: aFlag() }, {}).reason
    expect(reason({})).toBe('STATIC')
    for (const one of asked) for (const other of asked) expect(reason({ ...one, ...other })).toBe('DEFAULT')
    expect(reason(Object.assign({}, ...asked))).toBe('DEFAULT')
  })
})

describe('many rules', () => {
  it.each([3, 4, 30, 31, 61, 95])('each serve those they are for: %i of them', (count) => {
    const whens = Array.from({ length: count }, (_, i) => isOneOf('n', i, 'all'))
    for (const i of [0, 1, 29, 30, 31, 59, 60, 61, count - 1].filter((at) => at < count))
      expect(served(whens, { n: i })).toBe(`${i}`)
    expect(served(whens, { n: 'all' })).toBe('0')
    expect(served(whens, { n: count })).toBeUndefined()
    expect(served(whens, {})).toBeUndefined()
  })

  it('go on where a rollout serves nobody', () => {
    const nobody = {
      rollout: { share: 0, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' },
    } as const
    const flag = ruled(Array(40).fill(isOneOf('n', 1, 2)), (i) => (i === 33 ? { variant: 'on' } : nobody))
    expect(answer({ f: flag }, { n: 2 }).flagMetadata.rule).toBe('33')
    expect(answer({ f: flag }, { n: 3 }).flagMetadata.rule).toBeUndefined()
  })

  it.each([1, 2, 3, 4, 5, 7])('hold where all of their attributes do: %i of them', (count) => {
    const names = Array.from({ length: count }, (_, i) => `a${i}`)
    const all = (value: string): Condition => ({ all: names.map((name) => isOneOf(name, value)) })
    const whens = ['p', 'q', 'r', 's', 't'].map(all)
    const person = (value: string) => Object.fromEntries(names.map((name) => [name, value]))
    expect(['p', 'r', 't', 'x'].map((value) => served(whens, person(value)))).toEqual([
      '0',
      '2',
      '4',
      undefined,
    ])
    for (const name of names)
      expect(served(whens, { ...person('q'), [name]: 'r' })).toBe(count === 1 ? '2' : undefined)
  })

  it('compare values as a single one would, whatever the context holds', () => {
    const value = fc.constantFrom<string | number | boolean>('', '-', 'x', '1', 0, -0, 1, 1.5, true, false)
    const number = fc.constantFrom(
      -Number.MAX_VALUE,
      -1,
      -0,
      0,
      5e-324,
      1,
      1.5,
      2,
      3,
      10,
      11,
      Number.MAX_VALUE,
    )
    const negate = fc.boolean()
    const leaf: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({
        attribute: fc.constantFrom('a', 'b.c'),
        op: fc.constant('is_one_of' as const),
        values: fc.array(value, { minLength: 1, maxLength: 3 }),
        negate,
      }),
      fc.record({
        attribute: fc.constantFrom('a', 'b.c'),
        op: fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
        values: fc.tuple(number),
        negate,
      }),
      fc.record({
        attribute: fc.constant('a'),
        op: fc.constant('between' as const),
        values: fc.tuple(number, number).map((pair) => pair.sort((one, other) => one - other)),
        negate,
      }),
    )
    const actual = fc.oneof(
      value,
      number,
      fc.constantFrom<unknown>(
        null,
        undefined,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        [],
        {},
        -2,
        0.5,
        2.5,
        10.5,
        1e300,
      ),
    )
    const group = fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all) => ({ all }))
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 4, maxLength: 12 }),
        fc.array(fc.tuple(actual, actual), { minLength: 5, maxLength: 10 }),
        (whens, people) => {
          const config = parsed({ flags: { f: ruled(whens) } })
          for (const [a, c] of people) {
            const context = { a, b: { c } }
            expect(evaluate(config, 'f', context, 0)).toEqual(evaluate(config, 'f', context, 0, []))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a group', () => {
  const leaf = (i: number) => isOneOf(`a${i}`, 'x')
  const all = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 'x']))
  const holds = (when: Condition, context: EvaluationContext) => served([when], context) === '0'
  const groups = Array.from({ length: 6 }, (_, count) => Array.from({ length: count }, (_, i) => leaf(i)))

  it.each(groups.map((group) => [group.length, group] as const))(
    'of %i holds where all of them do',
    (count, group) => {
      expect(holds({ all: group }, all(count))).toBe(true)
      expect(holds({ not: { all: group } }, all(count))).toBe(false)
      for (let i = 0; i < count; i++) {
        expect(holds({ all: group }, { ...all(count), [`a${i}`]: 'y' })).toBe(false)
        expect(holds({ all: [{ all: group }, leaf(9)] }, { ...all(count), a9: 'x' })).toBe(true)
      }
    },
  )

  it.each(groups.map((group) => [group.length, group] as const))(
    'of %i holds where any of them does',
    (count, group) => {
      expect(holds({ any: group }, {})).toBe(false)
      expect(holds({ not: { any: group } }, {})).toBe(true)
      for (let i = 0; i < count; i++) expect(holds({ any: group }, { [`a${i}`]: 'x' })).toBe(true)
    },
  )
})

describe('an attribute that a condition asks for', () => {
  const conditions: Condition[] = [
    isOneOf('a', 'x'),
    { attribute: 'a', op: 'is_set', values: [] },
    { attribute: 'a', op: 'contains', values: ['x'] },
    { attribute: 'a.b', op: 'contains', values: ['x'] },
  ]
  const few = (context: EvaluationContext) => conditions.map((when) => served([when], context) !== undefined)
  const hostile: EvaluationContext = {
    get a(): never {
      throw new Error('no')
    },
  }

  it('is an own property', () => {
    expect(few({ a: 'x' })).toEqual([true, true, true, false])
    expect(few({ a: { b: 'x' } })).toEqual([false, true, false, true])
    expect(few(Object.create({ a: 'x' }))).toEqual([false, false, false, false])
    expect(few(Object.create({ a: { b: 'x' } }))).toEqual([false, false, false, false])
  })

  it('is missing where it is null, or reading it throws', () => {
    const isNotSet: Condition = { attribute: 'a', op: 'is_not_set', values: [] }
    const throwing = new Proxy({ a: 'x' }, { getOwnPropertyDescriptor: () => raise() })
    for (const context of [{ a: null }, { a: undefined }, {}, hostile, throwing]) {
      expect(few(context as EvaluationContext)).toEqual([false, false, false, false])
      expect(served([isNotSet], context as EvaluationContext)).toBe('0')
      expect(served([{ ...isNotSet, negate: true }], context as EvaluationContext)).toBeUndefined()
    }
    expect(served([isNotSet], { a: false })).toBeUndefined()
    expect(served([{ ...isNotSet, negate: true }], { a: false })).toBe('0')
  })

  function raise(): never {
    throw new Error('no')
  }
})
