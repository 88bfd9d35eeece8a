import { expect, it } from 'vitest'
import { digitAt, digitsIn } from './digits'

it('digitAt reads the ten digits and nothing beside them', () => {
  expect([...'0123456789'].map((digit) => digitAt(digit, 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  for (const other of ['/', ':', 'a', ' ', '٣', '１', '']) expect(digitAt(other, 0)).toBe(-1)
  expect([digitAt('12', 1), digitAt('12', 2), digitAt('12', -1)]).toEqual([2, -1, -1])
})

it('digitsIn reads a part of a text, where it is all digits', () => {
  expect([digitsIn('a2026b', 1, 5), digitsIn('007', 0, 3), digitsIn('', 0, 0)]).toEqual([2026, 7, 0])
  for (const text of ['1a', 'a1', '1 ', '-1', '1.', '１0']) expect(digitsIn(text, 0, 2)).toBe(-1)
  expect(digitsIn('12', 1, 3)).toBe(-1)
})
