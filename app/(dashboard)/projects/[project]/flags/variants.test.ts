import { describe, expect, it } from 'vitest'
import { newRow, readVariants, rowsOf, startingOff, startingRows } from './variants'

describe('readVariants', () => {
  it('reads what each type starts with', () => {
    const read = (type: 'boolean' | 'string' | 'number' | 'object') =>
      readVariants(type, startingRows(type)).variants
    expect(read('boolean')).toEqual({ on: true, off: false })
    expect(read('string')).toEqual({ control: 'control', treatment: 'treatment' })
    expect(read('number')).toEqual({ low: 10, high: 100 })
    expect(read('object')).toEqual({ control: {}, treatment: {} })
  })

  it('returns every value as it was stored', () => {
    const stored = { a: { deep: [1, 'x', null] }, b: {} }
    expect(readVariants('object', rowsOf(stored)).variants).toEqual(stored)
    expect(readVariants('string', rowsOf({ a: '', b: ' spaced ' })).variants).toEqual({
      a: '',
      b: ' spaced ',
    })
  })

  it('names the row of each mistake, instead of guessing a value', () => {
    const rows = [newRow('a', '10'), newRow('a', '20'), newRow('', '30'), newRow('b', 'ten'), newRow('c', '')]
    expect(readVariants('number', rows).problems).toEqual({
      [rows[1]!.id]: 'there are two variants named “a”',
      [rows[2]!.id]: 'name this variant',
      [rows[3]!.id]: 'write a number, such as 10 or 0.5',
      [rows[4]!.id]: 'write a number, such as 10 or 0.5',
    })
  })

  it('explains JSON that does not parse', () => {
    const row = newRow('a', '{ "x": ')
    expect(readVariants('object', [row]).problems?.[row.id]).toMatch(/^this is not JSON yet: /)
  })
})

it('starts off with the variant that changes nothing', () => {
  expect([startingOff('boolean'), startingOff('string'), startingOff('number')]).toEqual([
    'off',
    'control',
    'low',
  ])
})
