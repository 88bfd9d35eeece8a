import { describe, expect, it } from 'vitest'
import { aConfig, aFlag, parsed } from '../../tests/support/build-config'
import { BOUNDS } from './bounds'
import { evaluate } from './evaluate'
import { parseConfig } from './parse-config'
import type { Condition, Rollout, Rule, Segment } from './types'

const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'r',
  when: { all: [] },
  serve: { variant: 'on' },
  ...changes,
})
const when = (condition: unknown) => ({ rules: [rule({ when: condition as Condition })] })
const rollout = (changes: Partial<Rollout> = {}) => ({
  rollout: {
    share: 50_000,
    split: [{ variant: 'on', weight: 100_000 }],
    rest: { variant: 'off' },
    ...changes,
  },
})
const segment = (...any: Condition[]): Segment => ({ by: 'targetingKey', included: [], excluded: [], any })
const nested = (groups: number): unknown =>
  groups === 0 ? { attribute: 'a', op: 'is_set', values: [] } : { not: nested(groups - 1) }
const chain = (length: number): Record<string, Segment> =>
  Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `s${i}`,
      i + 1 === length ? segment() : segment({ segment: `s${i + 1}` }),
    ]),
  )

describe('the envelope', () => {
  it.each([
    [{ schema: 2 }, 'schema: must be 1, the schema this version reads, not 2'],
    [{ flagSetId: '' }, 'flagSetId: must be the name of a flag set, not ""'],
    [{ id: '1.2' }, 'id: must be an id of the form <epoch>.<version>.<hash8>, not "1.2"'],
    [{ flags: [] }, 'flags: must be an object, not a list'],
    [{ segments: undefined }, 'segments: must be an object, not nothing'],
    [{ killed: ['a', 1] }, 'killed[1]: must be a string, not 1'],
    [{ killedAt: null }, 'killedAt: must be an id of the form <epoch>.<version>.<hash8>, not null'],
  ])('refuses %j', (changes, error) => {
    expect(parseConfig({ ...aConfig(), ...changes })).toEqual({ ok: false, error })
  })

  it.each([undefined, null, 'config', 7, [], true])('refuses %s', (input) => {
    expect(parseConfig(input).ok).toBe(false)
  })

  it('refuses more flags than the bound', () => {
    const flags = Object.fromEntries(Array.from({ length: BOUNDS.flags + 1 }, (_, i) => [`f${i}`, aFlag()]))
    expect(parseConfig(aConfig({ flags }))).toEqual({
      ok: false,
      error: 'flags: has 10001 flags; the most is 10000',
    })
  })

  it('refuses fields that are inherited', () => {
    expect(parseConfig(Object.create(aConfig())).ok).toBe(false)
  })

  it('refuses what throws while it is read', () => {
    const input = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('no')
        },
      },
    )
    expect(parseConfig(input).ok).toBe(false)
  })
})

describe('a flag', () => {
  it.each([
    ['no object', null, 'must be an object, not null'],
    [
      'an unknown type',
      { type: 'toString' },
      'type: must be boolean, string, number or object, not "toString"',
    ],
    [
      'a variant of another type',
      { variants: { on: 1, off: false } },
      'variant "on" is 1: it must be of type boolean',
    ],
    [
      'a null variant',
      { type: 'object', variants: { on: {}, off: null } },
      'variant "off" is null: it must be of type object',
    ],
    [
      'a hostile variant key',
      { variants: JSON.parse('{"__proto__": true}') },
      'variants["__proto__"]: must be a key of up to 128 letters, digits, ".", "_" and "-" that starts with a letter or digit, not "__proto__"',
    ],
    [
      'an unknown off variant',
      { offVariant: 'red' },
      'offVariant: there is no variant "red"; the flag has on, off',
    ],
    [
      'an off variant that is inherited',
      { offVariant: 'toString' },
      'offVariant: there is no variant "toString"; the flag has on, off',
    ],
    [
      'an unknown variant in a target',
      { targets: [{ variant: 'red', by: 'targetingKey', values: [] }] },
      'targets[0]: there is no variant "red"; the flag has on, off',
    ],
    [
      'an unknown variant in a rule',
      { rules: [rule({ serve: { variant: 'red' } })] },
      'rules[0].serve: there is no variant "red"; the flag has on, off',
    ],
    [
      'an unknown variant in a split',
      { fallthrough: rollout({ split: [{ variant: 'red', weight: 100_000 }] }) },
      'fallthrough.rollout.split[0]: there is no variant "red"; the flag has on, off',
    ],
    [
      'an unknown variant in a rest',
      { fallthrough: rollout({ rest: { variant: 'red' } }) },
      'fallthrough.rollout.rest: there is no variant "red"; the flag has on, off',
    ],
    [
      'weights that do not add up',
      {
        fallthrough: rollout({
          split: [
            { variant: 'on', weight: 60 },
            { variant: 'off', weight: 50 },
          ],
        }),
      },
      'fallthrough: weights must add up to 100000, not 110: on 60, off 50',
    ],
    [
      'a share that is no whole step',
      { fallthrough: rollout({ share: 12.5 }) },
      'fallthrough.rollout.share: must be a whole number from 0 to 100000, not 12.5',
    ],
    [
      'a fallthrough that continues',
      { fallthrough: rollout({ rest: 'continue' }) },
      'fallthrough: no rule follows the fallthrough: its rest must be a variant',
    ],
    [
      'a serve of two kinds',
      { fallthrough: { variant: 'on', ...rollout() } },
      'fallthrough: must have exactly one of variant, rollout',
    ],
    [
      'two rules of one id',
      { rules: [rule(), rule()] },
      'rules[1]: the id "r" is taken by an earlier rule: ids must differ',
    ],
    [
      'a window that is no time',
      { rules: [rule({ from: '2026-03-01' })] },
      'rules[0].from: must be an RFC 3339 time, such as 2026-03-01T09:00:00Z, not "2026-03-01"',
    ],
    [
      'a window that ends first',
      { rules: [rule({ from: '2026-03-01T09:00:00Z', until: '2026-03-01T10:00:00+01:00' })] },
      'rules[0]: the window ends at 2026-03-01T10:00:00+01:00, not after its start at 2026-03-01T09:00:00Z',
    ],
    [
      'an operator of a later version',
      when({ attribute: 'a', op: 'sounds_like', values: ['1.0.0'] }),
      'rules[0].when.op: "sounds_like" is not an operator this version knows',
    ],
    [
      'an inherited operator',
      when({ attribute: 'a', op: 'constructor', values: [] }),
      'rules[0].when.op: "constructor" is not an operator this version knows',
    ],
    [
      'a text operator on numbers',
      when({ attribute: 'a', op: 'contains', values: [1] }),
      'rules[0].when.values[0]: must be a string, not 1',
    ],
    [
      'a comparison of two numbers',
      when({ attribute: 'a', op: 'lt', values: [1, 2] }),
      'rules[0].when.values: has 2 entries; the most is 1',
    ],
    [
      'a range upside down',
      when({ attribute: 'a', op: 'between', values: [2, 1] }),
      'rules[0].when.values: 2 is above 1: write the lower limit first',
    ],
    [
      'a list without values',
      when({ attribute: 'a', op: 'is_one_of', values: [] }),
      'rules[0].when.values: has 0 entries; it needs at least 1',
    ],
    [
      'ignoreCase where it says nothing',
      when({ attribute: 'a', op: 'eq', values: [1], ignoreCase: true }),
      'rules[0].when: "eq" cannot ignore case',
    ],
    [
      'a condition of no kind',
      when({}),
      'rules[0].when: must have exactly one of all, any, not, attribute, segment',
    ],
    [
      'a condition of two kinds',
      when({ all: [], any: [] }),
      'rules[0].when: must have exactly one of all, any, not, attribute, segment',
    ],
    [
      'groups that nest too deep',
      when(nested(6)),
      'rules[0].when.not.not.not.not.not: groups nest at most 5 deep',
    ],
    [
      'a segment that is not there',
      when({ any: [{ segment: 'beta' }] }),
      'there is no segment "beta" in this config',
    ],
    [
      'too many rules',
      { rules: Array.from({ length: 201 }, (_, i) => rule({ id: `${i}` })) },
      'rules: has 201 entries; the most is 200',
    ],
    [
      'too many values',
      when({ attribute: 'a', op: 'is_one_of', values: Array(5_001).fill('x') }),
      'rules[0].when.values: has 5001 entries; the most is 5000',
    ],
    [
      'hostile metadata',
      { metadata: JSON.parse('{"__proto__": 1}') },
      'metadata["__proto__"]: "__proto__" cannot be a metadata key',
    ],
    [
      'metadata that the engine sets',
      { metadata: { killed: true } },
      'metadata["killed"]: "killed" is set by the engine; name it otherwise',
    ],
    [
      'structured metadata',
      { metadata: { owner: {} } },
      'metadata["owner"]: must be a string, a finite number, true or false, not an object',
    ],
  ] as [string, object | null, string][])(
    'is malformed with %s, and hurts no other',
    (_name, changes, fault) => {
      const bad = changes && { ...aFlag(), ...changes }
      const config = parsed({ flags: { bad, good: aFlag() } as never })
      expect(config.malformed()).toEqual({ bad: fault })
      expect(evaluate(config, 'good', {}, 0).reason).toBe('STATIC')
      expect(evaluate(config, 'bad', {}, 0)).toEqual({
        reason: 'ERROR',
        errorCode: 'PARSE_ERROR',
        errorMessage: `flag "bad" is malformed: ${fault}`,
        flagMetadata: { flagSetId: 'shop/production' },
      })
      expect(evaluate(config, 'good', {}, 0)).toMatchObject({ reason: 'STATIC', value: true })
    },
  )

  it('may nest groups to the bound', () => {
    expect(parsed({ flags: { a: aFlag(when(nested(5)) as never) } }).malformed()).toEqual({})
  })

  it('is malformed under a hostile key, without touching any prototype', () => {
    const flags = JSON.parse('{"__proto__": {}, "constructor": {}, "a b": {}}')
    const config = parsed({ flags })
    expect(Object.keys(config.malformed())).toEqual(['__proto__', 'constructor', 'a b'])
    expect(config.flags.keys()).toEqual(['__proto__', 'constructor', 'a b'])
  })

  it('may hold fields of a later version', () => {
    expect(parsed({ flags: { a: { ...aFlag(), later: true } as never } }).malformed()).toEqual({})
  })
})

describe('the segments of a flag', () => {
  const naming = (name: string) => ({
    flags: { bad: aFlag(when({ segment: name }) as never), good: aFlag() },
  })

  it.each([
    ['malformed', { s: { by: 'targetingKey' } }, 'segment "s": included: must be a list, not nothing'],
    [
      'naming a missing one',
      { s: segment({ segment: 'gone' }) },
      'there is no segment "gone" in this config',
    ],
    ['naming itself', { s: segment({ segment: 's' }) }, 'segments name each other in a cycle: s -> s'],
    [
      'in a cycle',
      { s: segment({ segment: 't' }), t: segment({ not: { any: [{ segment: 's' }] } }) },
      'segments name each other in a cycle: s -> t -> s',
    ],
  ])('make it malformed when one is %s', (_name, segments, fault) => {
    expect(parsed({ ...naming('s'), segments: segments as never }).malformed()).toEqual({ bad: fault })
  })

  it('nest to the bound and no deeper, along the longest way', () => {
    expect(parsed({ ...naming('s0'), segments: chain(BOUNDS.segmentDepth) }).malformed()).toEqual({})
    const fault = `segment "s0" nests more than ${BOUNDS.segmentDepth} segments deep`
    expect(parsed({ ...naming('s0'), segments: chain(BOUNDS.segmentDepth + 1) }).malformed()).toEqual({
      bad: fault,
    })

    const shortcut = { ...chain(BOUNDS.segmentDepth + 1), s0: segment({ segment: 's5' }, { segment: 's1' }) }
    expect(parsed({ ...naming('s0'), segments: shortcut }).malformed()).toEqual({ bad: fault })
    const long = chain(20_000)
    expect(parsed({ ...naming('s0'), segments: long }).malformed()).toEqual({ bad: fault })
  })

  it('hurt nobody while no flag reaches them', () => {
    const segments = { s: segment({ segment: 's' }), t: null } as never
    expect(parsed({ flags: { good: aFlag() }, segments }).malformed()).toEqual({})
  })
})
