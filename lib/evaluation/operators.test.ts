import { beforeAll, describe, expect, it } from 'vitest'
import { loadRegex } from '../regex'
import { BOUNDS } from './bounds'
import { attributeConditionFault } from './flag-shape'
import { testOf } from './operators'
import { describeFault } from './shape'
import type { JsonValue, Operator } from './types'

beforeAll(loadRegex)

const NOW = Date.UTC(2026, 2, 1, 12)
const DAY = 86_400_000

const test = (op: Operator, ...values: JsonValue[]) => {
  const condition = { attribute: 'a', op, values }
  expect(attributeConditionFault(condition)).toBeNull()
  const passes = testOf(condition)
  return (actual: unknown) => passes(actual, NOW)
}

function throwing(): never {
  throw new Error('no')
}
const traps = { get: throwing, has: throwing, getPrototypeOf: throwing, ownKeys: throwing }
const revoked = Proxy.revocable([], {})
revoked.revoke()
const listOfGetters = Object.defineProperty([1, 2], 0, { get: throwing })
const MANY = 1_000_000 // as good as without end, and yet a test that goes wrong comes to one
const endless = new Proxy([], { get: (_, name) => (name === 'length' ? MANY : 0) })
let asked = 0
const growing = new Proxy([], {
  get: (_, name) => {
    if (name === 'length') return Math.min(++asked, MANY)
    return asked === MANY ? 'x' : 'other'
  },
})

/** What in-process callers may pass, none of which an operator on texts, numbers or lists compares. */
const hostile: [string, unknown][] = [
  ['a symbol', Symbol('x')],
  ['a bigint', 10n],
  ['a function', () => 'x'],
  ['NaN', Number.NaN],
  ['a Date without a time', new Date(Number.NaN)],
  ['a String object', Object('x')],
  ['an object whose conversions throw', { toString: throwing, valueOf: throwing, toJSON: throwing }],
  ['a proxy whose traps throw', new Proxy({}, traps)],
  ['a revoked proxy', revoked.proxy],
]

const families: [Operator, ...JsonValue[]][] = [
  ['matches', 'x'],
  ['before', '2026-03-01T12:00:00Z'],
  ['after', 0],
  ['within_last', '1d'],
  ['older_than', '1d'],
  ['semver_eq', '1.0.0'],
  ['semver_in_range', '*'],
  ['has_any', 'x'],
  ['has_all', 'x'],
  ['has_none', 'x'],
  ['ip_in_cidr', '::/0', '0.0.0.0/0'],
]

describe.each(families)('%s %j', (op, ...values) => {
  it.each(hostile)('does not compare %s', (_, actual) => {
    expect(test(op, ...values)(actual)).toBeUndefined()
  })
})

describe('times', () => {
  it('may be a Date', () => {
    expect(test('before', NOW)(new Date(NOW - 1))).toBe(true)
    expect(test('before', NOW)(new Date(NOW))).toBe(false)
    expect(test('after', '2026-03-01T12:00:00Z')(new Date(NOW + 1))).toBe(true)
  })

  it.each([
    [NOW + 1, false, false],
    [NOW, true, false],
    [NOW - DAY, true, false],
    [NOW - DAY - 1, false, true],
  ])('%i is within the last day or older than it', (at, within, older) => {
    expect(test('within_last', '1d')(at)).toBe(within)
    expect(test('older_than', '24h')(at)).toBe(older)
  })
})

describe('lists', () => {
  it('of more elements than the bound are not compared', () => {
    const longest = Array(BOUNDS.listLength).fill('x')
    expect(test('has_any', 'x')(longest)).toBe(true)
    expect(test('has_any', 'x')([...longest, 'x'])).toBeUndefined()
    expect(test('has_none', 'x')(Object.assign([], { length: MANY }))).toBeUndefined()
  })

  it('that have no end, or grow while they are read, do not hold anyone up', () => {
    expect(test('has_any', 'x')(endless)).toBeUndefined()
    expect(test('has_any', 'x')(growing)).toBe(false)
  })

  it('that throw while they are read are not compared', () => {
    expect(test('has_any', 2)(listOfGetters)).toBeUndefined()
    expect(test('has_all', 2)(listOfGetters)).toBeUndefined()
    expect(test('has_none', 2)(listOfGetters)).toBeUndefined()
    expect(test('has_none', 2)(new Proxy([1], traps))).toBeUndefined()
  })

  it('may have holes', () => {
    const holes = Object.assign([], { 3: 'x', length: 5 })
    expect(test('has_all', 'x')(holes)).toBe(true)
    expect(test('has_none', 'y')(holes)).toBe(true)
  })

  it('are read by index, whatever their iterator says', () => {
    const odd = Object.assign(['x'], { [Symbol.iterator]: throwing })
    expect(test('has_any', 'x')(odd)).toBe(true)
    expect(test('has_all', 'x')(odd)).toBe(true)
  })

  it.each([1, 8, 9, 50])('have all of %i values, or not', (count) => {
    const values = Array.from({ length: count }, (_, i) => `v${i}`)
    const hasAll = test('has_all', ...values, 'v0')
    expect(hasAll([...values].reverse())).toBe(true)
    expect(hasAll([...values, 'more', null, {}])).toBe(true)
    expect(hasAll(values.slice(1))).toBe(false)
    expect(hasAll([])).toBe(false)
  })

  it('hold values by type', () => {
    const values: JsonValue[] = [1, 'true', 2, 3, 4, 5, 6, 7, 8]
    for (const length of [2, 9]) {
      expect(test('has_all', ...values.slice(0, length))(values)).toBe(true)
      expect(test('has_all', ...values.slice(0, length))(values.map(String))).toBe(false)
      expect(test('has_any', ...values.slice(0, length))(['1', true, '2'])).toBe(false)
    }
  })
})

describe('texts and patterns', () => {
  it('are compared up to the longest subject', () => {
    const longest = 'x'.repeat(BOUNDS.subjectLength)
    expect(test('matches', 'x$')(longest)).toBe(true)
    expect(test('matches', 'x$')(`${longest}x`)).toBeUndefined()
  })

  it('versions and addresses read one after the other do not mix', () => {
    const gte = test('semver_gte', '2.0.0')
    expect(['2.0.0', '1.0.0', '2.0.0', 'x', '2.0.0', ''].map(gte)).toEqual([
      true,
      false,
      true,
      undefined,
      true,
      undefined,
    ])
    const inNetwork = test('ip_in_cidr', '10.0.0.0/8', '2001:db8::/32')
    expect(['10.0.0.1', '2001:db8::1', '11.0.0.1', '::', '10.0.0.1'].map(inNetwork)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
  })
})

describe('values are refused:', () => {
  const cases: [Operator, JsonValue[], string][] = [
    ['is_set', ['x'], 'values: takes no values: write []'],
    ['is_not_set', [1], 'values: takes no values: write []'],
    ['is_one_of', ['x', null], 'values[1]: must be a string, a finite number, true or false, not null'],
    ['contains', [], 'values: has 0 entries; it needs at least 1'],
    ['eq', ['1'], 'values[0]: must be a finite number, not "1"'],
    ['gte', [], 'values: has 0 entries; it needs at least 1'],
    ['between', [1], 'values: has 1 entries; it needs at least 2'],
    ['between', [1, 2, 3], 'values: has 3 entries; the most is 2'],
    ['between', [1, '2'], 'values[1]: must be a finite number, not "2"'],
    ['between', [2, 1.5], 'values: 2 is above 1.5: write the lower limit first'],
    ['matches', [], 'values: has 0 entries; it needs at least 1'],
    ['matches', Array<string>(101).fill('x'), 'values: has 101 entries; the most is 100'],
    ['matches', ['a', '('], 'values[1]: is no pattern: error parsing regexp: missing closing ): `(`'],
    [
      'matches',
      ['(?=a)'],
      'values[0]: is no pattern: error parsing regexp: invalid or unsupported Perl syntax',
    ],
    ['matches', ['a'.repeat(501)], 'values[0]: has 501 characters; the most is 500'],
    ['matches', ['a{1000}b'], 'values[0]: is no pattern: it compiles to 1003 instructions; the most is 1000'],
    ['matches', [1], 'values[0]: must be a string, not 1'],
    ['before', ['2026-03-01'], 'values[0]: must be an RFC 3339 time, such as 2026-03-01T09:00:00Z, or epoch'],
    ['before', [true], 'values[0]: must be an RFC 3339 time'],
    ['after', [1, 2], 'values: has 2 entries; the most is 1'],
    [
      'within_last',
      ['0d'],
      'values[0]: must be a duration: a whole number above 0 and s, m, h, d or w, such as "7d"',
    ],
    ['older_than', [7], 'values[0]: must be a duration'],
    [
      'semver_eq',
      ['latest'],
      'values[0]: must be a semantic version, such as 5.3.1 or 5.3.1-beta.2, not "latest"',
    ],
    ['semver_eq', [5], 'values[0]: must be a semantic version'],
    ['semver_lt', ['1.0.0', '2.0.0'], 'values: has 2 entries; the most is 1'],
    ['semver_in_range', ['^1', '>>2'], 'values[1]: must be a range of versions, such as "^1.2.3"'],
    ['semver_in_range', [], 'values: has 0 entries; it needs at least 1'],
    ['has_any', [null], 'values[0]: must be a string, a finite number, true or false, not null'],
    ['has_none', [['x']], 'values[0]: must be a string, a finite number, true or false, not a list'],
    ['has_all', [], 'values: has 0 entries; it needs at least 1'],
    [
      'ip_in_cidr',
      ['10.1.2.3/8'],
      'values[0]: "10.1.2.3/8" has bits beyond its prefix: did you mean "10.0.0.0/8"',
    ],
    ['ip_in_cidr', ['example.org'], 'values[0]: must be an IP address or a network'],
    ['ip_in_cidr', [10], 'values[0]: must be a string, not 10'],
  ]
  it.each(cases)('%s %j', (op, values, message) => {
    const found = attributeConditionFault({ attribute: 'a', op, values })
    expect(found && describeFault(found)).toContain(message)
  })

  it('only texts ignore case', () => {
    const fault = (op: Operator, values: JsonValue[]) =>
      attributeConditionFault({ attribute: 'a', op, values, ignoreCase: true })?.message ?? null
    expect(fault('matches', ['x'])).toBeNull()
    expect(fault('has_any', ['x'])).toBe('"has_any" cannot ignore case')
  })
})
