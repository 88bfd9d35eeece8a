import { describe, expect, it } from 'vitest'
import { flagdVariant, flagdWith } from '../../tests/support/flagd-differential'
import { isFlagdDefinition } from '../../tests/support/flagd-schema'
import { attributeLogic } from './flagd-attributes'
import { readCondition } from './flagd-import-conditions'
import { readers } from './flagd-import-operators'
import { type ImportScope, operation } from './flagd-import-scope'
import { isRounded, unwritable, writers } from './flagd-operators'

const scope = (): ImportScope => ({
  flagKey: 'a',
  evaluators: { input: {}, path: '$.$evaluators' },
  segments: new Map(),
  referred: new Set(),
  trail: [],
  faults: [],
  inexact: [],
  budget: { left: 1_000 },
})

function holds(op: string, limit: string, version: unknown, negate: boolean): boolean {
  const condition = writers[op]!({ var: 'v' }, [limit], negate)
  const definition = {
    flags: {
      a: {
        state: 'ENABLED',
        variants: { yes: true, no: false },
        targeting: { if: [condition, 'yes', 'no'] },
      },
    },
  }
  expect(isFlagdDefinition(definition)).toBe(true)
  return flagdVariant(flagdWith(definition), 'a', { v: version }, 0) === 'yes'
}

describe('a comparison of versions', () => {
  it('is of the attribute of the whole name, else of the path', () => {
    const logic = writers.semver_lt!(attributeLogic('app.version')!, ['2.0.0'], false)
    const flag = {
      state: 'ENABLED',
      variants: { yes: true, no: false },
      targeting: { if: [logic, 'yes', 'no'] },
    }
    const definition = { flags: { a: flag } }
    expect(isFlagdDefinition(definition)).toBe(true)
    const contexts = [
      { app: { version: '1.0.0' } },
      { 'app.version': '2.0.0', app: { version: '1.0.0' } },
      {},
    ]
    const flagd = flagdWith(definition)
    expect(contexts.map((context) => flagdVariant(flagd, 'a', context, 0))).toEqual(['yes', 'no', 'no'])
    const reading = readCondition({ input: logic, path: '$' }, scope())
    expect(reading).toEqual({ attribute: 'app.version', op: 'semver_lt', values: ['2.0.0'] })
  })

  it.each([
    ['semver_eq', '1.2', { '1.2.0': true, '1.2': true, 'v1.2.0+build': true, '1.2.0-rc': false }],
    ['semver_lt', '1.2.0', { '1.2.0-rc.1': true, '1.1.9': true, '1.2.0': false, '1': true }],
    ['semver_lte', 'v1.2.0', { '1.2.0': true, '1.2.1-0': false }],
    ['semver_gt', '1.9.0', { '1.10.0': true, '1.9.0': false, '2.0.0-rc': true }],
    ['semver_gte', '2', { '2.0.0': true, '2.0.0-rc': false, '10': true }],
  ])('%s %s is by precedence, and the opposite once negated', (op, limit, versions) => {
    for (const [version, expected] of Object.entries(versions)) {
      expect(holds(op, limit, version, false), version).toBe(expected)
      expect(holds(op, limit, version, true), version).toBe(!expected)
    }
  })

  it.each([
    'V1.2.3',
    'vv1.2.3',
    ' 1.2.3',
    'v 1.2.3',
    '\u00a01.2.3',
    '1.2.3.4',
    '1.2-rc',
    '',
    'one',
    1.2,
    null,
    ['1.2.3'],
    {},
    true,
  ])('is false for what is no version, negated or not: %j', (version) => {
    for (const op of ['semver_lt', 'semver_gte']) {
      expect(holds(op, '1.0.0', version, false)).toBe(false)
      expect(holds(op, '1.0.0', version, true)).toBe(false)
    }
  })
})

it.each([
  ['1.2.3-beta.9007199254740991', false],
  ['1.2.3-beta.9007199254740992', true],
  ['9007199254740992.0.0', true],
])('a number that flagd-core would round is found in %s: %s', (limit, expected) => {
  expect(isRounded('semver_lt', ['1.0.0', limit])).toBe(expected)
  expect(isRounded('is_one_of', [limit])).toBe(false)
})

describe('sem_ver', () => {
  const read = (operator: string, limit: string) => {
    const node = { input: { sem_ver: [{ var: 'v' }, operator, limit] }, path: '$' }
    return readers.sem_ver!(operation(node)!.operands, node, scope())
  }
  it.each([
    ['=', '1.2.3', { op: 'semver_eq', values: ['1.2.3'] }],
    ['!=', '1.2.3', { op: 'semver_eq', values: ['1.2.3'], negate: true }],
    ['<', '1.2.3', { op: 'semver_lt', values: ['1.2.3'] }],
    ['<=', '1.2.3', { op: 'semver_lte', values: ['1.2.3'] }],
    ['>', '1.2.3', { op: 'semver_gt', values: ['1.2.3'] }],
    ['>=', '1.2.3', { op: 'semver_gte', values: ['1.2.3'] }],
    ['^', '1.2.3', { op: 'semver_in_range', values: ['>=1.0.0-0 <2.0.0-0'] }],
    ['~', '0.2.3', { op: 'semver_in_range', values: ['>=0.2.0-0 <0.3.0-0'] }],
  ])('%s %s is read', (operator, limit, expected) => {
    expect(read(operator, limit)).toEqual({ attribute: 'v', ...expected })
  })

  it('negated is not its opposite: flagd says so of a text that is no version, too', () => {
    const input = {
      and: [{ starts_with: [{ var: 'v' }, ''] }, { '!': { sem_ver: [{ var: 'v' }, '<', '1.0.0'] } }],
    }
    expect(readCondition({ input, path: '$' }, scope())).toMatchObject({
      all: [{}, { not: { op: 'semver_lt' } }],
    })
  })

  it('is refused with an operator that flagd does not know, or what is no version', () => {
    expect([read('=>', '1.2.3'), read('=', 'latest'), read('toString', '1.2.3')]).toEqual([null, null, null])
  })
})

it('every operator has a writer, or a reason for having none, and not both', () => {
  expect(Object.keys(writers).filter((op) => op in unwritable)).toEqual([])
})
