import { describe, expect, it } from 'vitest'
import type { Sent } from '@/lib/outbound/post'
import { judge } from './webhook-retries'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const answered = (status: number, retryAfter: string | null = null, body = ''): Sent => ({
  status,
  retryAfter,
  body,
  elapsedMs: 1,
})
const silent: Sent = { status: null, problem: 'no connection', elapsedMs: 1 }
const pauseOf = (sent: Sent, attempt = 1, chance = 0.5) => {
  const verdict = judge(sent, attempt, chance, NOW)
  return verdict.status === 'pending' ? verdict.pause : null
}

describe('an attempt', () => {
  it.each([200, 201, 202, 204, 299])('that is answered %i is delivered', (status) => {
    expect(judge(answered(status), 1, 0, NOW).status).toBe('delivered')
  })

  it.each([101, 300, 301, 308, 400, 401, 404, 408, 429, 500, 503])(
    'that is answered %i is made again',
    (status) => {
      expect(judge(answered(status), 1, 0, NOW).status).toBe('pending')
    },
  )

  it('is made ten times in some three days', () => {
    const pauses = Array.from({ length: 10 }, (_, i) => pauseOf(silent, i + 1))
    expect(pauses.slice(0, 4)).toEqual([5, 300, 1_800, 7_200])
    expect(pauses.at(-1)).toBeNull()
    const days = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0) / 86_400
    expect(days).toBeGreaterThan(3)
    expect(days).toBeLessThan(3.5)
    expect(judge(silent, 10, 0, NOW)).toMatchObject({ status: 'failed', gone: false })
  })

  it('of what is sent in order is made until it is delivered, every five minutes at least, and holds the rest', () => {
    for (const attempt of [3, 10, 500])
      expect(judge(answered(400), attempt, 0.5, NOW, true)).toMatchObject({
        status: 'pending',
        pause: 300,
        holds: true,
      })
    expect(judge(silent, 1, 0.5, NOW, true)).toMatchObject({ pause: 5, holds: true })
    expect(judge(answered(410), 1, 0.5, NOW, true)).toMatchObject({ status: 'failed', gone: true })
  })

  it('is spread by chance', () => {
    expect(pauseOf(silent, 2, 0)).toBe(240)
    expect(pauseOf(silent, 2, 1)).toBe(360)
  })

  it('is the last where the endpoint is gone', () => {
    expect(judge(answered(410), 1, 0, NOW)).toMatchObject({ status: 'failed', gone: true })
  })

  it.each([
    [503, '120', 120],
    [429, '120', 120],
    [429, 'Wed, 25 Nov 2026 12:10:00 GMT', 600],
    [429, '0', 1],
    [429, 'Wed, 25 Nov 2020 12:10:00 GMT', 1],
    [429, '999999999', 86_400],
    [429, 'soon', 5],
    [429, '-5', 5],
    [429, '1e9', 5],
    [500, '120', 5],
  ])(
    'that is answered %i with Retry-After %j is made again after %i s, never sooner',
    (status, header, seconds) => {
      const soonest = pauseOf(answered(status, header), 1, seconds === 5 ? 0.5 : 0)
      expect(soonest).toBe(seconds)
    },
  )

  it('is waited for by newer ones while the endpoint has a problem, and not for long', () => {
    const holds = (sent: Sent, attempt: number) => {
      const verdict = judge(sent, attempt, 0, NOW)
      return verdict.status === 'pending' && verdict.holds
    }
    expect([1, 2, 3, 4].map((attempt) => holds(silent, attempt))).toEqual([true, true, false, false])
    expect([500, 503, 429, 408].map((status) => holds(answered(status), 1))).toEqual([true, true, true, true])
    expect([400, 404, 422, 302].map((status) => holds(answered(status), 1))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('keeps what a database can of the answer', () => {
    expect(judge(answered(200, null, 'a\0b'), 1, 0, NOW).answer).toBe('ab')
    expect(judge(answered(200, null, 'x'.repeat(5_000)), 1, 0, NOW).answer).toHaveLength(1_000)
    expect(judge(answered(200, null, `${'x'.repeat(999)}😀`), 1, 0, NOW).answer).toBe('x'.repeat(999))
  })
})
