import { describe, expect, it } from 'vitest'
import { isFlagType, isJson, isOfType, sameJson } from './values'

const nested = (levels: number, leaf: unknown): unknown =>
  levels === 0 ? leaf : { a: [nested(levels - 1, leaf)] }

describe('a value of a type', () => {
  const values = [true, '', 0, Number.NaN, Number.POSITIVE_INFINITY, {}, [], null, undefined]
  it.each([
    ['boolean', [true]],
    ['string', ['']],
    ['number', [0]],
    ['object', [{}, []]],
  ] as const)('%s', (type, ofType) => {
    expect(values.filter((value) => isOfType(type, value))).toEqual(ofType)
    expect(isFlagType(type)).toBe(true)
  })

  it.each(['', 'integer', 'toString', '__proto__', null, ['string']])('is of no type %j', (type) => {
    expect(isFlagType(type)).toBe(false)
  })
})

describe('isJson', () => {
  it.each([null, 'x', true, false, -1.5, [], {}, [1, ['x', null]], { a: { b: [] } }])('takes %j', (value) => {
    expect(isJson(value, 3)).toBe(true)
  })

  it.each([undefined, Number.NaN, Number.NEGATIVE_INFINITY, 1n, Symbol('x'), () => 1])(
    'refuses %s',
    (value) => {
      expect(isJson(value, 3)).toBe(false)
      expect(isJson([1, value], 3)).toBe(false)
      expect(isJson({ a: 1, b: value }, 3)).toBe(false)
    },
  )

  it('counts lists and objects as levels, and what they hold as none', () => {
    expect([isJson(1, 0), isJson([], 0), isJson({}, 0)]).toEqual([true, false, false])
    expect([isJson(nested(2, 1), 4), isJson(nested(2, 1), 3), isJson(nested(2, []), 4)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('sameJson', () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    ['x', 'x'],
    [null, null],
    [undefined, undefined],
    [[], []],
    [{}, {}],
    [
      [1, [2, { a: 3 }]],
      [1, [2, { a: 3 }]],
    ],
    [
      { a: 1, b: { c: [2], d: 3 } },
      { b: { d: 3, c: [2] }, a: 1 },
    ],
  ])('holds for %j and %j', (a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([true, true])
  })

  it.each<[unknown, unknown]>([
    [1, '1'],
    [0, false],
    [null, undefined],
    [null, {}],
    [[], {}],
    [[], null],
    [[1], [2]],
    [[1], [1, 2]],
    [
      [1, 2],
      [2, 1],
    ],
    [['x'], 'x'],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: undefined }, { b: undefined }],
    [{ toString: 1 }, { a: 1 }],
    [{ constructor: Object }, {}],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
  ])('does not hold for %j and %j', (a, b) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([false, false])
  })

  it('gives up at a depth that no flag has', () => {
    expect(sameJson(nested(50, 1), nested(50, 1))).toBe(true)
    expect(sameJson(nested(50, []), nested(50, []))).toBe(false)
    expect(sameJson(nested(51, 1), nested(51, 1))).toBe(false)
    expect([sameJson([1], [1], 1), sameJson([[1]], [[1]], 1), sameJson({ a: {} }, { a: {} }, 1)]).toEqual([
      true,
      false,
      false,
    ])
  })
})
