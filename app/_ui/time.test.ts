import { expect, it } from 'vitest'
import { formatTime } from './time'

it('always names the zone', () => {
  expect(formatTime('2026-11-23T23:03:07Z', 'UTC')).toBe('23 Nov 2026, 23:03:07 UTC')
  expect(formatTime('2026-11-23T23:03:07Z', 'Europe/Berlin')).toMatch(/^24 Nov 2026, 00:03:07 (CET|GMT\+1)$/)
})

it('can be the clock alone, where the day is today', () => {
  expect(formatTime('2026-11-23T00:03:07Z', 'UTC', true)).toBe('00:03:07')
})
