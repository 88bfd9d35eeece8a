import { describe, expect, it } from 'vitest'
import type { StoredRule, Targeting } from '@/lib/control/views'
import { describeChanges } from './describe-changes'

const rule = (id: string, value = id, share?: number): StoredRule => ({
  id,
  when: { attribute: 'plan', op: 'is_one_of', values: [value] },
  serve:
    share === undefined
      ? { variant: 'on' }
      : { rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' } },
})

const base: Targeting = {
  on: false,
  offVariant: 'off',
  prerequisites: [],
  targets: [{ variant: 'on', by: 'targetingKey', values: ['ana', 'bo'] }],
  rules: [rule('a'), rule('b'), rule('c')],
  fallthrough: { variant: 'off' },
}

const says = (after: Partial<Targeting>) =>
  describeChanges(base, { ...base, ...after }).map(
    ({ kind, text }) => `${kind}: ${text.replaceAll('\u00a0', ' ')}`,
  )

describe('describeChanges', () => {
  it('finds nothing between equals', () => {
    expect(says({})).toEqual([])
  })

  it('names the switch, the off variant and the last line', () => {
    expect(says({ on: true, offVariant: null, fallthrough: { variant: 'on' } })).toEqual([
      'changed: Turned on',
      'changed: When off, serves the default in the code (was off)',
      'changed: Otherwise serves on (was off)',
    ])
  })

  it('follows rules by id, so that a moved rule is not read as two others', () => {
    expect(says({ rules: [rule('c'), rule('a'), rule('b')] })).toEqual([
      'moved: Rule 1 moved here from place 3',
    ])
  })

  it('tells added, removed and changed rules apart', () => {
    expect(says({ rules: [rule('a', 'a', 25_000), rule('c', 'team'), rule('d')] })).toEqual([
      'removed: Rule 2 removed: If plan is b → serve on',
      'changed: Rule 1 serves on to 25 %, the rest continue (was on)',
      'changed: Rule 2 applies if plan is team (was if plan is c)',
      'added: Rule 3 added: If plan is d → serve on',
    ])
  })

  it('says what is disabled, enabled and commented', () => {
    const [a, b, c] = base.rules as [StoredRule, StoredRule, StoredRule]
    expect(says({ rules: [{ ...a, disabled: true }, { ...b, comment: 'For the sale' }, c] })).toEqual([
      'changed: Rule 1 disabled',
      'changed: Rule 2 has the comment “For the sale”',
    ])
    const before = { ...base, rules: [{ ...a, disabled: true as const, comment: 'Old' }] }
    expect(describeChanges(before, { ...base, rules: [a] }).map(({ text }) => text)).toEqual([
      'Rule 1 enabled',
      'Rule 1 has no comment any more',
    ])
    expect(says({ rules: [...base.rules, { ...rule('d'), disabled: true }] })).toEqual([
      'added: Rule 4 added: If plan is d → serve on (disabled)',
    ])
  })

  it('says windows in words', () => {
    const [a] = base.rules as [StoredRule]
    const windowed = { ...a, from: '2026-12-01T09:00:00+01:00' }
    expect(says({ rules: [windowed, ...base.rules.slice(1)] })).toEqual([
      'changed: Rule 1 holds from 1 Dec 2026, 09:00 UTC+1 (was at any time)',
    ])
  })

  it('gathers people by what they get', () => {
    const targets = [
      { variant: 'on', by: 'targetingKey', values: ['ana', 'cy', 'di'] },
      { variant: 'off', by: 'company', values: ['acme'] },
    ]
    expect(says({ targets })).toEqual([
      'added: Always on for cy, di',
      'added: Always off for company acme',
      'removed: No longer always on for bo',
    ])
  })

  it('says who changes variant without calling it a loss', () => {
    expect(says({ targets: [{ variant: 'off', by: 'targetingKey', values: ['ana', 'bo'] }] })).toEqual([
      'added: Always off for ana, bo',
    ])
  })
})
