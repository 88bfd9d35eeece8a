import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { Rule } from '@/lib/evaluation/types'
import { rebase } from './rebase'

const rule = (id: string, variant = 'on'): Rule => ({ id, when: { all: [] }, serve: { variant } })
const base: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [rule('a'), rule('b'), rule('c')],
  fallthrough: { variant: 'off' },
}
const having = (...rules: Rule[]): Targeting => ({ ...base, rules })
const order = (mine: Targeting, theirs: Targeting) =>
  rebase(base, mine, theirs)
    .rules.map((r) => r.id)
    .join('')

describe('rebase', () => {
  it('keeps their change of what I left alone, and mine of what I changed', () => {
    const mine = { ...base, fallthrough: { variant: 'on' } }
    const theirs = { ...base, on: false, offVariant: null }
    expect(rebase(base, mine, theirs)).toEqual({ ...theirs, fallthrough: { variant: 'on' } })
  })

  it('lets mine win where both changed the same thing: the review shows it against theirs', () => {
    const mine = having(rule('a', 'mine'), rule('b'), rule('c'))
    const theirs = having(rule('a', 'theirs'), rule('b', 'theirs'), rule('c'))
    expect(rebase(base, mine, theirs).rules).toEqual([rule('a', 'mine'), rule('b', 'theirs'), rule('c')])
  })

  it('keeps rules that either side added, in their places', () => {
    const mine = having(rule('a'), rule('m'), rule('b'), rule('c'))
    const theirs = having(rule('t'), rule('a'), rule('b'), rule('c'))
    expect(order(mine, theirs)).toBe('tambc')
  })

  it('drops a rule that one side deleted and the other left alone', () => {
    expect(order(having(rule('a'), rule('c')), base)).toBe('ac')
    expect(order(base, having(rule('b'), rule('c')))).toBe('bc')
  })

  it('keeps a rule that I changed although they deleted it: nothing of mine is lost silently', () => {
    const mine = having(rule('a'), rule('b', 'mine'), rule('c'))
    expect(rebase(base, mine, having(rule('a'), rule('c'))).rules).toEqual([
      rule('a'),
      rule('b', 'mine'),
      rule('c'),
    ])
  })

  it('takes my order when I moved rules, theirs when they did', () => {
    const moved = having(rule('c'), rule('a'), rule('b'))
    expect(order(moved, base)).toBe('cab')
    expect(order(base, moved)).toBe('cab')
  })
})
