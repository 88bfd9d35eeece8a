import { describe, expect, it } from 'vitest'
import type { StoredRule } from '@/lib/control/views'
import { publishedRules, restoredRules } from './stored-rules'

const rule = (id: string, more: Partial<StoredRule> = {}): StoredRule => ({
  id,
  when: { attribute: 'plan', op: 'is_one_of', values: [id] },
  serve: { variant: 'on' },
  ...more,
})

describe('published rules', () => {
  it('are those that are not disabled, without comments', () => {
    const rules = [rule('a', { comment: 'For Ana' }), rule('b', { disabled: true }), rule('c')]
    expect(publishedRules(rules)).toEqual([rule('a'), rule('c')])
  })
})

describe('rules restored from a config', () => {
  it('keep the comments of now, and the disabled rules of now behind what they stood behind', () => {
    const asleep = rule('b', { disabled: true, comment: 'After the sale' })
    const first = rule('0', { disabled: true })
    const now = [first, rule('a', { comment: 'For Ana' }), asleep, rule('new')]
    expect(restoredRules([rule('c'), rule('a')], now)).toEqual([
      first,
      rule('c'),
      rule('a', { comment: 'For Ana' }),
      asleep,
    ])
  })

  it('hold again what has been disabled since', () => {
    expect(restoredRules([rule('a')], [rule('a', { disabled: true })])).toEqual([rule('a')])
  })
})
