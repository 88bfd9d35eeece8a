import { describe, expect, it } from 'vitest'
import { Backoff } from './backoff'

const delays = (random: number, attempts: number, hintMs?: number): number[] => {
  const backoff = new Backoff(() => random)
  return Array.from({ length: attempts }, () => backoff.next(hintMs))
}

describe('backoff', () => {
  it('doubles from one second and is capped before the jitter', () => {
    expect(delays(1, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(delays(0.5, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  it('uses the whole range, down to nothing', () => {
    expect(delays(0, 3)).toEqual([0, 0, 0])
  })

  it('never gives up and never grows past the cap', () => {
    expect(delays(1, 5_000).at(-1)).toBe(30_000)
  })

  it('waits at least as long as the server asks, and five minutes at most', () => {
    expect(delays(0, 1, 7_000)).toEqual([7_000])
    expect(delays(1, 2, 7_000)).toEqual([8_000, 9_000])
    expect(delays(0, 1, 86_400_000)).toEqual([300_000])
  })

  it('starts over after a reset', () => {
    const backoff = new Backoff(() => 1)
    backoff.next()
    backoff.next()
    backoff.reset()
    expect(backoff.next()).toBe(1_000)
  })
})
