import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { aFlag, parsed } from '../../tests/support/build-config'
import { bucket } from './bucketing'
import { evaluate } from './evaluate'
import type { Rollout } from './types'

describe('a rollout', () => {
  const keys = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 50, maxLength: 50 })
  const variants = { on: 'on', off: 'off', valueOf: 'valueOf', rest: 'rest' }
  const served = (rollout: Rollout, key: string) => {
    const flag = aFlag({ type: 'string', variants, fallthrough: { rollout } })
    return evaluate(parsed({ flags: { f: flag } }), 'f', { targetingKey: key }, 0).variant
  }

  it('only adds people as its share grows, and changes nobody inside', () => {
    fc.assert(
      fc.property(any.split, any.share, any.share, keys, (split, one, other, people) => {
        const rollout = (share: number): Rollout => ({ share, split, rest: { variant: 'rest' } })
        for (const person of people) {
          const before = served(rollout(Math.min(one, other)), person)
          if (before !== 'rest') expect(served(rollout(Math.max(one, other)), person)).toBe(before)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('gives each variant exactly its range of the split hash', () => {
    fc.assert(
      fc.property(any.split, keys, (split, people) => {
        for (const person of people) {
          const position = bucket('salt/split/', person)
          const ends = split.map((_, i) => split.slice(0, i + 1).reduce((sum, { weight }) => sum + weight, 0))
          const expected = split[ends.findIndex((end) => position < end)]
          expect(served({ share: 100_000, split, rest: { variant: 'rest' } }, person)).toBe(expected?.variant)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('draws the variant independently of the share: a partial share holds the same mix as the whole', () => {
    // The 0.9999 quantiles of chi-square by degrees of freedom: beyond them once in 10,000 fair draws.
    const CRITICAL = [0, 15.14, 18.42]
    const PEOPLE = 20_000
    const shares = fc.constantFrom(5_000, 10_000, 25_000, 50_000, 90_000)
    fc.assert(
      fc.property(any.split, shares, fc.uuid(), (split, share, salt) => {
        const counts = new Map<string | undefined, number>()
        let inside = 0
        const flag = aFlag({ type: 'string', variants, salt, fallthrough: fallthrough(share, split) })
        const config = parsed({ flags: { f: flag } })
        for (let i = 0; i < PEOPLE; i++) {
          const { variant } = evaluate(config, 'f', { targetingKey: `${salt}-${i}` }, 0)
          if (variant === 'rest') continue
          inside++
          counts.set(variant, (counts.get(variant) ?? 0) + 1)
        }
        const drawn = split.filter(({ weight }) => (weight * inside) / 100_000 >= 5) // as chi-square asks
        const distance = drawn.reduce((sum, { variant, weight }) => {
          const expected = (weight * inside) / 100_000
          return sum + ((counts.get(variant) ?? 0) - expected) ** 2 / expected
        }, 0)
        expect(Math.abs(inside / PEOPLE - share / 100_000)).toBeLessThan(0.02)
        expect(distance).toBeLessThan(CRITICAL[Math.max(0, drawn.length - 1)]! + 1)
      }),
      { numRuns: 40, seed: 20 },
    )
  })

  function fallthrough(share: number, split: Rollout['split']) {
    return { rollout: { share, split, rest: { variant: 'rest' } } }
  }
})
