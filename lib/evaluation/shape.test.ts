import { describe, expect, it } from 'vitest'
import { describeFault, fields, integer, list, must, oneOf, optional, record, show, string } from './shape'

const NOTHING = undefined
const messages = (
  check: (input: unknown) => { path: string; message: string } | null,
  ...inputs: unknown[]
) =>
  inputs.map((input) => {
    const found = check(input)
    return found && describeFault(found)
  })

it.each<[unknown, string]>([
  ['x"y', '"x\\"y"'],
  ['x'.repeat(61), `"${'x'.repeat(60)}"`],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [null, 'null'],
  [NOTHING, 'nothing'],
  [1.5, '1.5'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [7n, '7'],
])('%o is shown as %s', (input, shown) => {
  expect(show(input)).toBe(shown)
})

describe('a check of', () => {
  it('a predicate names its rule and what it met', () => {
    const even = must('even', (input) => Number(input) % 2 === 0)
    expect(messages(even, 2, 3)).toEqual([null, 'must be even, not 3'])
  })

  it('whole numbers takes both its ends and nothing beyond', () => {
    const refused = (input: string) => `must be a whole number from 2 to 4, not ${input}`
    expect(messages(integer(2, 4), 2, 4, 1, 5, 2.5, '3', 2 ** 53)).toEqual([
      null,
      null,
      refused('1'),
      refused('5'),
      refused('2.5'),
      refused('"3"'),
      refused('9007199254740992'),
    ])
  })

  it('what may be left out takes nothing, but not null', () => {
    expect(messages(optional(string), NOTHING, 'x', null)).toEqual([null, null, 'must be a string, not null'])
  })

  it('lists counts and points at the first wrong entry', () => {
    const texts = list(string, { from: 1, to: 2 })
    expect(messages(texts, ['a'], ['a', 'b'], [], ['a', 'b', 'c'], {}, ['a', 1])).toEqual([
      null,
      null,
      'has 0 entries; it needs at least 1',
      'has 3 entries; the most is 2',
      'must be a list, not an object',
      '[1]: must be a string, not 1',
    ])
    expect(messages(list(string), [], Array(50).fill('x'))).toEqual([null, null])
  })

  it('records looks at keys and values', () => {
    const short = must('short', (input) => String(input).length < 3)
    expect(messages(record(short, string), {}, { ab: 'x' }, { abc: 'x' }, { ab: 1 }, [], null)).toEqual([
      null,
      null,
      '["abc"]: must be short, not "abc"',
      '["ab"]: must be a string, not 1',
      'must be an object, not a list',
      'must be an object, not null',
    ])
  })

  it('fields ignores others and sees no inherited ones', () => {
    const named = fields({ name: string, inner: optional(fields({ name: string })) })
    expect(messages(named, { name: 'x', other: 1 }, Object.create({ name: 'x' }), 'x')).toEqual([
      null,
      'name: must be a string, not nothing',
      'must be an object, not "x"',
    ])
    expect(messages(named, { name: 'x', inner: { name: 1 } })).toEqual([
      'inner.name: must be a string, not 1',
    ])
  })

  it('kinds wants exactly one of them, its own', () => {
    const either = oneOf({ a: fields({ a: string }), b: fields({ b: string }) })
    const one = 'must have exactly one of a, b'
    expect(messages(either, { a: 'x' }, { b: 'x', c: 1 }, { b: 1 }, { a: 'x', b: 'x' }, {}, [])).toEqual([
      null,
      null,
      'b: must be a string, not 1',
      one,
      one,
      'must be an object, not a list',
    ])
    expect(messages(either, Object.create({ a: 'x' }))).toEqual([one])
  })
})
