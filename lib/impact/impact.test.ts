import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import { evaluate, operators } from '@/lib/evaluation'
import type { Condition, EvaluationContext, JsonValue, Rule, Segment, Serve } from '@/lib/evaluation/types'
import { aFlag, parsed } from '@/tests/support/build-config'
import { type Compared, type Given, type Impact, impactOf } from './impact'
import type { Cell } from './questions'

const NOW = Date.parse('2026-11-26T12:00:00Z')

const base: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'off' },
}
const share = (share: number, more: object = {}): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' }, ...more },
})
const onward = (size: number, more: object = {}) => share(size, { rest: 'continue', ...more })
const is = (attribute: string, ...values: JsonValue[]): Condition => ({ attribute, op: 'is_one_of', values })
const rule = (when: Condition, serve: Serve = { variant: 'on' }, id = 'r'): Rule => ({ id, when, serve })

const known = (impact: Impact) => {
  if (!impact.known) throw new Error('it should be known')
  return impact
}
const impact = (before: Partial<Targeting>, after: Partial<Targeting>, more: Partial<Compared> = {}) =>
  known(impactOf({ before: { ...base, ...before }, after: { ...base, ...after }, salt: 'f', ...more }, NOW))

/** "35 % off>on" of every cohort. */
const moved = (before: Partial<Targeting>, after: Partial<Targeting>, more: Partial<Compared> = {}) => {
  const { direction, cohorts } = impact(before, after, more)
  const told = cohorts.map(({ moves }) =>
    moves.map(({ from, to, share }) => `${Math.round(share * 1e5) / 1e3} % ${from}>${to}`).join(', '),
  )
  return [direction, ...told]
}

describe('the impact of a change', () => {
  it('is none where everyone gets what they got', () => {
    expect(moved({}, {})).toEqual(['none'])
    expect(moved({ on: false }, { on: false, fallthrough: { variant: 'on' } })).toEqual(['none'])
    expect(moved({}, { rules: [rule({ all: [] }, { variant: 'off' })] })).toEqual(['none'])
    expect(moved({}, { rules: [rule({ any: [] })] })).toEqual(['none'])
  })

  it('looks at no rule that is disabled', () => {
    const resting = { ...rule({ all: [] }), disabled: true as const }
    expect(moved({}, { rules: [resting] })).toEqual(['none'])
    expect(moved({ rules: [resting] }, { rules: [rule({ all: [] })] })).toEqual(['adds', '100 % off>on'])
  })

  it('of a growing share is the difference, and only adds', () => {
    expect(moved({ fallthrough: share(25_000) }, { fallthrough: share(60_000) })).toEqual([
      'adds',
      '35 % off>on',
    ])
    expect(moved({ fallthrough: share(60_000) }, { fallthrough: share(25_000) })).toEqual([
      'removes',
      '35 % on>off',
    ])
  })

  it('of a new salt is what two independent shares do not have in common', () => {
    const reshuffled = { fallthrough: share(50_000, { salt: 'other' }) }
    expect(moved({ fallthrough: share(50_000) }, reshuffled)).toEqual(['moves', '25 % on>off, 25 % off>on'])
  })

  it('of another split moves people between variants, inside the share alone', () => {
    const among = (red: number) =>
      share(50_000, {
        split: [
          { variant: 'red', weight: red },
          { variant: 'blue', weight: 100_000 - red },
        ],
      })
    expect(moved({ fallthrough: among(50_000) }, { fallthrough: among(70_000) })).toEqual([
      'moves',
      '10 % blue>red',
    ])
  })

  it('counts the shares of one flag as nested: after the first 25 % a later 10 % reaches nobody', () => {
    const first = rule({ all: [] }, onward(25_000), 'a')
    expect(moved({ rules: [first] }, { rules: [first, rule({ all: [] }, onward(10_000), 'b')] })).toEqual([
      'none',
    ])
    const later = rule({ all: [] }, onward(40_000), 'b')
    expect(moved({ rules: [first] }, { rules: [first, later] })).toEqual(['adds', '15 % off>on'])
    const own = rule({ all: [] }, onward(40_000, { salt: 'b' }), 'b')
    expect(moved({ rules: [first] }, { rules: [first, own] })).toEqual(['adds', '30 % off>on'])
  })

  it('tells a condition that is wider from one that is narrower', () => {
    const pro = { rules: [rule(is('plan', 'pro'))] }
    const wider = { rules: [rule(is('plan', 'pro', 'team'))] }
    expect(moved(pro, wider)).toEqual(['adds', '100 % off>on'])
    expect(moved(wider, pro)).toEqual(['removes', '100 % on>off'])
    const both = { rules: [rule({ all: [is('plan', 'pro'), is('country', 'DE')] })] }
    expect(moved(both, pro)[0]).toBe('adds')
    const from = (age: number) => ({ rules: [rule({ attribute: 'age', op: 'gte', values: [age] })] })
    expect(moved(from(21), from(18))).toEqual(['adds', '100 % off>on'])
    expect(moved(from(18), from(21))).toEqual(['removes', '100 % on>off'])
  })

  it('says of a list of people how many of them move, by the very hash', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `user-${i}`)
    const named = { targets: [{ variant: 'on', by: 'targetingKey', values: ids }] }
    const { direction, cohorts } = impact(
      { fallthrough: share(25_000) },
      { ...named, fallthrough: share(25_000) },
    )
    const config = parsed({ flags: { f: aFlag({ ...base, salt: 'f', fallthrough: share(25_000) }) } })
    const already = ids.filter(
      (id) => evaluate(config, 'f', { targetingKey: id }, NOW).variant === 'on',
    ).length
    expect(direction).toBe('adds')
    expect(cohorts).toMatchObject([{ ids, moves: [{ from: 'off', to: 'on', share: (40 - already) / 40 }] }])
  })

  it('says who gets what of a segment that changes', () => {
    const segment = (changes: Partial<Segment>) => ({
      beta: { by: 'targetingKey', included: ['ana'], excluded: [], any: [], ...changes },
    })
    const asks = { rules: [rule({ segment: 'beta' })] }
    const segments = { before: segment({}), after: segment({ included: ['ana', 'bo'] }) }
    const { direction, cohorts } = impact(asks, asks, { segments })
    expect(direction).toBe('adds')
    expect(cohorts).toMatchObject([{ ids: ['bo'] }])
  })

  it('takes a window that is over for what it is, and one to come for a question', () => {
    const during = (from: string, until?: string) => ({
      rules: [{ ...rule({ all: [] }), from, ...(until && { until }) }],
    })
    expect(moved({}, during('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'))).toEqual(['none'])
    expect(moved({}, during('2020-01-01T00:00:00Z'))).toEqual(['adds', '100 % off>on'])
    expect(impact({}, during('2027-01-01T00:00:00Z')).cohorts[0]?.given[0]?.question.about).toEqual({
      from: '2027-01-01T00:00:00Z',
    })
  })

  it('is told for as many rules as a flag may have', () => {
    const rules = Array.from({ length: 200 }, (_, i) =>
      rule(
        i % 2
          ? is(`a${i}`, 'x', 'y')
          : { attribute: `a${i}`, op: 'ends_with', values: ['x'], negate: i % 4 === 0 },
        { variant: 'on' },
        `r${i}`,
      ),
    )
    const started = performance.now()
    const { direction, cohorts } = impact({ rules }, { rules, fallthrough: share(10_000) })
    console.log(`200 rules: ${Math.round(performance.now() - started)} ms`)
    expect(direction).toBe('adds')
    expect(cohorts).toHaveLength(1)
  })

  it('is not told of a draft with blanks', () => {
    for (const rules of [
      [rule({ attribute: '', op: 'is_one_of', values: [] })],
      [rule({ attribute: 'app', op: 'semver_in_range', values: [] })],
      [rule({ all: [] }, share(1_000, { split: [{ variant: 'on', weight: 40_000 }] }))],
    ])
      expect(impactOf({ before: base, after: { ...base, rules }, salt: 'f' }, NOW)).toEqual({
        known: false,
        because: 'blanks',
      })
  })

  it('is not told where the cases are more than one can read', () => {
    const many = Array.from({ length: 14 }, (_, i) =>
      rule(is(`a${i}`, 'x'), onward(1_000 * (i + 1)), `r${i}`),
    )
    const after = { ...base, rules: many, fallthrough: share(90_000) }
    expect(impactOf({ before: base, after, salt: 'f' }, NOW)).toEqual({ known: false, because: 'cases' })
  })
})

describe('what is said beforehand', () => {
  const PEOPLE = 20_000
  const NAMED = [1, 2, 7] // of whom lists speak
  const variant = fc.constantFrom('on', 'off', 'red')
  const rollout = (rest: fc.Arbitrary<'continue' | { variant: string }>): fc.Arbitrary<Serve> =>
    fc
      .record(
        {
          salt: fc.constantFrom('own', 'other'),
          share: fc.constantFrom(0, 5_000, 30_000, 70_000, 100_000),
          split: fc.constantFrom<Extract<Serve, { rollout: unknown }>['rollout']['split']>(
            [{ variant: 'on', weight: 100_000 }],
            [
              { variant: 'red', weight: 20_000 },
              { variant: 'on', weight: 80_000 },
            ],
            [
              { variant: 'on', weight: 60_000 },
              { variant: 'off', weight: 0 },
              { variant: 'red', weight: 40_000 },
            ],
          ),
          rest,
        },
        { requiredKeys: ['share', 'split', 'rest'] },
      )
      .map((one) => ({ rollout: one }))
  const fixed = variant.map((name): Serve => ({ variant: name }))
  const leaf: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({
      attribute: fc.constantFrom('plan', 'age', 'targetingKey'),
      op: fc.constant('is_one_of' as const),
      values: fc.uniqueArray(fc.constantFrom<JsonValue>('pro', 'team', 'p-1', 'p-7', 18, 30), {
        minLength: 1,
      }),
      negate: fc.boolean(),
    }),
    fc.record({
      attribute: fc.constant('age'),
      op: fc.constantFrom('eq' as const, 'lt' as const, 'gte' as const),
      values: fc.tuple(fc.constantFrom(18, 21, 65)),
      negate: fc.boolean(),
    }),
    fc.record({
      attribute: fc.constantFrom('plan', 'age'),
      op: fc.constantFrom('is_set' as const, 'is_not_set' as const),
      values: fc.constant([]),
    }),
    fc.record({
      attribute: fc.constantFrom('plan', 'age'),
      op: fc.constant('starts_with' as const),
      values: fc.constantFrom(['p'], ['t', 'x']),
      negate: fc.boolean(),
    }),
    fc.record({ segment: fc.constant('beta'), negate: fc.boolean() }),
  )
  const when: fc.Arbitrary<Condition> = fc.oneof(
    leaf,
    fc.record({ all: fc.array(leaf, { maxLength: 2 }) }),
    fc.record({ any: fc.array(leaf, { maxLength: 2 }) }),
    fc.record({ not: leaf }),
  )
  const rules = fc
    .array(
      fc.record({
        when,
        serve: fc.oneof(fixed, rollout(fc.constant('continue')), rollout(fc.record({ variant }))),
      }),
      {
        maxLength: 3,
      },
    )
    .map((list) => list.map((one, i): Rule => ({ id: `r${i}`, ...one })))
  const targeting: fc.Arbitrary<Targeting> = fc.record({
    on: fc.integer({ max: 9, min: 0 }).map((n) => n > 0),
    offVariant: fc.constant('off'),
    prerequisites: fc.constant([]),
    targets: fc.array(
      fc.record({
        variant,
        by: fc.constantFrom('targetingKey', 'plan'),
        values: fc.uniqueArray(fc.constantFrom('p-1', 'p-2', 'pro'), { minLength: 1 }),
      }),
      { maxLength: 1 },
    ),
    rules,
    fallthrough: fc.oneof(fixed, rollout(fc.record({ variant }))),
  })
  const segment: fc.Arbitrary<Segment> = fc.record({
    by: fc.constantFrom('plan', 'targetingKey'),
    included: fc.subarray(['pro', 'p-2']),
    excluded: fc.subarray(['team', 'p-1']),
    any: fc.array(
      leaf.filter((one) => !('segment' in one)),
      { maxLength: 1 },
    ),
  })
  const someone = fc.record(
    {
      plan: fc.constantFrom<unknown>('pro', 'team', 'free', 'tiny', '', 7, ['pro'], null),
      age: fc.constantFrom<unknown>(17, 18, 19.5, 21, 30, 65, 80, '18', 'x', true),
    },
    { requiredKeys: [] },
  )

  const isIn = (cell: Cell, { about }: Given['question'], context: EvaluationContext): boolean => {
    if ('condition' in about) {
      const { op, values, ignoreCase, attribute } = about.condition as Extract<
        Condition,
        { attribute: string }
      >
      const answer = operators[op].prepare(values, ignoreCase === true)(context[attribute], NOW)
      return cell.kind === (answer === undefined ? 'untyped' : answer ? 'yes' : 'no')
    }
    const value = context[(about as { attribute: string }).attribute] ?? undefined
    if (cell.kind === 'values') return cell.values.includes(value as JsonValue)
    if (cell.kind === 'range')
      return typeof value === 'number' && value > (cell.above ?? -1e9) && value < (cell.below ?? 1e9)
    if (cell.kind === 'missing') return value === undefined
    return cell.kind === (typeof value === 'object' ? 'untyped' : 'other')
  }
  /** A person is where every answer is theirs; `other` is whoever is in no finer cell. */
  const belongs = ({ question, cells }: Given, context: EvaluationContext) => {
    const fine = question.cells.filter(({ kind }) => kind !== 'other')
    const cell = fine.find((one) => isIn(one, question, context)) ?? { kind: 'other' as const }
    return cells.some((one) => JSON.stringify(one) === JSON.stringify(cell))
  }

  it('comes true for 20,000 people, whatever the targetings', () => {
    const variants = { on: 'on', off: 'off', red: 'red' }
    const configFor = (now: Targeting, beta: Segment) =>
      parsed({ flags: { f: aFlag({ type: 'string', variants, salt: 'f', ...now }) }, segments: { beta } })
    fc.assert(
      fc.property(targeting, targeting, segment, segment, someone, (before, after, was, is, about) => {
        const segments = { before: { beta: was }, after: { beta: is } }
        const told = impactOf({ before, after, salt: 'f', segments }, NOW)
        if (!told.known) return
        const [old, next] = [configFor(before, was), configFor(after, is)]
        const seen = new Map<number, Map<string, number>>()
        const sizes = new Map<number, number>()
        const cohortOf = (context: EvaluationContext) =>
          told.cohorts.findIndex(({ given }) => given.every((one) => belongs(one, context)))
        const others = cohortOf({ ...about, targetingKey: 'p-0' } as EvaluationContext)
        for (let i = 0; i < PEOPLE; i++) {
          const context = { ...about, targetingKey: `p-${i}` } as EvaluationContext
          const from = evaluate(old, 'f', context, NOW).variant
          const to = evaluate(next, 'f', context, NOW).variant
          const cohort = NAMED.includes(i) ? cohortOf(context) : others
          sizes.set(cohort, (sizes.get(cohort) ?? 0) + 1)
          if (from === to) continue
          const counts = seen.get(cohort) ?? new Map<string, number>()
          counts.set(`${from}>${to}`, (counts.get(`${from}>${to}`) ?? 0) + 1)
          seen.set(cohort, counts)
        }
        const moves = [...seen.values()].flatMap((counts) => [...counts.keys()])
        expect(seen.get(-1), 'moves of whom no cohort has').toBeUndefined()
        if (told.direction === 'adds') expect(moves.filter((move) => !move.startsWith('off>'))).toEqual([])
        if (told.direction === 'removes') expect(moves.filter((move) => !move.endsWith('>off'))).toEqual([])
        for (const [index, cohort] of told.cohorts.entries()) {
          const size = sizes.get(index) ?? 0
          const counts = seen.get(index) ?? new Map<string, number>()
          if (cohort.ids && size !== cohort.ids.length) continue // some of the list are none of these people
          for (const { from, to, share } of cohort.moves) {
            const expected = share * size
            const error = cohort.ids ? 1e-6 : 5 * Math.sqrt(size * share * (1 - share)) + 1e-6
            expect(
              Math.abs((counts.get(`${from}>${to}`) ?? 0) - expected),
              `${from}>${to}`,
            ).toBeLessThanOrEqual(error)
            counts.delete(`${from}>${to}`)
          }
          expect([...counts], 'moves that nobody announced').toEqual([])
        }
      }),
      { numRuns: 60, seed: 26 },
    )
  })
})
