import type { JsonValue, Operator } from '../../lib/evaluation/index'

/** A condition, and attributes that meet it or do not: written by hand, all of it. */
export type Row = {
  readonly op: Operator
  readonly values: readonly JsonValue[]
  readonly ignoreCase?: true
  readonly match: readonly JsonValue[]
  readonly miss: readonly JsonValue[]
  /** Of a type that the operator does not compare: false, with `negate` too. */
  readonly other: readonly JsonValue[]
}

/** The time of every case. */
export const NOW = '2026-03-08T12:00:00Z'
const NOW_MS = 1_772_971_200_000
const WEEK_MS = 604_800_000

const noText: JsonValue[] = [7, true, ['x'], { x: 1 }]

export const matches: readonly Row[] = [
  {
    op: 'matches',
    values: ['^ab+c', '@example\\.(org|com)$'],
    match: ['abc', 'abbbcd', 'ada@example.org', 'ada@example.com'],
    miss: ['', 'ac', 'xabc', 'ABC', 'ada@example.org ', 'ada@exampleXorg'],
    other: noText,
  },
  { op: 'matches', values: ['b'], match: ['b', 'abc'], miss: ['', 'B'], other: [] },
  { op: 'matches', values: [''], match: ['', 'x'], miss: [], other: [7] },
  {
    op: 'matches',
    values: ['^\\pL{3}$', '^\\d$'],
    match: ['Zoë', '使用者', '7'],
    miss: ['Zoe\u0308', 'Zo', '٧', '77'],
    other: [],
  },
  {
    op: 'matches',
    values: ['^.$'],
    match: ['😀', 'é', '\ud83d'],
    miss: ['e\u0301', '\n', '👩‍🚀', ''],
    other: [],
  },
  {
    op: 'matches',
    values: ['É', '^user-'],
    ignoreCase: true,
    match: ['é', 'É', 'USER-1'],
    miss: ['e', 'a user-'],
    other: noText,
  },
  {
    op: 'matches',
    values: ['^(a+)+$'],
    match: ['a'.repeat(4_096)],
    miss: [`${'a'.repeat(4_095)}b`],
    other: ['a'.repeat(4_097)],
  },
  { op: 'matches', values: ['x'.repeat(500)], match: ['x'.repeat(501)], miss: ['x'.repeat(499)], other: [] },
  { op: 'matches', values: ['c$', '\\Ad\\z'], match: ['abc', 'd'], miss: ['abc\n', 'd\n'], other: [] },
]

const noTime: JsonValue[] = [
  '',
  '2026-03-01',
  '2026-03-01T09:00:00',
  '2026-02-30T09:00:00Z',
  '1772355600000',
  'yesterday',
  true,
  [1_772_355_600_000],
  {},
]

export const times: readonly Row[] = [
  {
    op: 'before',
    values: ['2026-03-01T09:00:00Z'], // 1772355600000
    match: [
      '2026-03-01T08:59:59.999Z',
      '2026-03-01T10:59:59+02:00',
      1_772_355_599_999,
      0,
      -1,
      1_772_355_599_999.5,
      '0001-01-01T00:00:00Z',
    ],
    miss: [
      '2026-03-01T09:00:00Z',
      '2026-03-01T11:00:00+02:00',
      1_772_355_600_000,
      1_772_355_600_001,
      '2026-03-01T09:00:00.0009Z',
    ],
    other: noTime,
  },
  {
    op: 'after',
    values: [1_772_355_600_000],
    match: [
      '2026-03-01T09:00:00.001Z',
      '2026-03-01T10:00:01+01:00',
      1_772_355_600_001,
      '9999-12-31T23:59:59Z',
    ],
    miss: [
      '2026-03-01T09:00:00Z',
      '2026-03-01t09:00:00z',
      1_772_355_600_000,
      1_772_355_599_999,
      '2026-03-01T09:00:00.0009Z',
    ],
    other: noTime,
  },
  {
    op: 'within_last',
    values: ['7d'],
    match: [NOW, NOW_MS, NOW_MS - 1, '2026-03-01T12:00:00Z', NOW_MS - WEEK_MS, '2026-03-08T13:59:59+02:00'],
    miss: [NOW_MS + 1, '2026-03-08T12:00:00.001Z', NOW_MS - WEEK_MS - 1, '2026-03-01T11:59:59.999Z', 0],
    other: noTime,
  },
  {
    op: 'older_than',
    values: ['1w'],
    match: [NOW_MS - WEEK_MS - 1, '2026-03-01T11:59:59.999Z', 0, -1],
    miss: [NOW_MS - WEEK_MS, '2026-03-01T12:00:00Z', NOW, NOW_MS + 1, '2027-01-01T00:00:00Z'],
    other: noTime,
  },
  {
    op: 'within_last',
    values: ['30s'],
    match: ['2026-03-08T11:59:30Z'],
    miss: ['2026-03-08T11:59:29.999Z'],
    other: [],
  },
  {
    op: 'within_last',
    values: ['15m'],
    match: ['2026-03-08T11:45:00Z'],
    miss: ['2026-03-08T11:44:59.999Z'],
    other: [],
  },
  {
    op: 'older_than',
    values: ['12h'],
    match: ['2026-03-07T23:59:59.999Z'],
    miss: ['2026-03-08T00:00:00Z'],
    other: [],
  },
]

const noList: JsonValue[] = ['', 'admin', 7, true, { 0: 'admin', length: 1 }]
const many = Array.from({ length: 9 }, (_, i) => `r${i}`)

export const lists: readonly Row[] = [
  {
    op: 'has_any',
    values: ['admin', 'Zoë', 7, true],
    match: [['admin'], ['x', 'Zoë'], [7], [1, true], [null, ['x'], 'admin']],
    miss: [[], ['Admin'], ['Zoe\u0308'], ['7', 'true', 1], [['admin']], [{ admin: true }], [null], [false]],
    other: noList,
  },
  {
    op: 'has_all',
    values: ['admin', 7],
    match: [
      ['admin', 7],
      [7, 'x', 'admin'],
      ['admin', 7, 'admin'],
    ],
    miss: [[], ['admin'], [7], ['admin', '7'], [['admin', 7]], ['ADMIN', 7]],
    other: noList,
  },
  { op: 'has_all', values: ['admin', 'admin'], match: [['admin']], miss: [['x']], other: [] },
  {
    op: 'has_all',
    values: many,
    match: [[...many].reverse(), [...many, 'x']],
    miss: [many.slice(1), many.slice(0, 8), []],
    other: ['r0'],
  },
  { op: 'has_any', values: many, match: [['r8'], ['x', 'r0']], miss: [['r9'], []], other: ['r0'] },
  {
    op: 'has_none',
    values: ['admin', 'Zoë', 7, true],
    match: [[], ['Admin'], ['7', 'true', 1], [['admin']], [null], [false]],
    miss: [['admin'], ['x', 'Zoë'], [7], [1, true]],
    other: noList,
  },
]

const noAddress: JsonValue[] = [
  '',
  'localhost',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.01',
  ' 10.0.0.1',
  '10.0.0.1/32',
  '10.0.0.1:80',
  '[::1]',
  'fe80::1%eth0',
  '1::2::3',
  '::1.2.3',
  167_772_161,
  true,
  ['10.0.0.1'],
  {},
]

export const networks: readonly Row[] = [
  {
    op: 'ip_in_cidr',
    values: ['10.0.0.0/8', '192.168.7.128/25'],
    match: [
      '10.0.0.0',
      '10.255.255.255',
      '192.168.7.128',
      '192.168.7.255',
      '::ffff:10.1.2.3',
      '::FFFF:a01:203',
    ],
    miss: [
      '9.255.255.255',
      '11.0.0.0',
      '192.168.7.127',
      '192.168.8.0',
      '::ffff:11.0.0.1',
      '::10.1.2.3',
      '::',
      'a00::',
    ],
    other: noAddress,
  },
  {
    op: 'ip_in_cidr',
    values: ['2001:db8::/33', '::1'],
    match: [
      '2001:db8::',
      '2001:DB8:7fff:ffff:ffff:ffff:ffff:ffff',
      '2001:0db8:0000::1',
      '::1',
      '0:0:0:0:0:0:0:1',
    ],
    miss: ['2001:db8:8000::', '2001:db7:ffff::', '::2', '::', '32.1.13.184', '0.0.0.1'],
    other: noAddress,
  },
  {
    op: 'ip_in_cidr',
    values: ['10.1.2.3'],
    match: ['10.1.2.3', '::ffff:10.1.2.3'],
    miss: ['10.1.2.2', '10.1.2.4'],
    other: [],
  },
  {
    op: 'ip_in_cidr',
    values: ['0.0.0.0/0'],
    match: ['0.0.0.0', '255.255.255.255', '::ffff:0:0'],
    miss: ['::', '::1', 'ffff::'],
    other: ['x'],
  },
  {
    op: 'ip_in_cidr',
    values: ['::/0'],
    match: ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    miss: ['0.0.0.0', '::ffff:1.2.3.4'],
    other: ['x'],
  },
  {
    op: 'ip_in_cidr',
    values: ['::ffff:10.1.0.0/112'],
    match: ['10.1.255.255', '::ffff:10.1.0.0'],
    miss: ['10.2.0.0', '::a01:0'],
    other: [],
  },
]
