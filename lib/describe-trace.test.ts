import { beforeAll, describe, expect, it } from 'vitest'
import { aFlag, parsed } from '@/tests/support/build-config'
import { describeTrace } from './describe-trace'
import { bucket, evaluate, type Trace } from './evaluation'
import type { Condition, Config, Flag, Rollout, Serve } from './evaluation/types'
import { loadRegex } from './regex'

beforeAll(loadRegex)

const NOW = '2026-03-08T12:00:00Z'
const KEY = 'user-1'
const AT = bucket('salt', KEY)
const SPLIT_AT = bucket('salt/split/', KEY)
const shownAt = (position: number) => position.toLocaleString('en')

const rollout = (share: number, changes: Partial<Rollout> = {}): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue', ...changes },
})
const halves = [
  { variant: 'on', weight: 50_000 },
  { variant: 'off', weight: 50_000 },
]
const rest = { variant: 'off' }
const on = { variant: 'on' }

/** The sentences about a flag, from a trace of the real engine. */
function lines(
  flag: Partial<Flag> | null,
  context: Record<string, unknown> = { targetingKey: KEY },
  config: Partial<Config> = {},
): string[] {
  const flags: Record<string, Flag> = flag ? { f: aFlag({ fallthrough: rest, ...flag }) } : {}
  const trace: Trace = []
  const segments = { beta: { by: 'targetingKey', included: [KEY], excluded: [], any: [] } }
  evaluate(
    parsed({ segments, ...config, flags: { ...config.flags, ...flags } }),
    'f',
    context,
    Date.parse(NOW),
    trace,
  )
  return describeTrace(trace).map(({ label, decided, text }) => `${label} ${decided ? '=>' : '--'} ${text}`)
}

/** The sentence about a rule with one condition, for a context with one attribute `a`. */
const about = (when: Condition, a?: unknown) =>
  lines({ rules: [{ id: 'r', when, serve: on }] }, { targetingKey: KEY, a })[0]!.replace('Rule 1 ', '')

describe('every operator has its sentences', () => {
  type Case = [when: object, holding: unknown, held: string, failing: unknown, failed: string]
  const cases: Case[] = [
    [
      { op: 'is_one_of', values: ['DE', 'FR'] },
      'DE',
      'a is one of DE, FR',
      'IT',
      'a is one of DE, FR? a is “IT”',
    ],
    [
      { op: 'is_one_of', values: ['DE', 'FR'], negate: true },
      'IT',
      'a is not one of DE, FR',
      'DE',
      'a is not one of DE, FR? a is “DE”',
    ],
    [{ op: 'is_one_of', values: [7] }, 7, 'a is 7', '7', 'a is 7? a is “7”'],
    [{ op: 'is_set', values: [] }, 0, 'a is set', null, 'a is set? a is missing'],
    [{ op: 'is_not_set', values: [] }, undefined, 'a is not set', 0, 'a is not set? a is 0'],
    [{ op: 'contains', values: ['b'] }, 'abc', 'a contains b', 'xyz', 'a contains b? a is “xyz”'],
    [{ op: 'starts_with', values: ['b'] }, 'bc', 'a starts with b', ['b'], 'a starts with b? a is ["b"]'],
    [{ op: 'ends_with', values: ['b', 'c'] }, 'abc', 'a ends with b, c', 'b-', 'a ends with b, c? a is “b-”'],
    [{ op: 'matches', values: ['^b+$'] }, 'bb', 'a matches ^b+$', 'bc', 'a matches ^b+$? a is “bc”'],
    [{ op: 'eq', values: [18] }, 18, 'a = 18', '18', 'a = 18? a is “18”'],
    [{ op: 'lt', values: [18] }, 17, 'a < 18', 18, 'a < 18? a is 18'],
    [{ op: 'lte', values: [18] }, 18, 'a ≤ 18', 19, 'a ≤ 18? a is 19'],
    [{ op: 'gt', values: [18] }, 19, 'a > 18', 18, 'a > 18? a is 18'],
    [{ op: 'gte', values: [18] }, 18, 'a ≥ 18', 17.5, 'a ≥ 18? a is 17.5'],
    [{ op: 'between', values: [1, 2] }, 1, 'a is between 1 and 2', 3, 'a is between 1 and 2? a is 3'],
    [
      { op: 'before', values: ['2027-01-31T09:00:00Z'] },
      NOW,
      'a is before 2027-01-31T09:00:00Z',
      '2028-01-01T00:00:00Z',
      'a is before 2027-01-31T09:00:00Z? a is “2028-01-01T00:00:00Z”',
    ],
    [{ op: 'after', values: [0] }, 1, 'a is after 0', 0, 'a is after 0? a is 0'],
    [
      { op: 'within_last', values: ['7d'] },
      NOW,
      'a is within the last 7 days',
      new Date('2026-01-01T00:00:00Z'),
      'a is within the last 7 days? a is “2026-01-01T00:00:00.000Z”',
    ],
    [
      { op: 'older_than', values: ['1h'] },
      0,
      'a is older than 1 hour',
      NOW,
      `a is older than 1 hour? a is “${NOW}”`,
    ],
    [
      { op: 'semver_eq', values: ['5.3'] },
      '5.3.0',
      'a is version 5.3',
      '5.4',
      'a is version 5.3? a is “5.4”',
    ],
    [
      { op: 'semver_lt', values: ['5.3'] },
      '5.2',
      'a is below version 5.3',
      '6',
      'a is below version 5.3? a is “6”',
    ],
    [
      { op: 'semver_lte', values: ['5.3'] },
      '5.3',
      'a is at most version 5.3',
      5,
      'a is at most version 5.3? a is 5',
    ],
    [
      { op: 'semver_gt', values: ['5.3'] },
      '5.4',
      'a is above version 5.3',
      '5',
      'a is above version 5.3? a is “5”',
    ],
    [
      { op: 'semver_gte', values: ['5.3'] },
      '5.3',
      'a is at least version 5.3',
      'x',
      'a is at least version 5.3? a is “x”',
    ],
    [
      { op: 'semver_in_range', values: ['^1.2'] },
      '1.3.0-beta',
      'a is in version range ^1.2',
      '2.0.0-beta',
      'a is in version range ^1.2? a is “2.0.0-beta”',
    ],
    [
      { op: 'has_any', values: ['x', 'y'] },
      ['y'],
      'a has any of x, y',
      ['z'],
      'a has any of x, y? a is ["z"]',
    ],
    [
      { op: 'has_all', values: ['x', 'y'] },
      ['y', 'x'],
      'a has all of x, y',
      ['x'],
      'a has all of x, y? a is ["x"]',
    ],
    [{ op: 'has_none', values: ['x', 'y'] }, [], 'a has none of x, y', 'x', 'a has none of x, y? a is “x”'],
    [
      { op: 'ip_in_cidr', values: ['10.0.0.0/8'] },
      '10.1.2.3',
      'a is in network 10.0.0.0/8',
      '11.0.0.1',
      'a is in network 10.0.0.0/8? a is “11.0.0.1”',
    ],
  ]
  it.each(cases)('%j', (condition, holding, held, failing, failed) => {
    const when = { attribute: 'a', ...condition } as Condition
    expect(about(when, holding)).toBe(`=> matched: ${held}`)
    expect(about(when, failing)).toBe(`-- did not match: ${failed}`)
  })
})

describe('conditions together', () => {
  const adult: Condition = { attribute: 'age', op: 'gte', values: [18] }
  const pro: Condition = { attribute: 'plan', op: 'is_one_of', values: ['pro'] }
  const rule = (when: Condition, context: object) =>
    lines({ rules: [{ id: 'r', name: 'Paying', when, serve: on }] }, { targetingKey: KEY, ...context })[0]

  it.each<[Condition, object, string]>([
    [{ all: [] }, {}, 'Paying => matched'],
    [{ all: [pro, adult] }, { plan: 'pro', age: 20 }, 'Paying => matched: plan is pro; age ≥ 18'],
    [{ all: [pro, adult] }, { plan: 'pro' }, 'Paying -- did not match: age ≥ 18? age is missing'],
    [{ any: [pro, adult] }, { age: 20 }, 'Paying => matched: age ≥ 18'],
    [{ any: [] }, {}, 'Paying -- did not match'],
    [{ not: pro }, { plan: 'free' }, 'Paying => matched'],
    [{ not: pro }, { plan: 'pro' }, 'Paying -- did not match: not (plan is pro)? it is so'],
    [{ segment: 'beta' }, {}, 'Paying => matched: in segment beta'],
    [{ segment: 'beta' }, { targetingKey: 'bo' }, 'Paying -- did not match: not in segment beta'],
    [{ segment: 'beta', negate: true }, {}, 'Paying -- did not match: in segment beta'],
    [{ segment: 'beta', negate: true }, { targetingKey: 'bo' }, 'Paying => matched: not in segment beta'],
  ])('%j for %j', (when, context, sentence) => {
    expect(rule(when, context)).toBe(sentence)
  })
})

describe('rules', () => {
  const country: Condition = { attribute: 'country', op: 'is_one_of', values: ['DE', 'FR'] }
  const context = { targetingKey: KEY, country: 'DE' }
  const first = (serve: Serve, given: Record<string, unknown> = context) =>
    lines({ rules: [{ id: 'r', when: country, serve }] }, given)[0]
  const bucketIs = `bucket ${shownAt(AT)} of 100,000 is`

  it('say on which side of the share a bucket is, and who is asked next', () => {
    expect(first(rollout(AT))).toBe(
      `Rule 1 -- matched: country is one of DE, FR; ${bucketIs} outside the first ${shownAt(AT)}, so the next rule was asked`,
    )
    expect(first(rollout(AT + 1))).toBe(
      `Rule 1 => matched: country is one of DE, FR; ${bucketIs} inside the first ${shownAt(AT + 1)}`,
    )
    expect(first(rollout(AT, { rest }))).toBe(
      `Rule 1 => matched: country is one of DE, FR; ${bucketIs} outside the first ${shownAt(AT)}`,
    )
    expect(first(rollout(0))).toBe(
      'Rule 1 -- matched: country is one of DE, FR; its share is empty, so the next rule was asked',
    )
    expect(first(rollout(100_000))).toBe('Rule 1 => matched: country is one of DE, FR')
  })

  it('say where the split put a key', () => {
    const variant = SPLIT_AT < 50_000 ? 'on' : 'off'
    expect(first(rollout(100_000, { split: halves }))).toBe(
      `Rule 1 => matched: country is one of DE, FR; bucket ${shownAt(SPLIT_AT)} of the split falls to ${variant}`,
    )
  })

  it('say when there is nothing to count by', () => {
    expect(first(rollout(1_000, { by: 'company' }))).toBe(
      'Rule 1 -- matched: country is one of DE, FR; the context has no company to count by, so the next rule was asked',
    )
  })

  it('are passed over outside their window', () => {
    const rules = [{ id: 'r', when: { all: [] }, serve: on, until: NOW }]
    expect(lines({ rules })).toEqual([
      'Rule 1 -- was not asked: its window is closed at this time',
      'Otherwise => no line above decided',
    ])
  })

  it('keep their answers apart', () => {
    const rules = [
      { id: 'a', when: country, serve: on },
      { id: 'b', name: 'Everyone else', when: { all: [] }, serve: on },
    ]
    expect(lines({ rules }, { targetingKey: KEY, country: 'IT' })).toEqual([
      'Rule 1 -- did not match: country is one of DE, FR? country is “IT”',
      'Everyone else => matched',
    ])
  })
})

describe('the lines around the rules', () => {
  const targets = [
    { variant: 'on', by: 'email', values: ['ada@example.org'] },
    { variant: 'on', by: 'targetingKey', values: [KEY] },
  ]
  it.each<[string, Partial<Flag> | null, Record<string, unknown>, Partial<Config>, string]>([
    ['no such flag', null, {}, {}, 'Flag => f does not exist'],
    ['malformed', { offVariant: 'red' }, {}, {}, 'Flag => f is malformed'],
    ['off', { on: false }, {}, {}, 'State => off'],
    ['killed', {}, {}, { killed: ['f'], killedAt: '1.1.00000001' }, 'State => killed'],
    ['named', { targets }, { targetingKey: KEY }, {}, 'Always => named individually'],
    [
      'named by email',
      { targets },
      { email: 'ada@example.org' },
      {},
      'Always => named individually by email',
    ],
    ['fixed', {}, {}, {}, 'Otherwise => no line above decided'],
    [
      'inside',
      { fallthrough: rollout(AT + 1, { rest }) },
      { targetingKey: KEY },
      {},
      `Otherwise => bucket ${shownAt(AT)} of 100,000 is inside the first ${shownAt(AT + 1)}`,
    ],
    [
      'outside',
      { fallthrough: rollout(AT, { rest }) },
      { targetingKey: KEY },
      {},
      `Otherwise => bucket ${shownAt(AT)} of 100,000 is outside the first ${shownAt(AT)}`,
    ],
    ['no share', { fallthrough: rollout(0, { rest }) }, {}, {}, 'Otherwise => no line above decided'],
    ['all of it', { fallthrough: rollout(100_000, { rest }) }, {}, {}, 'Otherwise => no line above decided'],
    [
      'without a key',
      { fallthrough: rollout(50_000, { rest }) },
      {},
      {},
      'Otherwise => the context has no targetingKey to count by',
    ],
    [
      'without a key for the split',
      { fallthrough: rollout(100_000, { rest, split: halves, by: 'company' }) },
      {},
      {},
      'Otherwise => the context has no company to count by',
    ],
  ])('%s', (_, flag, context, config, sentence) => {
    expect(lines(flag, context, config)).toEqual([sentence])
  })
})

describe('a flag that another one needs', () => {
  const needs = (base: Flag | undefined, variants = ['on'], config: Partial<Config> = {}) =>
    lines(
      { prerequisites: [{ flag: 'base', variants }], fallthrough: on },
      {},
      { ...config, flags: base ? { base } : {} },
    )

  it('is named with what it served', () => {
    const base = aFlag({ rules: [{ id: 'r', when: { all: [] }, serve: on }] })
    expect(needs(base)).toEqual([
      'Needs -- base must serve on: it serves on',
      'Otherwise => no line above decided',
    ])
    expect(needs(aFlag({ fallthrough: rest }), ['on', 'other'])).toEqual([
      'Needs => base must serve on or other: it serves off',
    ])
  })

  it.each<[string, Flag | undefined, Partial<Config>]>([
    ['is off', aFlag({ on: false, offVariant: 'on' }), {}],
    ['is killed', aFlag(), { killed: ['base'], killedAt: '1.1.00000001' }],
    ['does not exist', undefined, {}],
    ['is malformed', aFlag({ offVariant: 'red' }), {}],
    ['serves the default in the code', aFlag({ fallthrough: rollout(1, { rest }) }), {}],
  ])('%s', (fate, base, config) => {
    expect(needs(base, ['on'], config)).toEqual([`Needs => base must serve on: it ${fate}`])
  })

  it('speaks of its own lines in no other place, however deep it is', () => {
    const deep = aFlag({ on: false })
    const base = aFlag({ prerequisites: [{ flag: 'deep', variants: ['on'] }], offVariant: 'off' })
    expect(
      lines({ prerequisites: [{ flag: 'base', variants: ['on'] }] }, {}, { flags: { base, deep } }),
    ).toEqual(['Needs => base must serve on: it serves off'])
  })
})

it('describes a trace of nothing', () => {
  expect(describeTrace([])).toEqual([])
})
