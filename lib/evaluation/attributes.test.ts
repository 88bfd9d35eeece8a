import { describe, expect, it } from 'vitest'
import { readAttribute, readKey } from './attributes'
import type { EvaluationContext } from './types'

const json = (text: string): EvaluationContext => JSON.parse(text)

describe('readAttribute', () => {
  it('prefers an own property of the whole name to a dotted path', () => {
    expect(readAttribute({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1)
    expect(readAttribute({ a: { b: { c: 3 } } }, 'a.b.c')).toBe(3)
  })

  it.each([
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    'a.constructor',
    'a.__proto__',
    'name.length',
  ])('finds nothing inherited: %s', (attribute) => {
    expect(readAttribute({ a: {}, name: 'Ada' }, attribute)).toBeUndefined()
  })

  it('reads own properties of hostile names', () => {
    const context = json('{"__proto__": "x", "constructor": "y", "a": {"__proto__": {"b": "z"}}}')
    expect(readAttribute(context, '__proto__')).toBe('x')
    expect(readAttribute(context, 'constructor')).toBe('y')
    expect(readAttribute(context, 'a.__proto__.b')).toBe('z')
  })

  it.each(['', '.', '..', 'a.', '.a', 'a..b', 'a.b.c'])('finds nothing at the path "%s"', (path) => {
    expect(readAttribute({ a: { b: 1 } }, path)).toBeUndefined()
  })

  it('takes null for missing, and false, 0 and "" for what they are', () => {
    expect(readAttribute({ a: null }, 'a')).toBeUndefined()
    expect(readAttribute({ a: { b: null } }, 'a.b')).toBeUndefined()
    expect(['f', 'z', 'e'].map((name) => readAttribute({ f: false, z: 0, e: '' }, name))).toEqual([
      false,
      0,
      '',
    ])
  })

  it('takes an access that throws for a missing attribute', () => {
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const hostile = {
      get thrower(): never {
        throw new Error('no')
      },
      revoked: revoked.proxy,
    }
    expect(readAttribute(hostile, 'thrower')).toBeUndefined()
    expect(readAttribute(hostile, 'revoked.a')).toBeUndefined()
    expect(readAttribute(revoked.proxy as EvaluationContext, 'a')).toBeUndefined()
  })

  it.each([undefined, null, 'text', 7, true])('finds nothing in a context that is %s', (context) => {
    expect(readAttribute(context as never, 'length')).toBeUndefined()
  })
})

describe('readKey', () => {
  it.each([
    ['user-1', 'user-1'],
    [42, '42'],
    [1.5, '1.5'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('reads %s as %s', (value, key) => {
    expect(readKey({ id: value }, 'id')).toBe(key)
  })

  it.each([['', true, null, Number.NaN, Number.POSITIVE_INFINITY, 7n, {}, ['a'], new Date(0)]].flat())(
    'takes %s for missing',
    (value) => {
      expect(readKey({ id: value }, 'id')).toBeUndefined()
    },
  )
})
