import { describe, expect, it } from 'vitest'
import { aFlag } from '../../tests/support/build-config'
import type { Flag, Rollout, WireFlag } from './types'
import { fromWire, toWire } from './wire'

const SHORTEST: WireFlag = { version: 1, on: true, fallthrough: { variant: 'on' } }
const rollout = (changes: Partial<Rollout> = {}): Rollout => ({
  share: 50_000,
  split: [{ variant: 'on', weight: 100_000 }],
  rest: { variant: 'off' },
  ...changes,
})
const rule = { id: 'r', when: { all: [] }, serve: { variant: 'on' } } as const
const two = [
  { variant: 'on', weight: 40_000 },
  { variant: 'off', weight: 60_000 },
]
const sole = [{ variant: 'on' }]

describe('a flag on the wire', () => {
  it.each<[string, Partial<Flag>, Partial<WireFlag>]>([
    ['all its defaults', { salt: 'f' }, {}],
    ['another salt', {}, { salt: 'salt' }],
    ['another off variant', { salt: 'f', offVariant: 'on' }, { offVariant: 'on' }],
    ['no off variant', { salt: 'f', offVariant: null }, { offVariant: null }],
    [
      'variants that are no switch',
      { salt: 'f', variants: { on: true, off: true } },
      { type: 'boolean', variants: { on: true, off: true } },
    ],
    [
      'another type',
      { salt: 'f', type: 'number', variants: { on: 1, off: 0 } },
      { type: 'number', variants: { on: 1, off: 0 } },
    ],
    [
      'prerequisites',
      { salt: 'f', prerequisites: [{ flag: 'g', variants: ['on'] }] },
      { prerequisites: [{ flag: 'g', variants: ['on'] }] },
    ],
    [
      'targets',
      { salt: 'f', targets: [{ variant: 'on', by: 'id', values: ['1'] }] },
      { targets: [{ variant: 'on', by: 'id', values: ['1'] }] },
    ],
    ['rules', { salt: 'f', rules: [rule] }, { rules: [rule] }],
    ['metadata', { salt: 'f', metadata: { owner: 'ada' } }, { metadata: { owner: 'ada' } }],
    [
      'a split of one',
      { salt: 'f', fallthrough: { rollout: rollout() } },
      { fallthrough: { rollout: { share: 50_000, split: sole, rest: { variant: 'off' } } } },
    ],
    [
      'a split of two',
      { salt: 'f', fallthrough: { rollout: rollout({ split: two }) } },
      { fallthrough: { rollout: rollout({ split: two }) } },
    ],
    [
      'a rule with a split of one',
      { salt: 'f', rules: [{ ...rule, serve: { rollout: rollout({ rest: 'continue' }) } }] },
      { rules: [{ ...rule, serve: { rollout: { share: 50_000, split: sole, rest: 'continue' } } }] },
    ],
  ])('with %s says no more than it must, and comes back whole', (_, changes, said) => {
    const flag = aFlag(changes)
    const wire = toWire('f', flag)
    expect(wire).toStrictEqual({ ...SHORTEST, ...said })
    expect(fromWire('f', wire)).toStrictEqual(flag)
  })

  it('gives all the weight to each variant of a split that has none of its own', () => {
    const split = [{ variant: 'on', weight: 1 }, { variant: 'off' }]
    const { fallthrough } = fromWire('f', { ...SHORTEST, fallthrough: { rollout: { ...rollout(), split } } })
    const [on, off] = split
    expect(fallthrough).toStrictEqual({ rollout: { ...rollout(), split: [on, { ...off, weight: 100_000 }] } })
  })

  it('leaves out metadata that says nothing', () => {
    expect(toWire('f', aFlag({ salt: 'f', metadata: {} }))).toStrictEqual(SHORTEST)
  })

  it('has the serves that leave nothing out, and their rules, as they came', () => {
    const weighed = { rollout: rollout({ split: two }) }
    const flag = fromWire('f', {
      ...SHORTEST,
      rules: [rule, { ...rule, serve: weighed }],
      fallthrough: weighed,
    })
    expect(flag.rules[0]).toBe(rule)
    expect(flag.rules[1]!.serve).toBe(weighed)
    expect(flag.fallthrough).toBe(weighed)
  })
})
