import { describe, expect, it } from 'vitest'
import type { Targeting } from '@/lib/control/views'
import { evaluate } from '@/lib/evaluation'
import type { Condition, JsonValue, Operator, Rule, Segment, Serve } from '@/lib/evaluation/types'
import { aFlag, parsed } from '@/tests/support/build-config'
import { type Compared, type Impact, impactOf } from './impact'

const NOW = Date.parse('2026-11-26T12:00:00Z')

const base: Targeting = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variant: 'off' },
}
const share = (share: number, more: object = {}): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' }, ...more },
})
const onward = (size: number, more: object = {}) => share(size, { rest: 'continue', ...more })
const is = (attribute: string, ...values: JsonValue[]): Condition => ({ attribute, op: 'is_one_of', values })
const rule = (when: Condition, serve: Serve = { variant: 'on' }, id = 'r'): Rule => ({ id, when, serve })

const known = (impact: Impact) => {
  if (!impact.known) throw new Error('it should be known')
  return impact
}
const impact = (before: Partial<Targeting>, after: Partial<Targeting>, more: Partial<Compared> = {}) =>
  known(impactOf({ before: { ...base, ...before }, after: { ...base, ...after }, salt: 'f', ...more }, NOW))

/** "35 % off>on" of every cohort. */
const moved = (before: Partial<Targeting>, after: Partial<Targeting>, more: Partial<Compared> = {}) => {
  const { direction, cohorts } = impact(before, after, more)
  const told = cohorts.map(({ moves }) =>
    moves.map(({ from, to, share }) => `${Math.round(share * 1e5) / 1e3} % ${from}>${to}`).join(', '),
  )
  return [direction, ...told]
}

describe('the impact of a change', () => {
  it('is none where everyone gets what they got', () => {
    expect(moved({}, {})).toEqual(['none'])
    expect(moved({ on: false }, { on: false, fallthrough: { variant: 'on' } })).toEqual(['none'])
    expect(moved({}, { rules: [rule({ all: [] }, { variant: 'off' })] })).toEqual(['none'])
    expect(moved({}, { rules: [rule({ any: [] })] })).toEqual(['none'])
  })

  it('looks at no rule that is disabled', () => {
    const resting = { ...rule({ all: [] }), disabled: true as const }
    expect(moved({}, { rules: [resting] })).toEqual(['none'])
    expect(moved({ rules: [resting] }, { rules: [rule({ all: [] })] })).toEqual(['adds', '100 % off>on'])
  })

  it('of a growing share is the difference, and only adds', () => {
    expect(moved({ fallthrough: share(25_000) }, { fallthrough: share(60_000) })).toEqual([
      'adds',
      '35 % off>on',
    ])
    expect(moved({ fallthrough: share(60_000) }, { fallthrough: share(25_000) })).toEqual([
      'removes',
      '35 % on>off',
    ])
  })

  it('of a new salt is what two independent shares do not have in common', () => {
    const reshuffled = { fallthrough: share(50_000, { salt: 'other' }) }
    expect(moved({ fallthrough: share(50_000) }, reshuffled)).toEqual(['moves', '25 % on>off, 25 % off>on'])
  })

  it('of another split moves people between variants, inside the share alone', () => {
    const among = (red: number) =>
      share(50_000, {
        split: [
          { variant: 'red', weight: red },
          { variant: 'blue', weight: 100_000 - red },
        ],
      })
    expect(moved({ fallthrough: among(50_000) }, { fallthrough: among(70_000) })).toEqual([
      'moves',
      '10 % blue>red',
    ])
  })

  it('counts the shares of one flag as nested: after the first 25 % a later 10 % reaches nobody', () => {
    const first = rule({ all: [] }, onward(25_000), 'a')
    expect(moved({ rules: [first] }, { rules: [first, rule({ all: [] }, onward(10_000), 'b')] })).toEqual([
      'none',
    ])
    const later = rule({ all: [] }, onward(40_000), 'b')
    expect(moved({ rules: [first] }, { rules: [first, later] })).toEqual(['adds', '15 % off>on'])
    const own = rule({ all: [] }, onward(40_000, { salt: 'b' }), 'b')
    expect(moved({ rules: [first] }, { rules: [first, own] })).toEqual(['adds', '30 % off>on'])
  })

  it('tells a condition that is wider from one that is narrower', () => {
    const pro = { rules: [rule(is('plan', 'pro'))] }
    const wider = { rules: [rule(is('plan', 'pro', 'team'))] }
    expect(moved(pro, wider)).toEqual(['adds', '100 % off>on'])
    expect(moved(wider, pro)).toEqual(['removes', '100 % on>off'])
    const both = { rules: [rule({ all: [is('plan', 'pro'), is('country', 'DE')] })] }
    expect(moved(both, pro)[0]).toBe('adds')
    const from = (age: number) => ({ rules: [rule({ attribute: 'age', op: 'gte', values: [age] })] })
    expect(moved(from(21), from(18))).toEqual(['adds', '100 % off>on'])
    expect(moved(from(18), from(21))).toEqual(['removes', '100 % on>off'])
  })

  const asks = (op: Operator, ...values: JsonValue[]) => ({
    rules: [rule({ attribute: 'asked', op, values })],
  })
  const unless = (op: Operator, ...values: JsonValue[]) => ({
    rules: [rule({ attribute: 'asked', op, values, negate: true })],
  })
  const until = (time: string) => ({ rules: [{ ...rule({ all: [] }), until: time }] })
  const from = (time: string) => ({ rules: [{ ...rule({ all: [] }), from: time }] })
  it.each<[string, Partial<Targeting>, Partial<Targeting>]>([
    ['one more suffix', asks('ends_with', '@a.com'), asks('ends_with', '@a.com', '@b.com')],
    ['a shorter prefix', asks('starts_with', 'staff-a'), asks('starts_with', 'staff-')],
    ['a part of a text', asks('ends_with', '@a.com'), asks('contains', 'a.com')],
    ['a pattern more', asks('matches', '^a'), asks('matches', '^a', '^b')],
    ['a lower version', asks('semver_gte', '5.3.0'), asks('semver_gte', '5.2')],
    ['a range of versions more', asks('semver_in_range', '^5.3'), asks('semver_in_range', '^5.3', '^6')],
    ['a range in another form', asks('semver_gte', '5.3.0'), asks('semver_in_range', '>=5.2')],
    ['a later time', asks('before', '2027-01-01T00:00:00Z'), asks('before', '2027-02-01T00:00:00Z')],
    ['more days', asks('within_last', '7d'), asks('within_last', '30d')],
    ['an item more', asks('has_any', 'a'), asks('has_any', 'a', 'b')],
    ['an item less that is needed', asks('has_all', 'a', 'b'), asks('has_all', 'a')],
    ['a network more', asks('ip_in_cidr', '10.0.0.0/8'), asks('ip_in_cidr', '10.0.0.0/8', '::1/128')],
    ['an exception less', unless('ends_with', '.a', '.b'), unless('ends_with', '.a')],
    ['a lower bound of exceptions', unless('semver_lt', '5.3.0'), unless('semver_lt', '5.2.0')],
    ['a later end', until('2027-01-01T00:00:00Z'), until('2027-02-01T00:00:00Z')],
    ['an earlier start', from('2027-02-01T00:00:00Z'), from('2027-01-01T00:00:00Z')],
  ])('tells that %s widens, and without it narrows', (_, narrow, wide) => {
    expect(moved(narrow, wide)).toEqual(['adds', '100 % off>on'])
    expect(moved(wide, narrow)).toEqual(['removes', '100 % on>off'])
  })

  it.each<[string, Partial<Targeting>, Partial<Targeting>]>([
    ['the other end of a text', asks('ends_with', 'a'), asks('starts_with', 'a')],
    ['another pattern', asks('matches', '^ab'), asks('matches', '^a')],
    ['a window that is shifted', asks('semver_in_range', '1 - 3'), asks('semver_in_range', '2 - 4')],
    ['a time and an age', asks('before', '2020-01-01T00:00:00Z'), asks('older_than', '7d')],
  ])('claims neither of %s', (_, before, after) => {
    expect(moved(before, after)[0]).toBe('moves')
    expect(moved(after, before)[0]).toBe('moves')
  })

  it('says of a list of people how many of them move, by the very hash', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `user-${i}`)
    const named = { targets: [{ variant: 'on', by: 'targetingKey', values: ids }] }
    const { direction, cohorts } = impact(
      { fallthrough: share(25_000) },
      { ...named, fallthrough: share(25_000) },
    )
    const config = parsed({ flags: { f: aFlag({ ...base, salt: 'f', fallthrough: share(25_000) }) } })
    const already = ids.filter(
      (id) => evaluate(config, 'f', { targetingKey: id }, NOW).variant === 'on',
    ).length
    expect(direction).toBe('adds')
    expect(cohorts).toMatchObject([{ ids, moves: [{ from: 'off', to: 'on', share: (40 - already) / 40 }] }])
  })

  it('leaves out who has nothing to be counted by, and says so', () => {
    const named: Partial<Targeting> = { targets: [{ variant: 'on', by: 'targetingKey', values: ['ana'] }] }
    const { direction, cohorts, lacking } = impact(named, { ...named, fallthrough: share(20_000) })
    expect(lacking).toEqual(['targetingKey'])
    expect(direction).toBe('adds')
    expect(cohorts.map(({ moves }) => moves)).toEqual([[{ from: 'off', to: 'on', share: 0.2 }]])
  })

  it('says who gets what of a segment that changes', () => {
    const segment = (changes: Partial<Segment>) => ({
      beta: { by: 'targetingKey', included: ['ana'], excluded: [], any: [], ...changes },
    })
    const asks = { rules: [rule({ segment: 'beta' })] }
    const segments = { before: segment({}), after: segment({ included: ['ana', 'bo'] }) }
    const { direction, cohorts } = impact(asks, asks, { segments })
    expect(direction).toBe('adds')
    expect(cohorts).toMatchObject([{ ids: ['bo'] }])
  })

  it('takes a window that is over for what it is, and one to come for a question', () => {
    const during = (from: string, until?: string) => ({
      rules: [{ ...rule({ all: [] }), from, ...(until && { until }) }],
    })
    expect(moved({}, during('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'))).toEqual(['none'])
    expect(moved({}, during('2020-01-01T00:00:00Z'))).toEqual(['adds', '100 % off>on'])
    expect(impact({}, during('2027-01-01T00:00:00Z')).cohorts[0]?.given[0]?.question.about).toEqual({
      from: '2027-01-01T00:00:00Z',
    })
  })

  it('is told for as many rules as a flag may have', () => {
    const rules = Array.from({ length: 200 }, (_, i) =>
      rule(
        i % 2
          ? is(`a${i}`, 'x', 'y')
          : { attribute: `a${i}`, op: 'ends_with', values: ['x'], negate: i % 4 === 0 },
        { variant: 'on' },
        `r${i}`,
      ),
    )
    const started = performance.now()
    const { direction, cohorts } = impact({ rules }, { rules, fallthrough: share(10_000) })
    console.log(`200 rules: ${Math.round(performance.now() - started)} ms`)
    expect(direction).toBe('adds')
    expect(cohorts).toHaveLength(1)
  })

  it('is not told of a draft with blanks', () => {
    for (const rules of [
      [rule({ attribute: '', op: 'is_one_of', values: [] })],
      [rule({ attribute: 'app', op: 'semver_in_range', values: [] })],
      [rule({ all: [] }, share(1_000, { split: [{ variant: 'on', weight: 40_000 }] }))],
    ])
      expect(impactOf({ before: base, after: { ...base, rules }, salt: 'f' }, NOW)).toEqual({
        known: false,
        because: 'blanks',
      })
  })

  it('is not told where the cases are more than one can read', () => {
    const many = Array.from({ length: 14 }, (_, i) =>
      rule(is(`a${i}`, 'x'), onward(1_000 * (i + 1)), `r${i}`),
    )
    const after = { ...base, rules: many, fallthrough: share(90_000) }
    expect(impactOf({ before: base, after, salt: 'f' }, NOW)).toEqual({ known: false, because: 'cases' })
  })
})
