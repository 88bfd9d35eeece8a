import fc from 'fast-check'
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

  it('reads every moment of the years 0 to 9999, in every offset, as it was written', () => {
    const moment = fc.date({
      min: new Date('0000-01-02T00:00:00Z'),
      max: new Date('9999-12-30T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moment, fc.integer({ min: -1439, max: 1439 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1)
        const two = (value: number) => String(value).padStart(2, '0')
        const east = Math.abs(minutes)
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`
        expect(parseTimestamp(`${local}${offset}`)).toBe(date.getTime())
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime())
      }),
      { numRuns: 2_000 },
    )
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
    '2026-03-01T09:00:00Z ',
    '2026-03-01T09:00:00.Z',
    '2026-03-01T09:00:00.1234567890Z',
    '2026-03-01T09:00:00.5',
    '2026-03-01T09:00:00+2:00',
    '2026-03-01T09:00:00+02:60',
    '2026-03-01T09:00:00+0200',
    '2026-04-31T09:00:00Z',
    '1900-02-29T09:00:00Z',
    '2026-03-0１T09:00:00Z',
    '+026-03-01T09:00:00Z',
    'Sun, 01 Mar 2026 09:00:00 GMT',
    '202a-03-01T09:00:00Z',
    '2026-1a-01T09:00:00Z',
    '2026-03-1aT09:00:00Z',
    '2026-03-01T1a:00:00Z',
    '2026-03-01T09:1a:00Z',
    '2026-03-01T09:00:1aZ',
    '2026-03-01T09:00:00+1a:00',
    '2026-03-01T09:00:00+01:1a',
    '2026-03-01T09:00:00*01:00',
    '2026-03-01T09:00:00+01-00',
    '2026/03/01T09:00:00Z',
    '2026-03/01T09:00:00Z',
    '2026-03-01T09-00:00Z',
    '2026-03-01T09:00-00Z',
  ])('refuses "%s"', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })
})
