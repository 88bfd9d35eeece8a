import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aConfig, aFlag } from '../../tests/support/build-config'
import { randomConfig } from '../../tests/support/flagd-configs'
import { flagdVariant, flagdWith, parse } from '../../tests/support/flagd-differential'
import { isFlagdDefinition } from '../../tests/support/flagd-schema'
import { randomFrom } from '../../tests/support/random'
import {
  type Condition,
  type Config,
  type EvaluationContext,
  evaluate,
  type Flag,
  type Operator,
  type Rule,
} from '../evaluation/index'
import { exportFlagd } from './flagd-export'

beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

const NOW = Date.parse('2026-01-01T00:00:00Z')
const ANYONE = { targetingKey: 'user-1' }
const when = (condition: Condition): Flag =>
  aFlag({
    rules: [{ id: 'r', when: condition, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  })
const rule = (changes: Partial<Rule>): Flag =>
  aFlag({
    rules: [{ id: 'r', when: { all: [] }, serve: { variant: 'on' }, ...changes }],
    fallthrough: { variant: 'off' },
  })

/** The variant that both serve. */
function both(config: Partial<Config>, context: EvaluationContext, now = NOW, key = 'a'): string | undefined {
  const whole = aConfig(config)
  const { definition, omitted } = exportFlagd(whole)
  expect(omitted).toEqual([])
  expect(isFlagdDefinition(definition)).toBe(true)
  const { variant } = evaluate(parse(whole), key, context, now)
  for (const disableDynamicCodeGeneration of [false, true]) {
    const flagd = flagdWith(definition, { disableDynamicCodeGeneration })
    expect(flagdVariant(flagd, key, context, now)).toBe(variant)
  }
  return variant
}

const forms = (config: Partial<Config>) =>
  exportFlagd(aConfig(config)).omitted.map(({ flag, reasons }) => [flag, ...reasons.map(({ form }) => form)])

describe('the schema of flagd', () => {
  it('is kept by random definitions', () => {
    const random = randomFrom(7)
    for (let i = 0; i < 30; i++) {
      const { definition } = exportFlagd(randomConfig(random))
      expect(isFlagdDefinition(definition), JSON.stringify(definition)).toBe(true)
    }
  })

  it('is one that a definition can break', () => {
    const { definition } = exportFlagd(
      aConfig({ flags: { a: when({ not: { any: [] } }), b: rule({ until: '2026-01-01T00:00:00Z' }) } }),
    )
    const broken = (flag: object) => ({ ...definition, flags: { a: { ...definition.flags.b, ...flag } } })
    expect(isFlagdDefinition(broken({}))).toBe(true)
    for (const flag of [
      { state: 'ON' },
      { variants: {} },
      { variants: { on: true, off: 'no' } },
      { targeting: { if: [] } },
      { targeting: { matches: [{ var: 'a' }, 'x'] } },
      { targeting: { if: [{ '<': [1] }, 'on'] } },
      { targeting: { fractional: [{ cat: ['a'] }, ['on', 0.5]] } },
      { targeting: { var: '$flagd.now' } },
    ])
      expect(isFlagdDefinition(broken(flag)), JSON.stringify(flag)).toBe(false)
  })
})

describe('a flag', () => {
  it('that is off or killed is enabled and serves its off variant, or the default of the caller', () => {
    const flags = { off: aFlag({ on: false }), dead: aFlag(), none: aFlag({ on: false, offVariant: null }) }
    const { definition } = exportFlagd(aConfig({ flags, killed: ['dead'] }))
    const { off, dead, none } = definition.flags
    expect([off, dead, none].map((flag) => [flag!.state, flag!.defaultVariant, flag!.targeting])).toEqual([
      ['ENABLED', 'off', undefined],
      ['ENABLED', 'off', undefined],
      ['ENABLED', null, undefined],
    ])
    expect(both({ flags }, ANYONE, NOW, 'none')).toBeUndefined()
  })

  it('with a fixed fallthrough has it as default variant', () => {
    const { definition } = exportFlagd(
      aConfig({ flags: { a: when({ segment: 's' }) }, segments: { s: aSegment({ included: ['u'] }) } }),
    )
    expect(definition.flags.a).toEqual({
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: { if: [{ $ref: 's' }, 'on', null] },
      metadata: { version: 1 },
    })
    expect(definition.$evaluators).toEqual({ s: { in: [{ var: 'targetingKey' }, ['u']] } })
  })

  it('whose rollout misses its key serves the default of the caller', () => {
    const rollout = { share: 50_000, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } }
    const flags = { a: aFlag({ fallthrough: { rollout } }) }
    expect(both({ flags }, { targetingKey: '' })).toBeUndefined()
    expect([both({ flags }, ANYONE), both({ flags }, { targetingKey: 7 as never })]).toEqual(['off', 'on'])
  })

  it('keeps its metadata and version beside those of the config', () => {
    const flags = { a: aFlag({ version: 3, metadata: { owner: 'payments' } }) }
    const { definition } = exportFlagd(aConfig({ flags }))
    const answer = flagdWith(definition).resolveBooleanEvaluation('a', false, {})
    expect(answer.flagMetadata).toEqual(evaluate(parse(aConfig({ flags })), 'a', {}, NOW).flagMetadata)
  })
})

const aSegment = (changes: object) => ({
  by: 'targetingKey',
  included: [],
  excluded: [],
  any: [],
  ...changes,
})

describe('a window', () => {
  it.each([
    [-1, 'off'],
    [0, 'on'],
    [999, 'on'],
    [59_999, 'on'],
    [60_000, 'off'],
  ])('on whole seconds is exact: at %i ms %s', (ms, variant) => {
    const window = { from: '2026-01-01T01:00:00+01:00', until: '2026-01-01T00:01:00Z' }
    expect(both({ flags: { a: rule(window) } }, ANYONE, NOW + ms)).toBe(variant)
  })
})

describe('ids', () => {
  it.each([
    ['42', 'on'],
    [42, 'on'],
    [1e21, 'on'],
    [-0, 'off'],
    ['', 'off'],
    [true, 'off'],
    [[42], 'off'],
    [{}, 'off'],
  ])('in a list are strings and numbers: %j', (id, variant) => {
    const targets = [{ variant: 'on', by: 'id', values: ['', '42', 'true', '1e+21', '[object Object]'] }]
    expect(both({ flags: { a: aFlag({ targets, fallthrough: { variant: 'off' } }) } }, { id })).toBe(variant)
  })
})

const OPERANDS: Readonly<Record<string, unknown[]>> = {
  is_one_of: ['5', 5, 0, false, ''],
  is_set: [],
  is_not_set: [],
  contains: ['5', 'x'],
  starts_with: ['5', 'x'],
  ends_with: ['5', 'x'],
  eq: [5],
  lt: [5],
  lte: [5],
  gt: [5],
  gte: [5],
  between: [0, 5],
}
const ATTRIBUTES = ['5', 'x5', '', 5, -5, 0, 1e21, true, false, [], ['5'], [5], {}, { a: 5 }, null]

describe.each(Object.keys(OPERANDS))('%s', (op) => {
  const condition = { attribute: 'v', op: op as Operator, values: OPERANDS[op] as never }
  it.each([false, true])(
    'decides alike for every type of attribute, and without one; negate: %s',
    (negate) => {
      const flags = { a: when({ ...condition, negate }) }
      for (const v of ATTRIBUTES) both({ flags }, { v })
      both({ flags }, {})
    },
  )
})

it('contains the empty string in every string, the empty one too', () => {
  const flags = { a: when({ attribute: 'v', op: 'contains', values: [''] }) }
  expect(['', 'x', 5].map((v) => both({ flags }, { v }))).toEqual(['on', 'on', 'off'])
})

it('writes thousands of alternatives so that flagd-core can compile them', () => {
  const values = Array.from({ length: 5_000 }, (_, i) => `prefix-${i}-`)
  const flags = { a: when({ attribute: 'v', op: 'starts_with', values }) }
  expect(both({ flags }, { v: 'prefix-4999-x' })).toBe('on')
})

describe('an attribute', () => {
  it.each([
    [{ 'a.b': 1, a: { b: 2 } }, 'on'],
    [{ a: { b: 1 } }, 'on'],
    [{ 'a.b': null, a: { b: 1 } }, 'off'],
    [{ 'a.b': 0, a: { b: 1 } }, 'off'],
    [{ a: { b: null } }, 'off'],
    [{ a: '' }, 'off'],
    [{ a: 0 }, 'off'],
  ])('with a dot is one of that name, else a path: %j', (context, variant) => {
    expect(both({ flags: { a: when({ attribute: 'a.b', op: 'eq', values: [1] }) } }, context)).toBe(variant)
  })

  it.each([
    '__proto__',
    'a.length',
    'a.0',
    'a.toString.name',
    'a.at.x',
    'a\\b',
    '../a',
    '$flagd.timestamp',
    'a..b',
  ])('that flagd would read otherwise is not written: %s', (attribute) => {
    expect(forms({ flags: { a: when({ attribute, op: 'is_set', values: [] }) } })).toEqual([
      ['a', 'attribute'],
    ])
  })
})

describe('a segment', () => {
  const members = aSegment({
    included: ['user-1', 'user-2'],
    excluded: ['user-2'],
    any: [{ segment: 'inner' }],
  })
  const inner = aSegment({ any: [{ attribute: 'v', op: 'eq', values: [5] }] })

  it('is shared by reference, and written out inside another', () => {
    const config = {
      flags: { a: when({ segment: 's' }), b: when({ segment: 's', negate: true }) },
      segments: { s: members, inner },
    }
    expect(Object.keys(exportFlagd(aConfig(config)).definition.$evaluators!)).toEqual(['s'])
    const contexts = [
      ANYONE,
      { targetingKey: 'user-2', v: 5 },
      { targetingKey: 'x', v: 5 },
      { targetingKey: 'x' },
      { v: 5 },
    ]
    expect(contexts.map((context) => both(config, context))).toEqual(['on', 'off', 'on', 'off', 'on'])
    expect(both(config, ANYONE, NOW, 'b')).toBe('off')
  })

  it.each([
    ['a variant looks like a reference to it', { third: { x: { $ref: 's' } } }, ['user-1']],
    ['its text would be read as a pattern', {}, ['user-1', '$&', '$$']],
  ])('is written out where %s', (_, more, included) => {
    const variants = { on: { x: 1 }, off: {}, ...more }
    const flags = { a: { ...when({ segment: 's' }), type: 'object' as const, variants } }
    const config = { flags, segments: { s: aSegment({ included }) } }
    expect(exportFlagd(aConfig(config)).definition.$evaluators).toBeUndefined()
    expect(included.map((targetingKey) => both(config, { targetingKey }))).toEqual(included.map(() => 'on'))
  })
})

describe('a prerequisite', () => {
  const needing = (...keys: string[]) =>
    aFlag({ prerequisites: keys.map((flag) => ({ flag, variants: ['on'] })) })

  it('is met by a flag that is on and serves a variant that is wanted', () => {
    const flags = {
      met: aFlag(),
      off: { ...aFlag({ on: false }), offVariant: 'on' },
      unmet: aFlag({ fallthrough: { variant: 'off' } }),
    }
    const config = (...keys: string[]) => ({ flags: { ...flags, a: needing(...keys) } })
    const served = [['met'], ['off'], ['unmet'], ['gone'], ['met', 'unmet']].map((keys) =>
      both(config(...keys), ANYONE),
    )
    expect(served).toEqual(['on', 'off', 'off', 'off', 'off'])
  })

  it('counts with its off variant where it fails its own', () => {
    const flags = {
      gone: aFlag({ on: false }),
      needed: { ...needing('gone'), offVariant: 'on' },
      a: needing('needed'),
    }
    expect(both({ flags }, ANYONE)).toBe('on')
  })

  it('in a cycle, or past 64 flags, is not written', () => {
    const chain = Array.from({ length: 65 }, (_, i) => [`f${i}`, needing(`f${i + 1}`)] as const)
    expect(forms({ flags: { a: needing('b'), b: needing('a'), c: aFlag() } })).toEqual([
      ['a', 'prerequisites'],
      ['b', 'prerequisites'],
    ])
    expect(forms({ flags: { ...Object.fromEntries(chain), f65: aFlag() } })).toEqual([
      ['f0', 'prerequisites'],
      ['f1', 'prerequisites'],
    ])
  })
})

describe('what flagd cannot express', () => {
  it('leaves the flag out, and is listed by form in the metadata', () => {
    const upper = { attribute: 'v', op: 'contains', values: ['x'], ignoreCase: true } as const
    const flags = {
      ok: aFlag(),
      text: when(upper),
      viaSegment: when({ segment: 's' }),
      viaFlag: aFlag({ prerequisites: [{ flag: 'text', variants: ['on'] }] }),
      list: aFlag({ type: 'object', variants: { on: [1], off: {} } }),
      late: rule({ from: '2026-01-01T00:00:00.001Z' }),
      salted: rule({
        serve: {
          rollout: { salt: 'ä', share: 1, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' },
        },
      }),
      broken: {} as never,
    }
    const { definition, omitted } = exportFlagd(
      aConfig({ flags, segments: { s: aSegment({ any: [upper] }) } }),
    )
    expect(Object.keys(definition.flags)).toEqual(['ok'])
    expect(definition.metadata).toEqual({
      flagSetId: 'shop/production',
      version: '1.1.00000001',
      'omitted: ignoreCase': 'text, viaSegment, viaFlag',
      'omitted: list variant': 'list',
      'omitted: window': 'late',
      'omitted: salt': 'salted',
      'omitted: malformed': 'broken',
    })
    expect(omitted.find(({ flag }) => flag === 'viaFlag')!.reasons).toEqual([
      { form: 'ignoreCase', detail: 'prerequisite "text": flagd compares text by case' },
    ])
  })

  it('is too large a targeting', () => {
    const targets = Array.from({ length: 1_001 }, () => ({ variant: 'on', by: 'id', values: ['u'] }))
    expect(forms({ flags: { a: aFlag({ targets }) } })).toEqual([['a', 'size']])
    const any = Array.from({ length: 3 }, (_, i) => `s${i}`)
    const ids = Array.from({ length: 100_000 }, (_, i) => `u${i}`)
    const segments = {
      s: aSegment({ any: any.map((segment) => ({ segment })) }),
      ...Object.fromEntries(any.map((key) => [key, aSegment({ included: ids })])),
    }
    expect(forms({ flags: { a: when({ segment: 's' }) }, segments })).toEqual([['a', 'size']])
  })
})
