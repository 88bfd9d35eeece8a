import { describe, expect, it } from 'vitest'
import type { Rollout, Rule, Serve } from '@/lib/evaluation/types'
import { takenBy } from './shares'

const rollout = (share: number, over: Partial<Rollout> = {}): Serve => ({
  rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue', ...over },
})
const rule = (serve: Serve): Rule => ({ id: 'r', when: { all: [] }, serve })

describe('takenBy', () => {
  const earlier = [rule({ variant: 'on' }), rule(rollout(25_000))]

  it('names the earlier rule whose share holds all of this one', () => {
    expect(takenBy(rollout(10_000), earlier)).toBe(2)
    expect(takenBy(rollout(25_000, { by: 'targetingKey' }), earlier)).toBe(2)
  })

  it('has nothing to say of a larger share, another attribute, another salt or a fixed variant', () => {
    const free = [
      rollout(25_001),
      rollout(10_000, { by: 'company' }),
      rollout(10_000, { salt: 'own' }),
      { variant: 'on' },
    ]
    expect(free.map((serve) => takenBy(serve, earlier))).toEqual([null, null, null, null])
  })

  it('ignores a rule that lets nobody continue', () => {
    expect(takenBy(rollout(10_000), [rule(rollout(25_000, { rest: { variant: 'off' } }))])).toBeNull()
  })
})
