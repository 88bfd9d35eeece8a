import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import { decide } from './decide'

const targeting: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [{ flag: 'elsewhere', variants: ['on'] }],
  targets: [],
  rules: [{ id: 'a', when: { segment: 'beta' }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
}
const known = {
  flag: { key: 'f', type: 'boolean', variants: { on: true, off: false } },
  salt: 'f',
  killed: false,
  segments: { beta: { by: 'targetingKey', included: ['ana'], excluded: [], any: [] } },
} as const

const variantFor = (targetingKey: string, over: Partial<typeof targeting> = {}) => {
  const decision = decide({ ...targeting, ...over }, known, { targetingKey }, 0)
  return 'evaluation' in decision ? decision.evaluation.variant : decision.problem
}

describe('decide', () => {
  it('decides a draft with its segments, prerequisites taken as met', () => {
    expect([variantFor('ana'), variantFor('bo')]).toEqual(['on', 'off'])
  })

  it('asks no disabled rule, and calls the others by their places in the draft', () => {
    const [rule] = targeting.rules
    const rules = [{ ...rule!, id: 'z', disabled: true as const, comment: 'Later' }, ...targeting.rules]
    const decision = decide({ ...targeting, rules }, known, { targetingKey: 'ana' }, 0)
    const asked = 'trace' in decision ? decision.trace.filter(({ step }) => step === 'rule') : []
    expect(asked).toEqual([expect.objectContaining({ id: 'a', index: 1, outcome: 'matched' })])
    expect(variantFor('ana', { rules: rules.slice(0, 1) })).toBe('off')
  })

  it('serves the off variant while killed', () => {
    const decision = decide(targeting, { ...known, killed: true }, { targetingKey: 'ana' }, 0)
    expect(decision).toMatchObject({ evaluation: { variant: 'off', reason: 'DISABLED' } })
  })

  it('says what is unfinished instead of deciding it', () => {
    const blank = {
      id: 'b',
      when: { attribute: '', op: 'is_one_of', values: [] },
      serve: { variant: 'on' },
    } as const
    expect(variantFor('ana', { rules: [blank] })).toMatch(/^rules\[0\]/)
  })
})
