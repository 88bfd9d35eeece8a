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
  Array.from({ length: size }, () => admission.enter(0)).filter((wait) => wait === 0).length

it('lets 500 in at once, then 1,000 a second', () => {
  const admission = new Admission(20_000)
  expect(crowd(admission, 8_000)).toBe(500)
  vi.advanceTimersByTime(500)
  expect(crowd(admission, 8_000)).toBe(500)
  vi.advanceTimersByTime(60_000)
  expect(crowd(admission, 8_000)).toBe(500)
})

it('tells those who have to wait for how long, and not all the same', () => {
  const admission = new Admission(10)
  const answers = Array.from({ length: 200 }, () => admission.wait(10))
  expect(answers).not.toContain(0)
  expect(new Set(answers).size).toBeGreaterThan(5)
  for (const seconds of answers) {
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(10)
  }
})

it('lets the next in as soon as somebody leaves', () => {
  const admission = new Admission(10)
  expect(admission.wait(10)).not.toBe(0)
  expect(admission.wait(9)).toBe(0)
})

it('gives each of a crowd the time of its turn', () => {
  const admission = new Admission(20_000)
  const due = new Map<number, number>()
  for (let i = 0; i < 8_000; i++) {
    const wait = admission.enter(0)
    if (wait > 0) due.set(wait, (due.get(wait) ?? 0) + 1)
  }
  let sentAway = 0
  for (let second = 1; second <= 9; second++) {
    vi.advanceTimersByTime(1_000)
    const back = due.get(second) ?? 0
    expect(back).toBeLessThanOrEqual(1_100)
    sentAway += back - crowd(admission, back)
  }
  expect([...due.values()].reduce((sum, count) => sum + count, 0)).toBe(7_500)
  expect(sentAway).toBeLessThan(4_000)
})

it('lets in no more than there is room for, though all had asked before the first came in', () => {
  const admission = new Admission(20_000)
  expect(Array.from({ length: 800 }, () => admission.wait(0)).filter((wait) => wait > 0)).toEqual([])
  expect(crowd(admission, 800)).toBe(500)
})
