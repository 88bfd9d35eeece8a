import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compareWithFlagd } from '../../tests/support/flagd-differential'
import { newSeed } from '../../tests/support/random'

beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

describe('an exported definition', () => {
  it('decides as the engine does in flagd-core, compiled and interpreted', () => {
    const seed = newSeed()
    const { disagreements, served } = compareWithFlagd(seed, 60, 10)
    expect(disagreements, `seed ${seed}`).toEqual([])
    expect(Object.keys(served).sort()).toEqual(['off', 'on', 'the default', 'third'])
  })
})
