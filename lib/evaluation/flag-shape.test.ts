import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { BOUNDS } from './bounds'

const KEY = `must be a key of up to ${BOUNDS.keyLength} letters, digits, ".", "_" and "-" that starts with a letter or digit, not`
const NAME = `must be a name of 1 to ${BOUNDS.keyLength} characters, not`
const TIME = 'must be an RFC 3339 time, such as 2026-03-01T09:00:00Z, not'
const SHARE = 'must be a whole number from 0 to 100000, not'

const rule = { id: 'r', when: { all: [] }, serve: { variant: 'on' } }
const leaf = { attribute: 'a', op: 'is_one_of', values: ['x'] }
const rollout = { share: 1, split: [{ variant: 'on', weight: 100_000 }], rest: { variant: 'off' } }
const ruled = (changes: object) => ({ rules: [{ ...rule, ...changes }] })
const when = (changes: object) => ruled({ when: { ...leaf, ...changes } })
const rolled = (changes: object) => ({ fallthrough: { rollout: { ...rollout, ...changes } } })
const target = (changes: object) => ({ targets: [{ variant: 'on', by: 'id', values: ['x'], ...changes }] })
const needing = (changes: object) => ({ prerequisites: [{ flag: 'g', variants: ['on'], ...changes }] })

function faultOf(changes: object): string | undefined {
  return parsed({ flags: { f: { ...aFlag(), ...changes } as never } }).malformed().f
}

it('a flag may say all there is to say', () => {
  const whole = { ...rollout, by: 'plan.tier', salt: '' }
  const flag = {
    prerequisites: [{ flag: 'g', variants: ['on', 'off'] }],
    targets: [{ variant: 'on', by: 'plan.tier', values: [] }],
    rules: [
      { ...rule, name: '', from: '2026-03-01T09:00:00Z', until: '2026-03-01T09:00:00.001Z' },
      { ...rule, id: ' ', when: { ...leaf, op: 'contains', negate: true, ignoreCase: true } },
      {
        ...rule,
        id: 'é',
        when: { segment: 's', negate: false },
        serve: { rollout: { ...whole, rest: 'continue' } },
      },
    ],
    fallthrough: { rollout: { ...whole, split: [{ variant: 'on' }] } },
    metadata: { owner: 'ada', since: 2026, beta: true, ' ': '' },
  }
  const segments = { s: { by: 'id', included: [], excluded: [], any: [] } }
  expect(parsed({ flags: { f: { ...aFlag(), ...flag } as never }, segments }).malformed()).toEqual({})
})

it.each<[object, string]>([
  [{ version: -1 }, 'version: must be a whole number from 0 to 9007199254740991, not -1'],
  [{ version: '1' }, 'version: must be a whole number from 0 to 9007199254740991, not "1"'],
  [{ on: 'true' }, 'on: must be true or false, not "true"'],
  [{ type: null }, 'type: must be boolean, string, number or object, not null'],
  [{ variants: [] }, 'variants: must be an object, not a list'],
  [
    { variants: { on: true, off: undefined } },
    'variants["off"]: must be JSON of at most 32 levels, not nothing',
  ],
  [{ offVariant: '' }, `offVariant: ${KEY} ""`],
  [{ offVariant: 1 }, `offVariant: ${KEY} 1`],
  [{ salt: null }, 'salt: must be a string, not null'],
  [{ prerequisites: {} }, 'prerequisites: must be a list, not an object'],
  [needing({ flag: '' }), `prerequisites[0].flag: ${KEY} ""`],
  [needing({ variants: [] }), 'prerequisites[0].variants: has 0 entries; it needs at least 1'],
  [needing({ variants: [''] }), `prerequisites[0].variants[0]: ${KEY} ""`],
  [{ targets: [null] }, 'targets[0]: must be an object, not null'],
  [target({ by: '' }), `targets[0].by: ${NAME} ""`],
  [target({ by: null }), `targets[0].by: ${NAME} null`],
  [target({ by: ['id'] }), `targets[0].by: ${NAME} a list`],
  [target({ values: [1] }), 'targets[0].values[0]: must be a string, not 1'],
  [target({ variant: 'a b' }), `targets[0].variant: ${KEY} "a b"`],
  [{ rules: [[]] }, 'rules[0]: must be an object, not a list'],
  [ruled({ id: '' }), `rules[0].id: ${NAME} ""`],
  [ruled({ id: undefined }), `rules[0].id: ${NAME} nothing`],
  [ruled({ name: 1 }), 'rules[0].name: must be a string, not 1'],
  [ruled({ when: null }), 'rules[0].when: must be an object, not null'],
  [
    ruled({ when: { not: {} } }),
    'rules[0].when.not: must have exactly one of all, any, not, attribute, segment',
  ],
  [ruled({ when: { all: [{ any: [1] }] } }), 'rules[0].when.all[0].any[0]: must be an object, not 1'],
  [ruled({ when: { all: {} } }), 'rules[0].when.all: must be a list, not an object'],
  [ruled({ when: { segment: '' } }), `rules[0].when.segment: ${KEY} ""`],
  [ruled({ when: { segment: 's', negate: 1 } }), 'rules[0].when.negate: must be true or false, not 1'],
  [ruled({ serve: {} }), 'rules[0].serve: must have exactly one of variant, rollout'],
  [ruled({ serve: { variant: '' } }), `rules[0].serve.variant: ${KEY} ""`],
  [ruled({ from: 1 }), `rules[0].from: ${TIME} 1`],
  [ruled({ until: 'soon' }), `rules[0].until: ${TIME} "soon"`],
  [when({ attribute: '' }), `rules[0].when.attribute: ${NAME} ""`],
  [when({ op: null }), 'rules[0].when.op: null is not an operator this version knows'],
  [when({ negate: 'no' }), 'rules[0].when.negate: must be true or false, not "no"'],
  [when({ ignoreCase: 0 }), 'rules[0].when.ignoreCase: must be true or false, not 0'],
  [when({ values: 'x' }), 'rules[0].when.values: must be a list, not "x"'],
  [{ fallthrough: null }, 'fallthrough: must be an object, not null'],
  [rolled({ by: '' }), `fallthrough.rollout.by: ${NAME} ""`],
  [rolled({ salt: 1 }), 'fallthrough.rollout.salt: must be a string, not 1'],
  [rolled({ share: -1 }), `fallthrough.rollout.share: ${SHARE} -1`],
  [rolled({ share: 100_001 }), `fallthrough.rollout.share: ${SHARE} 100001`],
  [rolled({ split: [] }), 'fallthrough.rollout.split: has 0 entries; it needs at least 1'],
  [rolled({ split: [{ variant: 'on', weight: -1 }] }), `fallthrough.rollout.split[0].weight: ${SHARE} -1`],
  [rolled({ split: [{ weight: 100_000 }] }), `fallthrough.rollout.split[0].variant: ${KEY} nothing`],
  [rolled({ rest: 'stop' }), 'fallthrough.rollout.rest: must be an object, not "stop"'],
  [rolled({ rest: { variant: 1 } }), `fallthrough.rollout.rest.variant: ${KEY} 1`],
  [{ metadata: [] }, 'metadata: must be an object, not a list'],
  [{ metadata: { '': 1 } }, `metadata[""]: ${NAME} ""`],
  [
    { metadata: { owner: null } },
    'metadata["owner"]: must be a string, a finite number, true or false, not null',
  ],
  [{ metadata: { constructor: 1 } }, 'metadata["constructor"]: "constructor" cannot be a metadata key'],
  [{ metadata: { prototype: 1 } }, 'metadata["prototype"]: "prototype" cannot be a metadata key'],
])('%j is refused: %s', (changes, fault) => {
  expect(faultOf(changes)).toBe(fault)
})

it.each(['flagSetId', 'version', 'rule', 'killed', 'prerequisite'])('metadata cannot hold "%s"', (key) => {
  expect(faultOf({ metadata: { [key]: 'x' } })).toBe(
    `metadata["${key}"]: "${key}" is set by the engine; name it otherwise`,
  )
})

describe('the sense of a flag', () => {
  const split = [
    { variant: 'on', weight: 1 },
    { variant: 'off', weight: 2 },
  ]
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`v${i}`, true]))
  const ten = 'v0, v1, v2, v3, v4, v5, v6, v7, v8, v9'
  const { v10, ...fewer } = many

  it.each<[object, string]>([
    [{ type: 'string' }, 'variant "on" is true: it must be of type string'],
    [rolled({ split }), 'fallthrough: weights must add up to 100000, not 3: on 1, off 2'],
    [
      ruled({ serve: { rollout: { ...rollout, split } } }),
      'rules[0].serve: weights must add up to 100000, not 3: on 1, off 2',
    ],
    [
      ruled({ serve: { rollout: { ...rollout, rest: { variant: 'red' } } } }),
      'rules[0].serve.rollout.rest: there is no variant "red"; the flag has on, off',
    ],
    [
      { rules: [rule, { ...rule, id: 's' }, rule] },
      'rules[2]: the id "r" is taken by an earlier rule: ids must differ',
    ],
    [
      { rules: [rule, { ...rule, id: 's', from: '2026-03-02T00:00:00Z', until: '2026-03-02T00:00:00Z' }] },
      'rules[1]: the window ends at 2026-03-02T00:00:00Z, not after its start at 2026-03-02T00:00:00Z',
    ],
    [{ variants: {} }, 'offVariant: there is no variant "off"; the flag has none'],
    [{ variants: fewer }, `offVariant: there is no variant "off"; the flag has ${ten}`],
    [{ variants: many }, `offVariant: there is no variant "off"; the flag has ${ten}, ...`],
    [
      { variants: { on: true }, offVariant: null, fallthrough: { variant: 'off' } },
      'fallthrough: there is no variant "off"; the flag has on',
    ],
  ])('is looked at as a whole: %j', (changes, fault) => {
    expect(faultOf(changes)).toBe(fault)
  })

  it('lets a window have one end, or none', () => {
    for (const ends of [{}, { from: '2026-03-02T00:00:00Z' }, { until: '2026-03-02T00:00:00Z' }])
      expect(faultOf(ruled(ends))).toBeUndefined()
  })

  it('lets a rule continue, but not the fallthrough', () => {
    const serve = { rollout: { ...rollout, rest: 'continue' } }
    expect(faultOf(ruled({ serve }))).toBeUndefined()
    expect(faultOf({ fallthrough: serve })).toBe(
      'fallthrough: no rule follows the fallthrough: its rest must be a variant',
    )
  })
})

describe('a key', () => {
  it.each(['a', '9', 'A-b_c.d9', 'a'.repeat(128)])('may be "%s"', (key) => {
    expect(parsed({ flags: { [key]: aFlag() } }).malformed()).toEqual({})
  })

  it.each(['', '_a', '-a', '.a', 'a b', 'a/b', 'é', 'a\n', 'prototype', 'constructor'])(
    'may not be %j',
    (key) => {
      const { [key]: fault } = parsed({ flags: { [key]: aFlag() } }).malformed()
      expect(fault).toBe(`${KEY} ${JSON.stringify(key)}`)
    },
  )
})

describe('a segment', () => {
  const whole = { by: 'id', included: ['a'], excluded: ['b'], any: [leaf] }
  const faultOfSegment = (changes: object) => {
    const flags = { f: aFlag({ rules: [{ ...rule, when: { segment: 's' } }] }) }
    return parsed({ flags, segments: { s: { ...whole, ...changes } as never } }).malformed().f
  }

  it.each<[object, string | undefined]>([
    [{}, undefined],
    [{ by: '' }, `segment "s": by: ${NAME} ""`],
    [{ included: undefined }, 'segment "s": included: must be a list, not nothing'],
    [{ excluded: [1] }, 'segment "s": excluded[0]: must be a string, not 1'],
    [{ any: {} }, 'segment "s": any: must be a list, not an object'],
    [{ any: [{}] }, 'segment "s": any[0]: must have exactly one of all, any, not, attribute, segment'],
  ])('with %j has the fault %s', (changes, fault) => {
    expect(faultOfSegment(changes)).toBe(fault)
  })
})
