import { expect, it } from 'vitest'
import { formatTime, roughly } from './time'

it('always names the zone', () => {
  expect(formatTime('2026-11-23T23:03:07Z', 'UTC')).toBe('23 Nov 2026, 23:03:07 UTC')
  expect(formatTime('2026-11-23T23:03:07Z', 'Europe/Berlin')).toMatch(/^24 Nov 2026, 00:03:07 (CET|GMT\+1)$/)
})

it('can be the clock alone, where the day is today', () => {
  expect(formatTime('2026-11-23T00:03:07Z', 'UTC', true)).toBe('00:03:07')
})

it('says roughly how long ago something was, and after a week nothing', () => {
  const at = '2026-11-23T12:00:00Z'
  const after = (ms: number) => roughly(at, Date.parse(at) + ms)
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
  expect([-minute, minute, 59 * minute, 5 * hour, day, 6 * day, 8 * day].map(after)).toEqual([
    'now',
    'now',
    '59 min ago',
    '5 h ago',
    '1 day ago',
    '6 days ago',
    null,
  ])
})
