import { expect, it } from 'vitest'
import { parseDuration } from './durations'

it.each([
  ['1s', 1_000],
  ['30s', 30_000],
  ['15m', 900_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['9999999999s', 9_999_999_999_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each([
  '',
  '0s',
  '-1d',
  '01d',
  '1',
  'd',
  '1.5d',
  '1 d',
  '1D',
  '1ms',
  '1y',
  '7d ',
  '1d12h',
  '٧d',
  '99999999999s',
  '9999999999w',
])('refuses "%s"', (text) => {
  expect(parseDuration(text)).toBeNull()
})
