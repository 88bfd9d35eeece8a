import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Admission } from './admission'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** How many of a crowd get in. */
const crowd = (admission: Admission, size: number) =>
  Array.from({ length: size }, () => admission.enter(0)).filter((answer) => answer === 'in').length

it('lets 2,000 in at once, then 1,000 a second', () => {
  const admission = new Admission(20_000)
  expect(crowd(admission, 8_000)).toBe(2_000)
  vi.advanceTimersByTime(500)
  expect(crowd(admission, 8_000)).toBe(500)
  vi.advanceTimersByTime(60_000)
  expect(crowd(admission, 8_000)).toBe(2_000)
})

it('tells those who have to wait for how long, and not all the same', () => {
  const admission = new Admission(10)
  const answers = Array.from({ length: 200 }, () => admission.enter(10))
  expect(answers).not.toContain('in')
  expect(new Set(answers).size).toBeGreaterThan(5)
  for (const seconds of answers as number[]) {
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(10)
  }
})

it('lets the next in as soon as somebody leaves', () => {
  const admission = new Admission(10)
  expect(admission.enter(10)).not.toBe('in')
  expect(admission.enter(9)).toBe('in')
})
