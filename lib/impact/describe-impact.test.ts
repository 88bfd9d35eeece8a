import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { Condition, JsonValue, Serve } from '@/lib/evaluation/types'
import { describeCohort } from './describe-cohort'
import { describeImpact, describeShares } from './describe-impact'
import { impactOf } from './impact'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
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
const is = (attribute: string, ...values: JsonValue[]): Condition => ({ attribute, op: 'is_one_of', values })
const having = (when: Condition): Partial<Targeting> => ({
  rules: [{ id: 'r', when, serve: { variant: 'on' } }],
})
const during = { id: 'r', serve: { variant: 'on' } }
const told = (before: Partial<Targeting>, after: Partial<Targeting>) => {
  const impact = impactOf({ before: { ...base, ...before }, after: { ...base, ...after }, salt: 'f' }, 0)
  if (!impact.known) throw new Error('it should be known')
  return [describeImpact(impact), ...impact.cohorts.map(describeCohort)].map(plain)
}

describe('an impact in words', () => {
  const cases: [string, Partial<Targeting>, Partial<Targeting>, string[]][] = [
    ['nobody', {}, {}, ['Nobody gets anything else']],
    [
      'everyone',
      { fallthrough: share(10_000) },
      { fallthrough: share(22_000) },
      ['Only adds people to on', 'Everyone'],
    ],
    [
      'a move between variants',
      { fallthrough: { variant: 'red' } },
      { fallthrough: share(12_000, { rest: { variant: 'red' } }) },
      ['Moves 12 % from red to on', 'Everyone'],
    ],
    [
      'companies, where shares are shares of them',
      { fallthrough: { variant: 'red' } },
      { fallthrough: share(12_000, { by: 'company', rest: { variant: 'red' } }) },
      ['Moves 12 % of company from red to on', 'Everyone'],
    ],
    [
      'values that are added to a list',
      having(is('plan', 'pro')),
      having(is('plan', 'pro', 'team')),
      ['Only adds people to on', 'Whoever: plan is team'],
    ],
    [
      'numbers that a limit lets in',
      having({ attribute: 'age', op: 'gte', values: [21] }),
      having({ attribute: 'age', op: 'gte', values: [18] }),
      ['Only adds people to on', 'Whoever: age is 18 or more and below 21'],
    ],
    [
      'whom no rule meets',
      having(is('plan', 'pro')),
      { ...having(is('plan', 'pro')), fallthrough: share(5_000) },
      ['Only adds people to on', 'Whoever: plan is not pro'],
    ],
    [
      'a segment, and what is not in it',
      having({ segment: 'beta' }),
      having({ segment: 'beta', negate: true }),
      [
        'Moves people from one variant to another',
        'Whoever: in segment beta',
        'Whoever: not in segment beta',
      ],
    ],
    [
      'people by name',
      {},
      { targets: [{ variant: 'on', by: 'targetingKey', values: ['ana', 'bo'] }] },
      ['Only adds people to on', '2 individuals: ana, bo'],
    ],
    [
      'a prerequisite',
      { fallthrough: { variant: 'on' } },
      { fallthrough: { variant: 'on' }, prerequisites: [{ flag: 'billing', variants: ['on'] }] },
      ['Only removes people from on', 'Whoever: billing does not serve on'],
    ],
    [
      'what is asked by other operators',
      having({ attribute: 'email', op: 'ends_with', values: ['@acme.com'] }),
      {},
      ['Only removes people from on', 'Whoever: email ends with @acme.com'],
    ],
    [
      'a time to come',
      {},
      { rules: [{ id: 'r', when: { all: [] }, serve: { variant: 'on' }, from: '2027-01-01T00:00:00Z' }] },
      ['Only adds people to on', 'Everyone, from 1 Jan 2027, 00:00 UTC'],
    ],
    [
      'a later end',
      { rules: [{ ...during, when: is('plan', 'pro'), until: '2027-01-01T00:00:00Z' }] },
      { rules: [{ ...during, when: is('plan', 'pro'), until: '2027-02-01T00:00:00Z' }] },
      [
        'Only adds people to on',
        'Whoever: plan is pro, from 1 Jan 2027, 00:00 UTC until 1 Feb 2027, 00:00 UTC',
      ],
    ],
    [
      'of a longer list the new ones',
      having({ attribute: 'email', op: 'ends_with', values: ['@a.com', '@b.com'] }),
      having({ attribute: 'email', op: 'ends_with', values: ['@b.com', '@a.com', '@c.com'] }),
      ['Only adds people to on', 'Whoever: email ends with @c.com'],
    ],
    [
      'what a shorter text lets in',
      having({ attribute: 'team', op: 'starts_with', values: ['staff-a'] }),
      having({ attribute: 'team', op: 'starts_with', values: ['staff-'] }),
      ['Only adds people to on', 'Whoever: team does not start with staff-a and team starts with staff-'],
    ],
    [
      'a lower version',
      having({ attribute: 'app', op: 'semver_gte', values: ['5.3.0'] }),
      having({ attribute: 'app', op: 'semver_gte', values: ['5.2.0'] }),
      [
        'Only adds people to on',
        'Whoever: app is not at least version 5.3.0 and app is at least version 5.2.0',
      ],
    ],
  ]
  it.each(cases)('tells %s', (_, before, after, words) => {
    expect(told(before, after)).toEqual(words)
  })

  it('counts a list in people, and says nothing of shares that have nothing in common', () => {
    const cohort = { moves: [], before: [], after: [], given: [] }
    const shares = [
      { variant: 'on', share: 0.25 },
      { variant: null, share: 0.75 },
    ]
    const listed = { ...cohort, by: ['targetingKey'], ids: ['a', 'b', 'c', 'd'] }
    expect(describeShares(shares, listed)).toBe('3 of 4 the default in the code, 1 of 4 on')
    const mixed = { ...cohort, by: ['targetingKey', 'company'], ids: null }
    expect(describeShares(shares, mixed)).toBe('some the default in the code, some on')
  })
})
