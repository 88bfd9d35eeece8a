import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import { evaluate, operators } from '@/lib/evaluation'
import type { Condition, EvaluationContext, JsonValue, Rule, Segment, Serve } from '@/lib/evaluation/types'
import { aFlag, parsed } from '@/tests/support/build-config'
import { impactOf } from './impact'
import type { Answer, Cell } from './question'

const NOW = Date.parse('2026-11-26T12:00:00Z')

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
      op: fc.constantFrom('starts_with' as const, 'contains' as const),
      values: fc.constantFrom(['p'], ['t', 'x'], ['p', 't'], ['te']),
      negate: fc.boolean(),
    }),
    fc.record({
      attribute: fc.constantFrom('app', 'app', 'plan'),
      op: fc.constantFrom('semver_lt' as const, 'semver_gte' as const, 'semver_in_range' as const),
      values: fc.constantFrom(['5.2.0'], ['5.3.0-beta'], ['6.0.0']),
      negate: fc.boolean(),
    }),
    fc.record({
      attribute: fc.constant('since'),
      op: fc.constantFrom('before' as const, 'after' as const),
      values: fc.constantFrom(['2026-01-01T00:00:00Z'], ['2026-11-22T00:00:00Z'], [NOW]),
      negate: fc.boolean(),
    }),
    fc.record({
      attribute: fc.constant('since'),
      op: fc.constantFrom('within_last' as const, 'older_than' as const),
      values: fc.constantFrom(['7d'], ['30d']),
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
  const [november, december, january] = [
    '2026-11-01T00:00:00Z',
    '2026-12-01T00:00:00Z',
    '2027-01-01T00:00:00Z',
  ]
  const window = fc.constantFrom<Pick<Rule, 'from' | 'until'>>(
    {},
    { from: november },
    { from: december },
    { from: january },
    { until: december },
    { until: january },
    { from: november, until: december },
    { from: december, until: january },
  )
  const rules = fc
    .array(
      fc.record({
        when,
        serve: fc.oneof(fixed, rollout(fc.constant('continue')), rollout(fc.record({ variant }))),
        window,
      }),
      { maxLength: 3 },
    )
    .map((list) => list.map(({ window, ...one }, i): Rule => ({ id: `r${i}`, ...one, ...window })))
  /** When somebody is asked: what is said, is said of any time to come. */
  const at = fc.constantFrom(NOW, Date.parse('2026-12-15T00:00:00Z'), Date.parse('2027-06-01T00:00:00Z'))
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
      app: fc.constantFrom<unknown>('5.1.0', '5.2.0', '5.2.9', '5.3.0-beta', '5.3.0', '6.0.0', '7', 'x', 5),
      since: fc.constantFrom<unknown>(
        '2025-06-01T00:00:00Z',
        '2026-01-01T00:00:00Z',
        '2026-11-02T00:00:00Z',
        '2026-11-21T00:00:00Z',
        NOW,
        NOW + 1,
        'x',
      ),
    },
    { requiredKeys: [] },
  )

  const isIn = (
    cell: Cell,
    { about }: Answer['question'],
    context: EvaluationContext,
    at: number,
  ): boolean => {
    if ('condition' in about) {
      const { op, values, ignoreCase, attribute } = about.condition as Extract<
        Condition,
        { attribute: string }
      >
      const answer = operators[op].prepare(values, ignoreCase === true)(context[attribute], at)
      return cell.kind === (answer === undefined ? 'untyped' : answer ? 'yes' : 'no')
    }
    if ('from' in about || 'until' in about) {
      const { from, until } = about as { from?: string; until?: string }
      const isOpen = (!from || Date.parse(from) <= at) && (!until || at < Date.parse(until))
      return cell.kind === (isOpen ? 'yes' : 'no')
    }
    const value = context[(about as { attribute: string }).attribute] ?? undefined
    if (cell.kind === 'values') return cell.values.includes(value as JsonValue)
    if (cell.kind === 'range')
      return typeof value === 'number' && value > (cell.above ?? -1e9) && value < (cell.below ?? 1e9)
    if (cell.kind === 'missing') return value === undefined
    return cell.kind === (typeof value === 'object' ? 'untyped' : 'other')
  }
  /** A person is where every answer is theirs; `other` is whoever is in no finer cell. */
  const belongs = ({ question, cells }: Answer, context: EvaluationContext, at: number) => {
    const fine = question.cells.filter(({ kind }) => kind !== 'other')
    const cell = fine.find((one) => isIn(one, question, context, at)) ?? { kind: 'other' as const }
    return cells.some((one) => JSON.stringify(one) === JSON.stringify(cell))
  }

  const variants = { on: 'on', off: 'off', red: 'red' }
  const configFor = (now: Targeting, beta: Segment) =>
    parsed({ flags: { f: aFlag({ type: 'string', variants, salt: 'f', ...now }) }, segments: { beta } })

  it('names no direction that anybody goes against', () => {
    const nobody: Segment = { by: 'targetingKey', included: [], excluded: [], any: [] }
    const asking = fc.tuple(when, window)
    const serving = ([when, window]: [Condition, object]): Targeting => ({
      on: true,
      offVariant: 'off',
      prerequisites: [],
      targets: [],
      rules: [{ id: 'r', when, serve: { variant: 'on' }, ...window }],
      fallthrough: { variant: 'off' },
    })
    const people = fc.array(fc.tuple(someone, at), { minLength: 60, maxLength: 60 })
    const said: Record<string, number> = {}
    fc.assert(
      fc.property(asking, asking, people, (was, is, people) => {
        const [before, after] = [serving(was), serving(is)]
        const impact = impactOf({ before, after, salt: 'f' }, NOW)
        if (!impact.known) throw new Error('it should be known')
        const { direction } = impact
        said[direction] = (said[direction] ?? 0) + 1
        if (direction === 'moves') return
        const [old, next] = [configFor(before, nobody), configFor(after, nobody)]
        const moves = people.map(([about, at]) => {
          const context = { ...about, targetingKey: 'p-1' } as EvaluationContext
          return [old, next].map((config) => evaluate(config, 'f', context, at).variant).join('>')
        })
        const against = { none: ['off>on', 'on>off'], adds: ['on>off'], removes: ['off>on'] }[direction]
        expect(moves.filter((move) => against.includes(move))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
    console.log('directions named:', JSON.stringify(said))
    expect(said.adds).toBeGreaterThan(50)
    expect(said.removes).toBeGreaterThan(50)
  })

  it('comes true for 20,000 people, whatever the targetings', () => {
    fc.assert(
      fc.property(
        targeting,
        targeting,
        segment,
        segment,
        someone,
        at,
        (before, after, was, is, about, at) => {
          const segments = { before: { beta: was }, after: { beta: is } }
          const told = impactOf({ before, after, salt: 'f', segments }, NOW)
          if (!told.known) return
          const [old, next] = [configFor(before, was), configFor(after, is)]
          const seen = new Map<number, Map<string, number>>()
          const sizes = new Map<number, number>()
          const cohortOf = (context: EvaluationContext) =>
            told.cohorts.findIndex(({ given }) => given.every((one) => belongs(one, context, at)))
          const others = cohortOf({ ...about, targetingKey: 'p-0' } as EvaluationContext)
          for (let i = 0; i < PEOPLE; i++) {
            const context = { ...about, targetingKey: `p-${i}` } as EvaluationContext
            const from = evaluate(old, 'f', context, at).variant
            const to = evaluate(next, 'f', context, at).variant
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
        },
      ),
      { numRuns: 60, seed: 26 },
    )
  })
})
