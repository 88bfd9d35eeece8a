import { expect, it } from 'vitest'
import type { StoredRule, Targeting } from '@/lib/control/views'
import { describeChanges } from './describe-changes'
import { promoted } from './promote'

const rule = (id: string, plan: string): StoredRule => ({
  id,
  when: { attribute: 'plan', op: 'is_one_of', values: [plan] },
  serve: { variant: 'on' },
})

const doing = (...rules: StoredRule[]): Targeting => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules,
  fallthrough: { variant: 'off' },
})

const idsOf = (targeting: Targeting) => targeting.rules.map(({ id }) => id)

it('takes over everything from there', () => {
  const asleep = { ...rule('b', 'team'), disabled: true as const, comment: 'After the sale' }
  const there = { ...doing(rule('a', 'pro'), asleep), on: false, offVariant: null }
  expect(promoted(there, doing())).toEqual(there)
})

it('keeps the id of a rule that stands here word for word, so that it does not read as a change', () => {
  const here = doing(rule('x', 'pro'))
  const after = promoted(doing(rule('a', 'pro'), rule('b', 'team')), here)
  expect(idsOf(after)).toEqual(['x', 'b'])
  expect(describeChanges(here, after).map(({ kind }) => kind)).toEqual(['added'])
})

it('never gives two rules one id', () => {
  const twice = doing(rule('a', 'pro'), rule('b', 'pro'))
  expect(idsOf(promoted(twice, doing(rule('x', 'pro'))))).toEqual(['x', 'b'])
  expect(idsOf(promoted(doing(rule('a', 'team'), rule('b', 'pro')), doing(rule('a', 'pro'))))).toEqual([
    'a',
    'b',
  ])
})
