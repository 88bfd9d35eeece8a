import { describe, expect, it } from 'vitest'
import type { AttributeCondition, JsonValue, Operator } from '@/lib/evaluation/types'
import { otherReading, withOperator } from './conditions'

const plan: AttributeCondition = { attribute: 'plan', op: 'is_one_of', values: ['pro', '3'] }

describe('withOperator', () => {
  it('keeps the values that the new operator can read', () => {
    expect(withOperator(plan, 'gt', false)).toEqual({ attribute: 'plan', op: 'gt', values: [3] })
    expect(withOperator(plan, 'is_set', false).values).toEqual([])
    expect(withOperator({ ...plan, op: 'eq', values: [3] }, 'contains', true)).toEqual({
      attribute: 'plan',
      op: 'contains',
      values: ['3'],
      negate: true,
    })
  })

  it('keeps a text that the new operator takes', () => {
    const values = (op: Operator, ...given: JsonValue[]) =>
      withOperator({ ...plan, values: given }, op, false).values
    expect(values('before', 'pro', '2027-01-31T09:00:00Z', 0)).toEqual(['2027-01-31T09:00:00Z'])
    expect(values('within_last', 'pro')).toEqual([])
    expect(values('older_than', '7d', '2w')).toEqual(['7d'])
    expect(values('semver_lt', '5.3', '5.4')).toEqual(['5.3'])
    expect(values('has_any', 'a', 1)).toEqual(['a', 1])
    expect(values('matches', 'a', 1)).toEqual(['a', '1'])
  })

  it('drops "ignoring case" where case means nothing', () => {
    const loose: AttributeCondition = { ...plan, op: 'contains', ignoreCase: true }
    expect(withOperator(loose, 'gt', false)).not.toHaveProperty('ignoreCase')
    expect(withOperator(loose, 'is_one_of', false)).not.toHaveProperty('ignoreCase')
    expect(withOperator(loose, 'starts_with', false)).toHaveProperty('ignoreCase', true)
  })
})

it('offers the other reading of a value, and only where it is exact', () => {
  expect(['42', 42, 'true', false, 'pro', '1.50', '1e3', ''].map(otherReading)).toEqual([
    42,
    '42',
    true,
    'false',
    null,
    null,
    null,
    null,
  ])
})
