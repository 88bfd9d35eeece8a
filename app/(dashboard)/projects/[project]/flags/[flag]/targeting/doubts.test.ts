import { expect, it } from 'vitest'
import type { Condition, Rule, Serve } from '@/lib/evaluation/types'
import { doubtsAbout } from './doubts'

const is = (attribute: string, ...values: string[]): Condition => ({ attribute, op: 'is_one_of', values })
const rule = (when: Condition, serve: Serve = { variant: 'on' }, more: Partial<Rule> = {}): Rule => ({
  id: 'r',
  when,
  serve,
  ...more,
})
const half: Serve = {
  rollout: { share: 50_000, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' },
}
const pro = is('plan', 'pro')
const proInDe: Condition = { all: [is('country', 'de'), pro] }

it('says that an earlier rule leaves nobody', () => {
  expect(doubtsAbout(rule(proInDe), [rule(pro)])).toEqual([
    'Nobody gets here: rule 1 serves all whom this one is about.',
  ])
  expect(doubtsAbout(rule(pro), [rule(proInDe), rule({ all: [] })])[0]).toContain('rule 2')
})

it('does not say so of a share, of a rule that holds for a time, or of one that asks more', () => {
  const { length } = [
    ...doubtsAbout(rule(pro), [rule(pro, half)]),
    ...doubtsAbout(rule(pro), [rule(pro, undefined, { until: '2099-01-01T00:00:00Z' })]),
    ...doubtsAbout(rule(pro), [rule(proInDe)]),
  ]
  expect(length).toBe(0)
})

const contradictions: [string, Condition[], string][] = [
  ['lists that share nothing', [is('plan', 'pro'), is('plan', 'team')], 'plan'],
  ['a question and its contrary', [pro, { ...pro, negate: true } as Condition], 'plan'],
  ['a value of what is missing', [pro, { attribute: 'plan', op: 'is_not_set', values: [] }], 'plan'],
  ['in and out of a segment', [{ segment: 'beta' }, { segment: 'beta', negate: true }], 'segment beta'],
]
it.each(contradictions)('finds %s', (_, all, about) => {
  expect(doubtsAbout(rule({ all }), [])).toEqual([
    `Nobody meets this: its conditions on ${about} exclude each other.`,
  ])
})

it('has nothing against conditions that can be met together', () => {
  const all = [
    is('plan', 'pro', 'team'),
    is('plan', 'team'),
    { segment: 'a' },
    { segment: 'b', negate: true },
  ]
  expect(doubtsAbout(rule({ all }), [])).toEqual([])
})

it('says where everybody is meant', () => {
  expect(doubtsAbout(rule({ all: [] }), [])).toEqual(['Everybody meets this: it has no condition.'])
})
