import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aConfig } from '../../tests/support/build-config'
import { randomDefinition, randomPerson, TIMES } from '../../tests/support/flagd-definitions'
import { flagdVariant, flagdWith, parse } from '../../tests/support/flagd-differential'
import { newSeed, randomFrom } from '../../tests/support/random'
import { evaluate, type ParsedConfig, type Rule } from '../evaluation/index'
import { type FlagdImport, importFlagd } from './flagd-import'

beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

const NOW = Date.parse('2026-01-01T00:00:00Z')
const imported = (definition: unknown): FlagdImport => importFlagd(JSON.parse(JSON.stringify(definition)))
const engineWith = ({ flags, segments }: FlagdImport): ParsedConfig => parse(aConfig({ flags, segments }))

const VARIANTS = { yes: 'y', no: 'n', some: 's' }
const aDefinition = (targeting: unknown, changes: object = {}, more: object = {}) => ({
  flags: { a: { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'no', targeting, ...changes } },
  ...more,
})
const rulesOf = (condition: unknown, more: object = {}): readonly Rule[] =>
  imported(aDefinition({ if: [condition, 'yes', 'no'] }, {}, more)).flags.a!.rules
const v = { var: 'v' }

describe('an imported definition', () => {
  it('decides as flagd-core does, for attributes of the type compared', () => {
    const seed = newSeed()
    const random = randomFrom(seed)
    let flags = 0
    for (let i = 0; i < 30; i++) {
      const definition = randomDefinition(random, { exact: true })
      const result = imported(definition)
      const flagd = flagdWith(definition)
      const engine = engineWith(result)
      expect(engine.malformed()).toEqual({})
      flags += Object.keys(result.flags).length
      for (let j = 0; j < 20; j++) {
        const [person, now] = [randomPerson(random), random.pick(TIMES)]
        for (const key of Object.keys(result.flags)) {
          if (person.targetingKey === undefined && isOtherwiseWithoutKey(result, key)) continue
          const theirs = flagdVariant(flagd, key, person, now)
          const facts = JSON.stringify({ seed, key, person, now, flag: definition.flags[key], definition })
          expect(evaluate(engine, key, person, now).variant, facts).toBe(theirs)
        }
      }
    }
    expect(flags).toBeGreaterThan(400)
  })

  const isOtherwiseWithoutKey = ({ inexact }: FlagdImport, key: string) =>
    inexact.some(
      ({ path, reason }) => path.startsWith(`$.flags.${key}.`) && reason.includes('"targetingKey"'),
    )

  it('keeps all but a few in 100,000 where a cut is no whole step of 0.001 %', () => {
    const weights = [
      ['yes', 1],
      ['no', 3],
      ['some', 1_000_003],
      ['yes', 333_333],
    ]
    const definition = aDefinition({ fractional: weights })
    const result = imported(definition)
    const engine = engineWith(result)
    const flagd = flagdWith(definition)
    const people = Array.from({ length: 50_000 }, (_, i) => ({ targetingKey: `user-${i}` }))
    const moved = people.filter(
      (p) => evaluate(engine, 'a', p, NOW).variant !== flagdVariant(flagd, 'a', p, NOW),
    )
    expect(moved.length).toBeLessThan(5)
    expect(result.inexact.map(({ path }) => path)).toContain('$.flags.a.targeting')
  })
})

describe('a flag', () => {
  it('is on unless it is disabled, and then serves the default of the caller', () => {
    const { flags } = imported({
      flags: {
        on: { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'yes' },
        off: { state: 'DISABLED', variants: VARIANTS, defaultVariant: 'yes' },
        none: { state: 'ENABLED', variants: VARIANTS },
      },
    })
    const seen = Object.entries(flags).map(([key, { on, offVariant, fallthrough }]) => [
      key,
      on,
      offVariant,
      fallthrough,
    ])
    expect(seen).toEqual([
      ['on', true, null, { variant: 'yes' }],
      ['off', false, null, { variant: 'yes' }],
      ['none', false, null, { variant: 'yes' }],
    ])
  })

  it('has the metadata of the set and its own, and the version of our exports', () => {
    const own = { owner: 'me', version: 7, rule: 'x' }
    const metadata = { flagSetId: 's', version: 'v1', team: 't', owner: 'all', 'omitted: salt': 'b' }
    const { flags, inexact } = imported(aDefinition(undefined, { metadata: own }, { metadata }))
    expect([flags.a!.version, flags.a!.metadata]).toEqual([7, { team: 't', owner: 'me' }])
    expect(inexact.map(({ path }) => path)).toEqual(['$.flags.a.metadata.rule'])
  })

  it('may be listed with its key, as for a daemon', () => {
    const flag = { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'no' }
    const { flags, omitted } = imported({ flags: [{ key: 'a', ...flag }, flag, { key: 'a', ...flag }] })
    expect(Object.keys(flags)).toEqual(['a'])
    expect(omitted.map(({ path }) => path)).toEqual(['$.flags[1]', '$.flags[2]'])
  })
})

describe('a condition', () => {
  const leaf = (op: string, ...values: unknown[]) => ({ attribute: 'v', op, values })
  const missing = leaf('is_not_set')
  it.each<[unknown, unknown]>([
    [{ '==': [v, 'x'] }, leaf('is_one_of', 'x')],
    [{ '!==': ['x', v] }, { not: leaf('is_one_of', 'x') }],
    [{ '!=': [v, null] }, leaf('is_set')],
    [{ '===': [v, null] }, missing],
    [{ '<': [v, 5] }, { any: [leaf('lt', 5), missing] }],
    [{ '<': [v, -5] }, leaf('lt', -5)],
    [{ '<': [5, v] }, leaf('gt', 5)],
    [{ '>=': [5, v] }, { any: [leaf('lte', 5), missing] }],
    [{ '<=': [1, v, 5] }, leaf('between', 1, 5)],
    [{ '<': [1, v, 5] }, { all: [leaf('gt', 1), leaf('lt', 5)] }],
    [{ in: [v, ['x', 5]] }, leaf('is_one_of', 'x', 5)],
    [{ in: [v, []] }, { any: [] }],
    [{ in: ['x', v] }, leaf('contains', 'x')],
    [{ starts_with: [v, 'x'] }, leaf('starts_with', 'x')],
    [{ '!': [{ '!': { ends_with: [v, 'x'] } }] }, leaf('ends_with', 'x')],
    [{ or: [{ '==': [v, 'x'] }, { '==': [v, 'y'] }] }, leaf('is_one_of', 'x', 'y')],
    [
      { and: [{ '==': [v, 'x'] }, true, { '==': [v, 'y'] }] },
      { all: [leaf('is_one_of', 'x'), leaf('is_one_of', 'y')] },
    ],
  ])('is read: %j', (condition, expected) => {
    expect(rulesOf(condition)[0]!.when).toEqual(expected)
  })

  it('that a missing attribute is like 0 or false is not taken over from flagd-core, and is said', () => {
    const flagd = flagdWith(aDefinition({ if: [{ '==': [v, false] }, 'yes', 'no'] }))
    expect(flagdVariant(flagd, 'a', {}, NOW)).toBe('yes')
    const { flags, inexact } = imported(
      aDefinition({ if: [{ '==': [v, false] }, 'yes', { '!==': [v, 0] }, 'some', 'no'] }),
    )
    expect(flags.a!.rules[0]!.when).toEqual(leaf('is_one_of', false))
    expect(inexact).toEqual([
      { path: '$.flags.a.targeting.if[0]', reason: 'a missing "v" is not equal to false here' },
    ])
  })

  it('on time becomes the window of its rule, to the second', () => {
    const time = { var: '$flagd.timestamp' }
    const [rule] = rulesOf({
      and: [{ '>': [time, 1_767_225_600] }, { '>=': [1_767_225_660, time] }, { '==': [v, 1] }],
    })
    expect(rule).toMatchObject({ from: '2026-01-01T00:00:01Z', until: '2026-01-01T00:01:01Z' })
    expect(rule!.when).toEqual(leaf('is_one_of', 1))
  })

  it('that is shared becomes a segment; variants that are shared are written out', () => {
    const $evaluators = {
      inner: { '==': [v, 'x'] },
      outer: { '!': { $ref: 'inner' } },
      serve: { if: [{ $ref: 'outer' }, 'yes'] },
    }
    const { flags, segments } = imported(aDefinition({ $ref: 'serve' }, {}, { $evaluators }))
    expect(flags.a!.rules.map(({ when }) => when)).toEqual([{ segment: 'outer' }])
    expect(segments.outer).toMatchObject({ any: [{ segment: 'inner', negate: true }] })
    expect(segments.inner).toMatchObject({ any: [leaf('is_one_of', 'x')] })
  })
})

describe('fractional', () => {
  it('asked for one part is a share, which leaves out whoever cannot be drawn', () => {
    const drawn = { fractional: [{ cat: ['s', { var: 'id' }] }, ['in', 1], ['out', 3]] }
    const result = imported(aDefinition({ if: [{ '==': [drawn, 'in'] }, 'yes', 'no'] }))
    const rollout = { by: 'id', salt: 's', share: 25_000, split: [{ variant: 'yes', weight: 100_000 }] }
    expect(result.flags.a!.rules.map(({ serve }) => serve)).toEqual([
      { rollout: { ...rollout, rest: 'continue' } },
    ])
    expect(result.flags.a!.fallthrough).toEqual({ variant: 'no' })
    expect(result.inexact).toEqual([
      {
        path: '$.flags.a.targeting.if[0]',
        reason: 'whoever has no "id", or an empty one, is outside the share instead of drawn',
      },
    ])
  })

  it('of everyone leaves no later rule to whoever cannot be drawn', () => {
    const targeting = {
      if: [
        true,
        {
          fractional: [
            ['yes', 1],
            ['no', 1],
          ],
        },
        'some',
      ],
    }
    const definition = aDefinition(targeting, { defaultVariant: null })
    const result = imported(definition)
    expect(result.inexact).toEqual([])
    expect(flagdVariant(flagdWith(definition), 'a', {}, NOW)).toBeUndefined()
    expect(evaluate(engineWith(result), 'a', {}, NOW).variant).toBeUndefined()
  })

  it('has a cut that is never rounded to nobody or to everyone, for whom no key would be needed', () => {
    const { flags } = imported(
      aDefinition({
        fractional: [
          ['yes', 1],
          ['no', 1_000_000],
          ['some', 1],
        ],
      }),
    )
    const shares = flags.a!.rules.map(({ serve }) => 'rollout' in serve && serve.rollout.share)
    expect(shares).toEqual([1, 99_999])
  })

  it('gives everyone the variant they have, by shares that nest', () => {
    const definition = aDefinition({
      fractional: [
        ['yes', 20],
        ['no', 30],
        ['some', 50],
      ],
    })
    const { flags, inexact } = imported(definition)
    const by = { by: 'targetingKey', salt: 'a' }
    const sole = (variant: string) => [{ variant, weight: 100_000 }]
    expect(inexact).toEqual([])
    expect(flags.a!.rules.map(({ serve }) => serve)).toEqual([
      { rollout: { ...by, share: 20_000, split: sole('yes'), rest: 'continue' } },
      { rollout: { ...by, share: 50_000, split: sole('no'), rest: { variant: 'some' } } },
    ])
    expect(flags.a!.fallthrough).toEqual({ variant: 'no' })
  })
})

describe('what cannot be imported', () => {
  it.each<[string, unknown, object?]>([
    ['$.flags.a.targeting', { '+': [1, 2] }],
    ['$.flags.a.targeting', { var: 'plan' }],
    ['$.flags.a.targeting.if[0]', { if: [{ '==': [{ '+': [v, 1] }, 2] }, 'yes'] }],
    ['$.flags.a.targeting.if[0]', { if: [{ some: [v, { '==': [{ var: '' }, 1] }] }, 'yes'] }],
    ['$.flags.a.targeting.if[0]', { if: [{ if: [{ '==': [v, 1] }, true, false] }, 'yes'] }],
    ['$.flags.a.targeting.if[0].and[1]', { if: [{ and: [true, { '<': [v, 'x'] }] }, 'yes'] }],
    ['$.flags.a.targeting.if[0]', { if: [{ '==': [{ var: ['v', 'x'] }, 1] }, 'yes'] }],
    ['$.flags.a.targeting.if[0]', { if: [{ '==': [{ var: '$flagd.flagKey' }, 'a'] }, 'yes'] }],
    [
      '$.flags.a.targeting.if[0].or[0]',
      { if: [{ or: [{ '<': [{ var: '$flagd.timestamp' }, 5] }, true] }, 'yes'] },
    ],
    ['$.flags.a.targeting.if[0]', { if: [{ '==': [v, 1], '!=': [v, 2] }, 'yes'] }],
    ['$.flags.a.targeting.if[0]', { if: [7, 'yes'] }],
    [
      '$.flags.a.targeting.if[1].fractional[0]',
      { if: [true, { fractional: [{ cat: [v, v] }, ['yes', 1]] }] },
    ],
    ['$.flags.a.targeting.fractional[0][1]', { fractional: [['yes', { var: 'w' }]] }],
    [
      '$.flags.a.targeting.fractional[1][0]',
      {
        fractional: [
          ['yes', 1],
          [{ var: 'w' }, 1],
        ],
      },
    ],
    ['$.flags.a.targeting', { fractional: [['yes', 0]] }],
    ['$.flags.a.targeting.if[0]', { if: [{ $ref: 'gone' }, 'yes'] }],
    [
      '$.$evaluators.y',
      { if: [{ $ref: 'x' }, 'yes'] },
      { $evaluators: { x: { and: [{ $ref: 'y' }] }, y: { $ref: 'x' } } },
    ],
    ['$.flags.a', { if: [{ '==': [v, 1] }, 'unknown'] }],
  ])('leaves the flag out and is reported: %s %j', (path, targeting, more) => {
    const { flags, omitted } = imported(aDefinition(targeting, {}, more))
    expect(flags).toEqual({})
    expect(omitted.map((finding) => finding.path)).toContain(path)
  })

  it('tells a circle of evaluators from a long row of them', () => {
    const $evaluators = { x: { and: [{ $ref: 'y' }] }, y: { $ref: 'x' } }
    expect(imported(aDefinition({ if: [{ $ref: 'x' }, 'yes'] }, {}, { $evaluators })).omitted).toEqual([
      { path: '$.$evaluators.y', reason: 'evaluators refer to each other in a circle: x -> y -> x' },
    ])
  })

  it.each<[string, object]>([
    ['$.flags.a.variants', { variants: { yes: 'y', no: true } }],
    ['$.flags.a.variants', { variants: {} }],
    ['$.flags.a.state', { state: 'ON' }],
    ['$.flags.a.defaultVariant', { defaultVariant: 7 }],
    ['$.flags.a', { defaultVariant: 'unknown' }],
    ['$.flags.a', { variants: { 'not a key': 'y', no: 'n' } }],
    ['$.flags.a.targeting', { defaultVariant: null, targeting: { if: [{ '==': [v, 1] }, 'yes'] } }],
  ])('leaves the flag out for what it is: %s %j', (path, changes) => {
    const { flags, omitted } = imported(aDefinition(undefined, changes))
    expect([Object.keys(flags), omitted.map((finding) => finding.path)]).toEqual([[], [path]])
  })

  it('hurts no other flag', () => {
    const flag = { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'no' }
    const { flags, omitted } = imported({
      flags: { good: flag, 'bad key': flag, bad: { ...flag, targeting: { var: 'x' } } },
    })
    expect(Object.keys(flags)).toEqual(['good'])
    expect(omitted.map(({ path }) => path).sort()).toEqual(['$.flags.bad.targeting', '$.flags["bad key"]'])
  })
})

describe('hostile input', () => {
  it.each([
    null,
    7,
    'text',
    [],
    {},
    { flags: 7 },
    { flags: { a: null } },
    { flags: [null] },
    { flags: {}, $evaluators: 7 },
  ])('is reported, never thrown: %j', (definition) => {
    expect(importFlagd(definition).flags).toEqual({})
  })

  it('may use any name', () => {
    const flag =
      '{"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on", "targeting": {"__proto__": [1]}}'
    const text = `{"flags": {"__proto__": ${flag}, "constructor": ${flag}, "toString": ${flag}}, "$evaluators": {"__proto__": {}}}`
    const { flags, omitted } = importFlagd(JSON.parse(text))
    expect(Object.keys(flags)).toEqual([])
    expect(omitted.length).toBeGreaterThan(2)
    expect(({} as { on?: unknown }).on).toBeUndefined()
  })

  it('may be deep', () => {
    let deep: unknown = true
    for (let i = 0; i < 200_000; i++) deep = { '!': [deep] }
    const { omitted } = importFlagd(aDefinition({ if: [deep, 'yes'] }, {}, { $evaluators: { deep } }))
    expect(omitted.map(({ path }) => path)).toEqual(['$.$evaluators.deep', '$.flags.a'])
  })

  it('may multiply by reference', () => {
    const names = Array.from({ length: 19 }, (_, i) => `e${i}`)
    const twice = (i: number) => [{ $ref: `e${i + 1}` }, { $ref: `e${i + 1}` }]
    const reasons = (evaluator: (i: number) => unknown, last: unknown, targeting: unknown) => {
      const $evaluators = { ...Object.fromEntries(names.map((name, i) => [name, evaluator(i)])), e19: last }
      return imported(aDefinition(targeting, {}, { $evaluators })).omitted.map(({ reason }) => reason)
    }
    const served = reasons((i) => ({ if: [{ '==': [v, i] }, ...twice(i)] }), 'yes', { $ref: 'e0' })
    expect(served).toContain('the targeting is too large to import: split it up')
    const asked = reasons((i) => ({ and: twice(i) }), { '==': [v, 1] }, { if: [{ $ref: 'e0' }, 'yes'] })
    expect(asked).toEqual(['segment "e0" nests more than 10 segments deep'])
    expect(reasons((i) => ({ and: twice(i) }), 'yes', { if: [{ $ref: 'e0' }, 'yes'] })).toContain(
      'this is no condition',
    )
  })
})
