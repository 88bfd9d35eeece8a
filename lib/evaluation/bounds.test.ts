import { describe, expect, it } from 'vitest'
import { aConfig, aFlag, parsed } from '../../tests/support/build-config'
import { BOUNDS } from './bounds'
import { parseConfig } from './parse-config'
import { parseRange, parseVersion } from './semver'
import type { Condition, Flag, JsonValue, Rule, Segment } from './types'

const many = <T>(count: number, entry: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => entry(i))
const when = (condition: Condition): Partial<Flag> => ({
  rules: [{ id: 'r', when: condition, serve: { variant: 'on' } }],
})
const rule = (i: number): Rule => ({ id: `${i}`, when: { all: [] }, serve: { variant: 'on' } })
const nested = (levels: number): JsonValue => (levels === 0 ? 'leaf' : [nested(levels - 1)])
const named = (length: number) => 'n'.repeat(length)
const segment = (changes: Partial<Segment>): Segment => ({
  by: 'targetingKey',
  included: [],
  excluded: [],
  any: [],
  ...changes,
})
const ids = (count: number) => Array<string>(count).fill('id')

function faultOf(flag: Partial<Flag>, segments: Readonly<Record<string, Segment>> = {}): string | undefined {
  return parsed({ flags: { f: aFlag(flag) }, segments }).malformed().f
}

describe('a flag may go to the bound and no further:', () => {
  const values = (count: number) => ({ attribute: 'a', op: 'is_one_of', values: ids(count) }) as const
  const cases: [string, number, (size: number) => Partial<Flag>, string][] = [
    ['rules', 200, (size) => ({ rules: many(size, rule) }), 'rules: has 201 entries; the most is 200'],
    [
      'values of a condition',
      5_000,
      (size) => when(values(size)),
      'rules[0].when.values: has 5001 entries; the most is 5000',
    ],
    [
      'values of a target',
      5_000,
      (size) => ({ targets: [{ variant: 'on', by: 'id', values: ids(size) }] }),
      'targets[0].values: has 5001 entries; the most is 5000',
    ],
    [
      'prerequisites',
      63,
      (size) => ({ prerequisites: many(size, (i) => ({ flag: `f${i}`, variants: ['on'] })) }),
      'prerequisites: has 64 entries; the most is 63',
    ],
    [
      'levels of a variant',
      32,
      (size) => ({ type: 'object', variants: { on: nested(size), off: {} } }),
      'variants["on"]: must be JSON of at most 32 levels, not a list',
    ],
    [
      'characters of a variant',
      128,
      (size) => ({ variants: { on: true, off: false, [named(size)]: true } }),
      `variants["${named(60)}"]: must be a key of up to 128 letters, digits, ".", "_" and "-" that starts with a letter or digit, not "${named(60)}"`,
    ],
    [
      'characters of an attribute',
      128,
      (size) => when({ attribute: named(size), op: 'is_set', values: [] }),
      `rules[0].when.attribute: must be a name of 1 to 128 characters, not "${named(60)}"`,
    ],
    [
      'characters of a rule id',
      128,
      (size) => ({ rules: [{ ...rule(1), id: named(size) }] }),
      `rules[0].id: must be a name of 1 to 128 characters, not "${named(60)}"`,
    ],
    [
      'version',
      Number.MAX_SAFE_INTEGER,
      (version) => ({ version }),
      'version: must be a whole number from 0 to 9007199254740991, not 9007199254740992',
    ],
  ]
  it.each(cases)('%s, %i', (_, bound, withSize, fault) => {
    expect(faultOf(withSize(bound))).toBeUndefined()
    expect(faultOf(withSize(bound + 1))).toBe(fault)
  })

  it.each([
    ['included', BOUNDS.segmentIds],
    ['excluded', BOUNDS.segmentIds],
  ])('ids %s in a segment', (list, bound) => {
    const reaching = when({ segment: 's' })
    expect(faultOf(reaching, { s: segment({ [list]: ids(bound) }) })).toBeUndefined()
    expect(faultOf(reaching, { s: segment({ [list]: ids(bound + 1) }) })).toBe(
      `segment "s": ${list}: has 100001 entries; the most is 100000`,
    )
  })
})

it('a flag or segment may have a key of 128 characters and no more', () => {
  const [longest, longer] = [named(128), named(129)]
  const reaching = (key: string) => aFlag(when({ segment: key }))
  const flags = { [longest]: aFlag(), [longer]: aFlag(), near: reaching(longest), far: reaching(longer) }
  const config = parsed({ flags, segments: { [longest]: segment({}), [longer]: segment({}) } })
  expect(Object.keys(config.malformed())).toEqual([longer, 'far'])
})

it('a config may kill as many flags as it may have, and no more', () => {
  expect(parseConfig(aConfig({ killed: ids(10_000) })).ok).toBe(true)
  expect(parseConfig(aConfig({ killed: ids(10_001) }))).toEqual({
    ok: false,
    error: 'killed: has 10001 entries; the most is 10000',
  })
})

it('a version, or a range of versions, may have 256 characters and no more', () => {
  const version = (length: number) => `1.2.3-${'a'.repeat(length - 6)}`
  const read = [parseVersion(version(256)), parseRange(version(256))]
  expect(read).not.toContain(null)
  expect([parseVersion(version(257)), parseRange(version(257))]).toEqual([null, null])
})

it('what holds the serialised config looks after its size', () => {
  expect(BOUNDS.configBytes).toBe(8_000_000)
})
