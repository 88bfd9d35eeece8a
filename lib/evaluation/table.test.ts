import { describe, expect, it } from 'vitest'
import { Table } from './table'

const pairs = { a: 1, b: 2, c: 3 }
const texts = (values: Readonly<Record<string, string>>) =>
  Table.ofTexts<unknown>(new Map(Object.entries(values)))

describe('a table of values', () => {
  it('finds what it was made of, own properties alone', () => {
    const table = Table.of<unknown>(JSON.parse('{"a": 1, "__proto__": 2, "nothing": null}'))
    expect([table.size, table.keys()]).toEqual([3, ['a', '__proto__', 'nothing']])
    expect(['a', '__proto__', 'nothing', 'toString'].map((key) => table.get(key))).toEqual([
      1,
      2,
      null,
      undefined,
    ])
    expect(['a', '__proto__', 'nothing', 'toString'].map((key) => table.has(key))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(Object.entries(table.record())).toEqual([
      ['a', 1],
      ['__proto__', 2],
      ['nothing', null],
    ])
  })

  it('may mention anything', () => {
    expect(Table.of({ a: 'x' }).mayMention('a', /y/)).toBe(true)
  })
})

describe('a table of texts', () => {
  it('parses what is asked for, and gives back as it is what is no JSON', () => {
    const table = texts({ a: '{"x": [1]}', b: '{"x"' })
    expect([table.size, table.keys()]).toEqual([2, ['a', 'b']])
    expect([table.get('a'), table.get('b'), table.get('c')]).toEqual([{ x: [1] }, '{"x"', undefined])
    expect([table.has('a'), table.has('b'), table.has('c')]).toEqual([true, true, false])
  })

  it('mentions what stands in the text, until the value is another', () => {
    const table = texts({ a: '{"from": 1}' })
    expect(table.mayMention('a', /"until"|"from"/)).toBe(true)
    expect(table.mayMention('a', /"until"/)).toBe(false)
    const later = table.with([['a', {}]])
    expect(later.mayMention('a', /"until"/)).toBe(true)
    expect(table.mayMention('a', /"until"/)).toBe(true)
  })

  it('agrees with another where the values are the same, however they are written', () => {
    const table = texts({ a: '{"x": 1, "y": 2}', broken: '{' })
    expect(table.agrees(texts({ a: '{"x": 1, "y": 2}' }), 'a')).toBe(true)
    expect(table.agrees(texts({ a: '{"y":2,"x":1}' }), 'a')).toBe(true)
    expect(table.agrees(Table.of<unknown>({ a: { y: 2, x: 1 } }), 'a')).toBe(true)
    expect(table.agrees(texts({ a: '{"x": 1, "y": 3}' }), 'a')).toBe(false)
    expect(table.agrees(texts({}), 'a')).toBe(false)
    expect(table.agrees(texts({}), 'b')).toBe(true)
    expect(table.agrees(table.with([['a', 1]]), 'a')).toBe(false)
  })
})

describe('a later version', () => {
  it('has the changes, while the one before stays as it was', () => {
    const before = Table.of(pairs)
    const after = before.with([
      ['a', undefined],
      ['b', 20],
      ['d', 4],
    ])
    expect([after.size, after.record()]).toEqual([3, expect.objectContaining({ b: 20, c: 3, d: 4 })])
    expect(after.keys().sort()).toEqual(['b', 'c', 'd'])
    expect([after.has('a'), after.get('a'), after.has('d')]).toEqual([false, undefined, true])
    expect([before.size, before.keys(), before.has('d')]).toEqual([3, ['a', 'b', 'c'], false])
    expect({ ...before.record() }).toEqual(pairs)
  })

  it('is the same one where nothing changes', () => {
    const table = Table.of(pairs)
    expect(table.with([])).toBe(table)
  })

  it('counts a key once, however often one step names it', () => {
    const before = Table.of(pairs)
    const after = before.with([
      ['d', 4],
      ['d', 5],
      ['a', undefined],
      ['a', undefined],
      ['gone', undefined],
    ])
    expect([after.size, after.get('d')]).toEqual([3, 5])
    expect([before.get('a'), before.has('d')]).toEqual([1, false])
  })

  it('keeps every version before it, far back, and lets each of them be continued', () => {
    const first = Table.of(pairs)
    const second = first.with([['a', 10]])
    const third = second.with([
      ['a', undefined],
      ['b', 20],
    ])
    const branch = second.with([['c', 30]])
    expect([first, second, third, branch].map((table) => ({ ...table.record() }))).toEqual([
      pairs,
      { ...pairs, a: 10 },
      { b: 20, c: 3 },
      { a: 10, b: 2, c: 30 },
    ])
    expect([first, second, third, branch].map(({ size }) => size)).toEqual([3, 3, 2, 3])
  })
})

describe('the keys that may have changed', () => {
  const first = Table.of(pairs)
  const second = first.with([['a', 10]])
  const third = second.with([['b', undefined]])

  it('are those of the steps between, of one history', () => {
    expect([...first.keysChangedIn(first)]).toEqual([])
    expect([...first.keysChangedIn(second)]).toEqual(['a'])
    expect([...first.keysChangedIn(third)]).toEqual(['a', 'b'])
    expect([...second.keysChangedIn(third)]).toEqual(['b'])
  })

  it('are all that either has, where one does not follow from the other', () => {
    expect([...third.keysChangedIn(first)].sort()).toEqual(['a', 'b', 'c'])
    expect([...first.keysChangedIn(Table.of({ d: 1 }))].sort()).toEqual(['a', 'b', 'c', 'd'])
  })
})
