import { describe, expect, it } from 'vitest'
import { unstorable } from './storable'

describe('unstorable', () => {
  it.each([null, 1, true, '', 'é', '😀', '\u0001\n\t', { a: ['x', { b: null }] }])(
    'has nothing against %j',
    (value) => {
      expect(unstorable(value)).toBeNull()
    },
  )

  it.each([
    [{ name: 'a\0' }, 'name'],
    [{ tags: ['x', '\0'] }, 'tags.1'],
    [{ variants: { on: { deep: ['\ud800'] } } }, 'variants.on.deep.0'],
    [{ name: '\udc00\ud83d' }, 'name'],
    [{ variants: { 'a\0': 1 } }, 'variants'],
  ])('names where %j cannot be kept', (value, path) => {
    expect(unstorable(value)?.path).toBe(path)
  })
})
