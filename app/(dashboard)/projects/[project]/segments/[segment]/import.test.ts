import { expect, it } from 'vitest'
import { describeTaken, looksLikeHeadings, takeColumn } from './import'

const rows = [
  ['1', 'ana'],
  ['2', ' bo '],
  ['3', ''],
  ['4'],
  ['5', 'bo'],
  ['6', 'cy'],
  ['7', 'x'.repeat(1_001)],
]

it('reads one column, and says of every row that it leaves out why', () => {
  const taken = takeColumn(rows, 1, ['cy'])
  expect(taken.added).toEqual(['ana', 'bo'])
  expect(describeTaken(taken)).toEqual([
    '1 row is in the list already',
    '1 row is there twice',
    '2 rows are empty in this column',
    '1 row left out: longer than 1,000 characters',
  ])
})

it('stops at what a list holds', () => {
  const list = Array.from({ length: 99_999 }, (_, i) => `user-${i}`)
  const taken = takeColumn([['a'], ['b'], ['user-7']], 0, list)
  expect(taken.added).toEqual(['a'])
  expect(describeTaken(taken)).toContain('1 row left out: a list holds at most 100,000')
})

it('takes a first row for headings where a cell is the name of an id', () => {
  expect(looksLikeHeadings(['User ID', 'Since'], 'targetingKey')).toBe(true)
  expect(looksLikeHeadings(['tenant'], 'tenant')).toBe(true)
  expect(looksLikeHeadings(['ana', '2026-01-01'], 'targetingKey')).toBe(false)
})
