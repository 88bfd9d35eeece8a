import { expect, it } from 'vitest'
import { parsePercent } from './percent-input'

it('reads a percentage as people write it, to 0.001 %', () => {
  expect(['25', '12.5', '12,5', ' 12.345 %', '0.001', '100'].map(parsePercent)).toEqual([
    25_000, 12_500, 12_500, 12_345, 1, 100_000,
  ])
})

it('refuses what is no percentage, instead of rounding it into one', () => {
  expect(['', '%', 'ten', '-1', '100.001', '1e9', 'Infinity'].map(parsePercent)).toEqual(Array(7).fill(null))
})
