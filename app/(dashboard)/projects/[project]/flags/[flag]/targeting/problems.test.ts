import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import type { Rule } from '@/lib/evaluation/types'
import { problemsOf, problemsOfRule } from './problems'

const rule = (id: string, variant = 'on'): Rule => ({ id, when: { all: [] }, serve: { variant } })
const targeting: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [rule('a'), rule('b')],
  fallthrough: { variant: 'on' },
}
const refusal = {
  targeting,
  problems: [
    { path: 'rules.1.serve', message: 'no such variant' },
    { path: 'rules.10', message: 'not this rule' },
    { path: 'fallthrough', message: 'no such variant' },
  ],
}

describe('problemsOfRule', () => {
  it('follows a rule to where it has been moved', () => {
    expect(problemsOfRule(refusal, rule('b'))).toEqual([{ path: 'serve', message: 'no such variant' }])
    expect(problemsOfRule(refusal, rule('a'))).toEqual([])
  })

  it('has nothing to say once the rule has been edited', () => {
    expect(problemsOfRule(refusal, rule('b', 'off'))).toEqual([])
    expect(problemsOfRule(null, rule('b'))).toEqual([])
  })
})

it('keeps the problem of a line while another line is edited', () => {
  const edited = { ...targeting, offVariant: null }
  expect(problemsOf(refusal, 'fallthrough', edited)).toHaveLength(1)
  expect(problemsOf(refusal, 'fallthrough', { ...edited, fallthrough: { variant: 'off' } })).toEqual([])
})
