import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { loadRegex } from '@/lib/regex'
import { fieldErrors } from './operation'
import {
  condition,
  flagFields,
  jsonValue,
  key,
  reason,
  ref,
  segmentBody,
  targeting,
  variants,
} from './schemas'

/** `path: message` of everything that is wrong. */
function said(schema: z.ZodType, value: unknown): string {
  const parsed = schema.safeParse(value)
  if (parsed.success) return ''
  return fieldErrors(parsed.error)
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join('; ')
}

describe('a key', () => {
  it.each(['a', '0', 'A.b_c-d', 'x'.repeat(128)])('may be %s', (value) => {
    expect(said(key, value)).toBe('')
  })
  it.each(['', '.a', '_a', 'a b', 'a/b', 'a#1', 'é', 'x'.repeat(129), 'a\n'])('may not be %j', (value) => {
    expect(said(key, value)).toContain('use 1 to 128 letters, digits')
  })
  it.each(['constructor', 'prototype'])('may not be %s', (value) => {
    expect(said(key, value)).toBe('this name is reserved')
  })
  it('that is only looked up may be anything short', () => {
    expect(said(ref, 'under older rules!')).toBe('')
    expect(said(ref, '')).not.toBe('')
    expect(said(ref, 'x'.repeat(129))).not.toBe('')
  })
})

describe('values and variants', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
  it('are JSON, at most 20 levels deep', () => {
    expect(said(jsonValue, { a: [1, 'x', null, true] })).toBe('')
    expect(said(jsonValue, nested(20))).toBe('')
    expect(said(jsonValue, nested(21))).toBe('at most 20 levels deep')
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n])
      expect(said(jsonValue, value)).not.toBe('')
  })
  it('are at least one and at most a hundred', () => {
    expect(said(variants, {})).toBe('a flag needs at least one variant')
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`v${i}`, i]))
    expect(said(variants, many(100))).toBe('')
    expect(said(variants, many(101))).toBe('at most 100 variants')
  })
})

describe('a condition', () => {
  beforeAll(loadRegex)
  const leaf = (op: string, values: unknown[]) => ({ attribute: 'a', op, values })
  it.each([
    ['is_one_of', ['x', 1, true]],
    ['is_set', []],
    ['contains', ['x', 'y']],
    ['lt', [1]],
    ['between', [1, 1]],
    ['matches', ['^a+$']],
    ['before', ['2027-01-31T09:00:00Z']],
    ['within_last', ['7d']],
    ['semver_in_range', ['^1.2.3']],
    ['has_all', ['x', 1, true]],
    ['ip_in_cidr', ['10.0.0.0/8', '::1']],
  ])('%s takes %j', (op, values) => {
    expect(said(condition, leaf(op, values))).toBe('')
  })
  it.each([
    ['is_set', ['x'], 'values: takes no values: write []'],
    ['is_one_of', [], 'values: has 0 entries; it needs at least 1'],
    ['eq', ['1'], 'values.0: must be a finite number, not "1"'],
    ['gt', [1, 2], 'values: has 2 entries; the most is 1'],
    ['between', [2, 1], 'values: 2 is above 1: write the lower limit first'],
    ['ends_with', [1], 'values.0: must be a string, not 1'],
    ['matches', ['x', '('], 'values.1: is no pattern: error parsing regexp: missing closing ): `(`'],
    [
      'older_than',
      ['a week'],
      'values.0: must be a duration: a whole number above 0 and s, m, h, d or w, such as "7d", not "a week"',
    ],
    [
      'semver_gte',
      ['latest'],
      'values.0: must be a semantic version, such as 5.3.1 or 5.3.1-beta.2, not "latest"',
    ],
    [
      'ip_in_cidr',
      ['10.1.2.3/8'],
      'values.0: "10.1.2.3/8" has bits beyond its prefix: did you mean "10.0.0.0/8"',
    ],
    ['is_one_of', Array(5_001).fill('x'), 'values: at most 5,000 values'],
  ])('%s refuses %j', (op, values, message) => {
    expect(said(condition, leaf(op, values))).toBe(message)
  })
  it('ignores case in texts alone', () => {
    expect(said(condition, { ...leaf('contains', ['x']), ignoreCase: true })).toBe('')
    expect(said(condition, { ...leaf('lt', [1]), ignoreCase: true })).toBe('"lt" cannot ignore case')
  })
  it('knows its operators', () => {
    expect(said(condition, leaf('sounds_like', ['x']))).toContain('op: ')
  })
  it('is at most five groups deep', () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? { segment: 's' } : { not: nested(levels - 1) }
    expect(said(condition, nested(5))).toBe('')
    expect(said(condition, nested(6))).not.toBe('')
  })
})

describe('a targeting', () => {
  const base = { on: true, offVariant: null, fallthrough: { variant: 'on' } }
  const rollout = (changes: object = {}) => ({
    rollout: { share: 1, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' }, ...changes },
  })
  const rule = { id: 'r', when: { all: [] }, serve: { variant: 'on' } }

  it('fills in what may be left out', () => {
    expect(targeting.parse(base)).toEqual({ ...base, prerequisites: [], targets: [], rules: [] })
  })
  it.each([
    [{ ...base, on: 'yes' }, 'on: '],
    [{ ...base, surprise: 1 }, 'surprise'],
    [
      { ...base, fallthrough: rollout({ rest: 'continue' }) },
      'fallthrough: the last line must serve everyone',
    ],
    [
      { ...base, fallthrough: rollout({ share: 1.5 }) },
      'fallthrough.rollout.share: use whole steps of 0.001 %',
    ],
    [{ ...base, fallthrough: rollout({ share: 100_001 }) }, 'fallthrough.rollout.share: '],
    [{ ...base, fallthrough: rollout({ split: [] }) }, 'fallthrough.rollout.split: '],
    [
      { ...base, fallthrough: rollout({ split: [{ variant: 'on', weight: 60_000 }] }) },
      'fallthrough.rollout.split: "on" 60 %: weights must add up to 100 % (100000), these are 60 %',
    ],
    [{ ...base, rules: [rule, rule] }, 'rules: rule ids must be unique'],
    [
      { ...base, rules: Array.from({ length: 201 }, (_, i) => ({ ...rule, id: `r${i}` })) },
      'rules: at most 200 rules a flag',
    ],
    [{ ...base, rules: [{ ...rule, from: 'tomorrow' }] }, 'rules.0.from: use an RFC 3339 time'],
    [{ ...base, rules: [{ ...rule, from: '2027-02-30T00:00:00Z' }] }, 'rules.0.from: use an RFC 3339 time'],
    [
      { ...base, rules: [{ ...rule, from: '2027-01-01T01:00:00+01:00', until: '2027-01-01T00:00:00Z' }] },
      'rules.0.until: a rule must end after it starts',
    ],
    [{ ...base, rules: [{ ...rule, disabled: false }] }, 'rules.0.disabled: use true, or leave it out'],
    [
      { ...base, rules: [{ ...rule, comment: 'x'.repeat(2_001) }] },
      'rules.0.comment: at most 2,000 characters',
    ],
    [
      { ...base, rules: [{ ...rule, disabled: true, serve: rollout({ share: 100_001 }) }] },
      'rules.0.serve.rollout.share: ',
    ],
    [{ ...base, targets: [{ variant: 'on', values: [] }] }, 'targets.0.values: '],
    [{ ...base, prerequisites: [{ flag: 'x', variants: [] }] }, 'prerequisites.0.variants: '],
  ])('refuses %j', (body, message) => {
    expect(said(targeting, body)).toContain(message)
  })
})

describe('texts', () => {
  it('are trimmed, needed and bounded', () => {
    expect(flagFields.name.parse('  N ')).toBe('N')
    expect(said(flagFields.name, ' ')).toBe('a name is needed')
    expect(said(flagFields.name, 'x'.repeat(201))).toBe('at most 200 characters')
    expect(said(flagFields.description, 'x'.repeat(2_001))).toBe('at most 2,000 characters')
    expect(said(reason, ' \n')).toBe('say why: the reason is kept in the history')
  })
  it('of a segment are bounded in number', () => {
    const body = { name: 'S' }
    expect(segmentBody.parse(body)).toEqual({
      name: 'S',
      by: 'targetingKey',
      included: [],
      excluded: [],
      any: [],
    })
    expect(said(segmentBody, { ...body, included: Array(100_001).fill('x') })).toContain('included: ')
    expect(said(segmentBody, { ...body, included: [''] })).toContain('included.0: ')
  })
})
