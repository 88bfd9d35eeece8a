import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { now, toldTime } from './clock'

const MONDAY = Date.parse('2026-03-02T12:00:00Z')

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Postgres says what time it is, in the middle of a question that takes this long. */
function told(time: number, tookMs: number): void {
  const askedAt = performance.now()
  vi.advanceTimersByTime(tookMs)
  toldTime(time + tookMs / 2, askedAt)
}

it('shows the time of this machine until Postgres has told its own, and that from then on', () => {
  expect(now()).toBe(Date.now())
  told(MONDAY, 10)
  expect(now()).toBe(MONDAY + 10)
  vi.setSystemTime(MONDAY - 86_400_000) // somebody sets the clock of this machine
  expect(now()).toBe(MONDAY + 10)
  vi.advanceTimersByTime(1_000)
  expect(now()).toBe(MONDAY + 1_010)
})

it('keeps what it holds when a slow answer says nothing against it, and follows when Postgres is set', () => {
  told(MONDAY, 2)
  const exact = now()
  const askedAt = performance.now()
  vi.advanceTimersByTime(800)
  toldTime(exact + 790, askedAt) // told late within a slow answer
  expect(now()).toBe(exact + 800)
  told(MONDAY + 3_600_000, 2)
  expect(now()).toBe(MONDAY + 3_600_002)
})
