import { describe, expect, it } from 'vitest'
import { parseTimestamp } from './timestamps'

describe('parseTimestamp', () => {
  it.each([
    '2026-03-01T09:00:00Z',
    '2026-03-01T09:00:00.5Z',
    '2026-03-01T09:00:00.123Z',
    '2026-03-01T09:00:00+02:00',
    '2026-03-01T09:00:00-09:30',
    '2024-02-29T23:59:59Z',
    '0099-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
  ])('reads %s as the platform does', (text) => {
    expect(parseTimestamp(text)).toBe(Date.parse(text))
  })

  it('takes lower case letters and cuts what is finer than a millisecond', () => {
    expect(parseTimestamp('2026-03-01t09:00:00.1239z')).toBe(Date.parse('2026-03-01T09:00:00.123Z'))
  })

  it.each([
    '',
    '2026-03-01',
    '2026-03-01T09:00Z',
    '2026-03-01T09:00:00',
    '2026-03-01 09:00:00Z',
    '2026-02-29T09:00:00Z',
    '2026-02-30T09:00:00Z',
    '2026-13-01T09:00:00Z',
    '2026-00-01T09:00:00Z',
    '2026-03-00T09:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:00:60Z',
    '2026-03-01T09:00:00+24:00',
    ' 2026-03-01T09:00:00Z',
    'Sun, 01 Mar 2026 09:00:00 GMT',
  ])('refuses "%s"', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })
})
