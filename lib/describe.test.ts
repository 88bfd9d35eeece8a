import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { Condition, Serve } from '@/lib/evaluation/types'
import { describeCondition, describeRule, describeServe, describeStatus, percent } from './describe'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const status = (targeting: Parameters<typeof describeStatus>[0]) => {
  const { state, label, detail } = describeStatus(targeting)
  return [state, plain(`${label}: ${detail}`)]
}

const base: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'on' },
}

const rollout = (share: number, rest: 'continue' | { variant: string } = { variant: 'off' }): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest },
})

const pro: Condition = { attribute: 'plan', op: 'is_one_of', values: ['pro', 'team'] }

describe('describeStatus', () => {
  const kill = {
    id: '1.2.abc',
    reason: 'errors',
    actor: { kind: 'user', id: 'u', name: 'Ana' },
    at: '',
  } as const

  const cases: [string, Parameters<typeof describeStatus>[0], string, string][] = [
    ['everyone alike', base, 'on', 'On: everyone gets on'],
    [
      'a rule that is disabled',
      { ...base, rules: [{ id: 'r', when: pro, serve: { variant: 'off' }, disabled: true }] },
      'on',
      'On: everyone gets on',
    ],
    ['off', { ...base, on: false }, 'off', 'Off: everyone gets off'],
    [
      'off without a variant',
      { ...base, on: false, offVariant: null },
      'off',
      'Off: everyone gets the default in the code',
    ],
    ['killed, whatever else is set', { ...base, kill }, 'killed', 'Killed: everyone gets off'],
    ['a percentage', { ...base, fallthrough: rollout(25_000) }, 'partial', 'On: 25 % on, everyone else off'],
    [
      'a split inside a share, as shares of everyone',
      {
        ...base,
        fallthrough: {
          rollout: {
            share: 50_000,
            split: [
              { variant: 'red', weight: 50_000 },
              { variant: 'blue', weight: 50_000 },
            ],
            rest: { variant: 'off' },
          },
        },
      },
      'partial',
      'On: 25 % red, 25 % blue, everyone else off',
    ],
    [
      'one rule in full',
      {
        ...base,
        rules: [{ id: 'r', when: pro, serve: rollout(10_000, 'continue') }],
        fallthrough: { variant: 'off' },
      },
      'partial',
      'On: 10 % get on if plan is one of pro, team; otherwise off',
    ],
    [
      'several rules and people by number',
      {
        ...base,
        targets: [{ variant: 'on', by: 'targetingKey', values: ['ana', 'bo'] }],
        rules: [
          { id: 'a', when: pro, serve: { variant: 'on' } },
          { id: 'b', when: pro, serve: { variant: 'on' } },
        ],
      },
      'partial',
      'On: 2 individuals, 2 rules; otherwise on',
    ],
  ]
  it.each(cases)('says %s', (_, targeting, state, sentence) => {
    expect(status(targeting)).toEqual([state, sentence])
  })
})

describe('describeCondition', () => {
  const cases: [Condition, string][] = [
    [{ attribute: 'plan', op: 'is_one_of', values: ['pro'] }, 'plan is pro'],
    [{ attribute: 'plan', op: 'is_one_of', values: ['pro'], negate: true }, 'plan is not pro'],
    [
      { attribute: 'n', op: 'is_one_of', values: [1, '1', true, 'a', 'b'] },
      'n is one of 1, 1, true and 2 more',
    ],
    [{ attribute: 'age', op: 'between', values: [18, 65] }, 'age is between 18 and 65'],
    [{ attribute: 'email', op: 'is_set', values: [] }, 'email is set'],
    [{ attribute: '', op: 'is_one_of', values: [] }, '… is one of …'],
    [
      { attribute: 'email', op: 'ends_with', values: ['@acme.com'], ignoreCase: true },
      'email ends with @acme.com (ignoring case)',
    ],
    [
      { attribute: 'email', op: 'matches', values: ['^a', 'b$'], negate: true },
      'email does not match ^a, b$',
    ],
    [
      { attribute: 'signedUp', op: 'after', values: ['2027-01-31T09:00:00Z'] },
      'signedUp is after 2027-01-31T09:00:00Z',
    ],
    [{ attribute: 'signedUp', op: 'within_last', values: ['7d'] }, 'signedUp is within the last 7 days'],
    [{ attribute: 'signedUp', op: 'older_than', values: ['1w'] }, 'signedUp is older than 1 week'],
    [{ attribute: 'signedUp', op: 'older_than', values: [] }, 'signedUp is older than …'],
    [{ attribute: 'app', op: 'semver_gte', values: ['5.3'] }, 'app is at least version 5.3'],
    [{ attribute: 'app', op: 'semver_in_range', values: ['^1.2'] }, 'app is in version range ^1.2'],
    [{ attribute: 'roles', op: 'has_any', values: ['a', 'b'] }, 'roles has any of a, b'],
    [{ attribute: 'roles', op: 'has_any', values: ['a'] }, 'roles has a'],
    [{ attribute: 'roles', op: 'has_all', values: ['a'], negate: true }, 'roles does not have a'],
    [{ attribute: 'roles', op: 'has_none', values: ['a'] }, 'roles has none of a'],
    [{ attribute: 'ip', op: 'ip_in_cidr', values: ['10.0.0.0/8'] }, 'ip is in network 10.0.0.0/8'],
    [{ segment: 'beta', negate: true }, 'not in segment beta'],
    [{ all: [] }, 'anyone'],
    [
      { all: [pro, { any: [{ segment: 'a' }, { segment: 'b' }] }] },
      'plan is one of pro, team and (in segment a or in segment b)',
    ],
    [{ not: { any: [{ segment: 'a' }, { segment: 'b' }] } }, 'not (in segment a or in segment b)'],
  ]
  it.each(cases)('reads %j as a sentence', (when, sentence) => {
    expect(describeCondition(when)).toBe(sentence)
  })
})

describe('describeServe', () => {
  it('names the bucketing attribute only where it is not the targeting key', () => {
    const by = (attribute: string): Serve => {
      const serve = rollout(12_345) as { rollout: object }
      return { rollout: { ...serve.rollout, by: attribute } } as Serve
    }
    expect(plain(describeServe(by('targetingKey')))).toBe('on to 12.345 %, the rest get off')
    expect(plain(describeServe(by('company')))).toBe('on to 12.345 % of company, the rest get off')
  })

  it('says a share of everyone as the variant itself', () => {
    expect(describeServe(rollout(100_000))).toBe('on')
  })
})

it('describes a rule with its window', () => {
  const rule = { id: 'r', when: pro, serve: { variant: 'on' }, from: '2027-01-01T00:00:00Z' }
  expect(describeRule(rule)).toBe('If plan is one of pro, team, from 1 Jan 2027, 00:00 UTC → serve on')
})

it('keeps a percentage exact to the smallest step', () => {
  expect([1, 33_333, 100_000].map(percent).map(plain)).toEqual(['0.001 %', '33.333 %', '100 %'])
})
