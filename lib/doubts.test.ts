import { describe, expect, it } from 'vitest'
import type { StoredRule } from '@/lib/control/views'
import type { Condition, Rollout, Serve } from '@/lib/evaluation/types'
import { doubtsAbout, isUsedUp, takenBy } from './doubts'

const is = (attribute: string, ...values: string[]): Condition => ({ attribute, op: 'is_one_of', values })
const rule = (
  when: Condition,
  serve: Serve = { variant: 'on' },
  more: Partial<StoredRule> = {},
): StoredRule => ({ id: 'r', when, serve, ...more })
const rollout = (share: number, over: Partial<Rollout> = {}): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue', ...over },
})
const halves = [
  { variant: 'on', weight: 50_000 },
  { variant: 'off', weight: 50_000 },
]
const pro = is('plan', 'pro')
const proInDe: Condition = { all: [is('country', 'de'), pro] }
const everybody: Condition = { all: [] }
const about = (...rules: StoredRule[]) => doubtsAbout(rules).at(-1)

describe('doubts about a rule', () => {
  it('say that an earlier rule leaves nobody', () => {
    const nobody = (place: number) => [`Nobody gets here: rule ${place} serves all whom this one is about.`]
    expect(about(rule(pro), rule(proInDe))).toEqual(nobody(1))
    expect(about(rule({ any: [proInDe, is('plan', 'team')] }), rule(proInDe))).toEqual(nobody(1))
    expect(about(rule(proInDe), rule({ all: [] }), rule(pro))).toEqual(nobody(2))
    expect(about(rule(pro, rollout(100_000)), rule(pro))).toEqual(nobody(1))
    expect(about(rule(pro, rollout(0, { rest: { variant: 'off' } })), rule(pro))).toEqual(nobody(1))
  })

  it('say whom it leaves where it counts by an attribute', () => {
    const only = (name: string) => [`Only who has no ${name} gets here: rule 1 serves all others.`]
    expect(about(rule(pro, rollout(50_000, { rest: { variant: 'off' } })), rule(pro))).toEqual(
      only('targetingKey'),
    )
    expect(about(rule(pro, rollout(100_000, { split: halves, by: 'company' })), rule(proInDe))).toEqual(
      only('company'),
    )
  })

  it('are not raised by a share, a rule for a time, a disabled one, or one that asks more', () => {
    const quiet = [
      [rule(pro, rollout(50_000)), rule(pro)],
      [rule(pro, undefined, { until: '2099-01-01T00:00:00Z' }), rule(pro)],
      [rule(pro, undefined, { disabled: true }), rule(pro)],
      [rule(pro), rule(pro, undefined, { disabled: true })],
      [rule(proInDe), rule(pro)],
      [rule(is('')), rule(is(''))],
    ]
    expect(quiet.map((rules) => about(...rules))).toEqual(quiet.map(() => []))
  })

  it('name two conditions that exclude each other', () => {
    expect(about(rule({ all: [pro, { not: is('plan', 'pro', 'team') }] }))).toEqual([
      'Nobody meets this: “plan is pro” and “not plan is one of pro, team” exclude each other.',
    ])
    expect(about(rule({ any: [] }))).toEqual(['Nobody meets this condition.'])
  })

  it('say where everybody is meant', () => {
    expect(about(rule({ all: [] }))).toEqual(['Everybody meets this: it has no condition.'])
    const set: Condition = { attribute: 'plan', op: 'is_set', values: [] }
    expect(about(rule({ any: [set, { not: set }] }))).toEqual(['Everybody meets this condition.'])
  })
})

describe('takenBy', () => {
  const earlier = [rule(everybody), rule(everybody, rollout(25_000))]

  it('names the earlier rule whose share holds all of this one', () => {
    expect(takenBy(rollout(10_000), earlier)).toBe(2)
    expect(takenBy(rollout(25_000, { by: 'targetingKey' }), earlier)).toBe(2)
  })

  it('has nothing to say of a larger share, another attribute, another salt or a fixed variant', () => {
    const free = [
      rollout(25_001),
      rollout(10_000, { by: 'company' }),
      rollout(10_000, { salt: 'own' }),
      { variant: 'on' },
    ]
    expect(free.map((serve) => takenBy(serve, earlier))).toEqual([null, null, null, null])
  })

  it('ignores a rule that lets nobody continue, and one that is disabled', () => {
    const closed = rule(everybody, rollout(25_000, { rest: { variant: 'off' } }))
    const asleep = rule(everybody, rollout(25_000), { disabled: true })
    expect(takenBy(rollout(10_000), [closed, asleep])).toBeNull()
  })

  it('leaves nobody where all who get here were asked before', () => {
    const taker = rule(pro, rollout(25_000))
    expect(isUsedUp(rule(proInDe, rollout(10_000)), taker)).toBe(true)
    expect(isUsedUp(rule(is('country', 'de'), rollout(10_000)), taker)).toBe(false)
    expect(isUsedUp(rule(pro, rollout(100_000)), rule(pro, rollout(100_000, { split: halves })))).toBe(false)
  })
})
