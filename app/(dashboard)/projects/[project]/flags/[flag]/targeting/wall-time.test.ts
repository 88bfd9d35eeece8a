import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instantOf, typedOf } from './wall-time'

describe('times that are typed', () => {
  const { TZ } = process.env
  beforeEach(() => {
    process.env.TZ = 'Europe/Berlin'
  })
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  })

  it('carry the offset that their zone has then', () => {
    expect(instantOf('2026-12-01T09:00', 'own')).toBe('2026-12-01T09:00:00+01:00')
    expect(instantOf('2026-07-01T09:00', 'own')).toBe('2026-07-01T09:00:00+02:00')
    expect(instantOf('2026-12-01T09:00', 'utc')).toBe('2026-12-01T09:00:00Z')
  })

  it('are shown in the zone of the reader, wherever they were written', () => {
    expect(typedOf('2026-12-01T09:00:00Z', 'own')).toBe('2026-12-01T10:00')
    expect(typedOf('2026-12-01T09:00:00-03:30', 'utc')).toBe('2026-12-01T12:30')
    expect(typedOf('2026-12-01T09:00:30Z', 'utc')).toBe('2026-12-01T09:00:30')
    expect(typedOf(undefined, 'own')).toBe('')
  })

  it('say the negative half hours right', () => {
    process.env.TZ = 'America/St_Johns'
    expect(instantOf('2026-12-01T09:00', 'own')).toBe('2026-12-01T09:00:00-03:30')
  })
})
