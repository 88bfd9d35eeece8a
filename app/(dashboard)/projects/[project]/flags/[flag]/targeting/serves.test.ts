import { describe, expect, it } from 'vitest'
import { evenly, sumOf, toPercentage, toSplit, unknownVariants, variantsOf } from './serves'

const place = { last: false, variants: ['a', 'b', 'c'], offVariant: 'b' }

describe('evenly', () => {
  it('adds up to the whole, however many variants there are', () => {
    for (let count = 1; count <= 100; count++) {
      const split = evenly(Array.from({ length: count }, (_, i) => `v${i}`))
      expect(sumOf(split)).toBe(100_000)
    }
    expect(evenly(['a', 'b', 'c']).map((part) => part.weight)).toEqual([33_334, 33_333, 33_333])
  })
})

describe('toPercentage', () => {
  it('lets the rest of a rule continue', () => {
    expect(toPercentage('a', place)).toMatchObject({ rollout: { rest: 'continue' } })
  })

  it('gives the rest of the last line another variant: the off variant where that differs', () => {
    const last = { ...place, last: true }
    expect(toPercentage('a', last)).toMatchObject({ rollout: { rest: { variant: 'b' } } })
    expect(toPercentage('a', { last: true, variants: ['a'], offVariant: null })).toMatchObject({
      rollout: { rest: { variant: 'a' } },
    })
  })
})

it('never gives most people something new: of "serve the off variant", the first few get the other one', () => {
  expect(toPercentage('b', { ...place, last: true })).toMatchObject({
    rollout: { share: 10_000, split: [{ variant: 'a', weight: 100_000 }], rest: { variant: 'b' } },
  })
})

describe('toSplit', () => {
  it('splits everyone, or the share that is there already', () => {
    expect(toSplit({ variant: 'a' }, place)).toMatchObject({ rollout: { share: 100_000, rest: 'continue' } })
    const partial = toPercentage('a', place)
    expect(toSplit(partial, place)).toMatchObject({
      rollout: { share: 10_000, split: evenly(place.variants) },
    })
  })
})

describe('unknownVariants', () => {
  it('says which names of a line no variant has', () => {
    const split = [
      { variant: 'a', weight: 50_000 },
      { variant: 'gone', weight: 50_000 },
    ]
    const names = variantsOf({ rollout: { share: 10_000, split, rest: { variant: 'lost' } } })
    expect(unknownVariants(names, place.variants).map(({ message }) => message)).toEqual([
      'There is no variant “gone”: choose another',
      'There is no variant “lost”: choose another',
    ])
  })
})
