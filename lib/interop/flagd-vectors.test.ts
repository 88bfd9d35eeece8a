import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { flagdVariant, flagdWith } from '../../tests/support/flagd-differential'
import { loadVectors, type VectorCase } from '../../tests/support/vectors'
import { exportFlagd } from './flagd-export'

beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

const ASCII = /^\p{ASCII}*$/u // flagd-core hashes other ids otherwise
const VAST = /\d{16}/ // flagd-core and the engine part where numbers of versions reach 2^53 - 1

const files = loadVectors().map(({ file, config, cases }) => {
  const flagd = flagdWith(exportFlagd(config).definition)
  const isShared = ({ flag, type, context }: VectorCase) => {
    const text = JSON.stringify(context)
    return flagd.getFlag(flag) && config.flags[flag]!.type === type && ASCII.test(text) && !VAST.test(text)
  }
  return { file, flagd, cases: cases.filter(isShared) }
})

describe('flagd-core, given the golden vectors', () => {
  it.each(files)('of $file, serves what they expect', ({ flagd, cases }) => {
    for (const { description, flag, context, now, expect: expected } of cases) {
      const at = Date.parse(now ?? '2026-01-01T00:00:00Z')
      expect(flagdVariant(flagd, flag, context, at), description).toBe(expected.variant)
    }
  })

  it('can be asked most of them', () => {
    expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThan(500)
  })
})
