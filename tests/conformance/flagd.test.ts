import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compareWithFlagd } from '../support/flagd-differential'
import { newSeed } from '../support/random'

beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

describe('flagd-core, given an export', () => {
  it('decides 10,000 random flags as the engine does; at most 5 % are left out, by name', () => {
    const seed = newSeed()
    const { flags, comparisons, omitted, forms, served, disagreements } = compareWithFlagd(seed, 500, 10)
    const equal = ((100 * (flags - omitted)) / flags).toFixed(1)
    console.log(`flagd, seed ${seed}: ${equal} % of ${flags} flags equal in ${comparisons} comparisons`)
    console.log('left out, by form:', forms, 'served:', served)
    expect(disagreements.slice(0, 3), `seed ${seed}`).toEqual([])
    expect(flags).toBe(10_000)
    expect(omitted / flags).toBeLessThanOrEqual(0.05)
  }, 300_000)
})
