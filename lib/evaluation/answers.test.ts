import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { evaluate } from './evaluate'
import { resolve } from './resolve'

describe('an answer', () => {
  const config = () =>
    parsed({
      flags: {
        f: aFlag({ type: 'object', variants: { on: { a: [{ b: 1 }], c: { d: null } }, off: [] } }),
        quiet: aFlag({ on: false, offVariant: null }),
      },
    })

  it.each([[undefined], [[]]])('is frozen, down to the inside of its value', (trace) => {
    const answer = evaluate(config(), 'f', {}, 0, trace)
    const value = answer.value as { a: [object]; c: object }
    const parts = [answer, answer.flagMetadata, value, value.a, value.a[0], value.c]
    expect(parts.map(Object.isFrozen)).toEqual(parts.map(() => true))
    expect(Object.isFrozen(evaluate(config(), 'quiet', {}, 0, trace))).toBe(true)
    expect(Object.isFrozen(evaluate(config(), 'missing', {}, 0, trace))).toBe(true)
  })

  it('is one and the same for everybody who gets it', () => {
    const here = config()
    for (const key of ['f', 'quiet'])
      expect(evaluate(here, key, { targetingKey: 'a' }, 0)).toBe(evaluate(here, key, {}, 1))
  })

  it('says so where it could not be found, with the default where there is one', () => {
    const thrower = parsed({ flags: { f: aFlag() } })
    Object.defineProperty(thrower, 'program', { get: () => raise() })
    const failed = {
      reason: 'ERROR',
      errorCode: 'GENERAL',
      errorMessage: 'the evaluation could not be finished',
      flagMetadata: { flagSetId: 'shop/production' },
    }
    expect(evaluate(thrower, 'f', {}, 0)).toStrictEqual(failed)
    expect(resolve(thrower, 'f', 'boolean', 'default', {}, 0)).toStrictEqual({ ...failed, value: 'default' })
  })

  it('of a flag that is not there names it and the flag set', () => {
    expect(evaluate(config(), 'missing', {}, 0)).toStrictEqual({
      reason: 'ERROR',
      errorCode: 'FLAG_NOT_FOUND',
      errorMessage: 'there is no flag "missing" in shop/production',
      flagMetadata: { flagSetId: 'shop/production' },
    })
  })

  it.each([
    ['targetingKey', 'TARGETING_KEY_MISSING'],
    ['account', 'INVALID_CONTEXT'],
  ])('of a rollout by %s that is missing is an error', (by, errorCode) => {
    const rollout = {
      by,
      share: 50_000,
      split: [{ variant: 'on', weight: 100_000 }],
      rest: { variant: 'off' },
    }
    const flags = { f: aFlag({ fallthrough: { rollout }, metadata: { owner: 'ada' } }) }
    const expected = {
      reason: 'ERROR',
      errorCode,
      errorMessage: `the rollout needs "${by}", a string that is not empty or a number`,
      flagMetadata: { flagSetId: 'shop/production', version: 1, owner: 'ada' },
    }
    expect(evaluate(parsed({ flags }), 'f', {}, 0)).toStrictEqual(expected)
    expect(evaluate(parsed({ flags }), 'f', {}, 0, [])).toStrictEqual(expected)
    expect(evaluate(parsed({ flags }), 'f', { [by]: '' }, 0)).toStrictEqual(expected)
  })

  function raise(): never {
    throw new RangeError('no')
  }
})

describe('a config', () => {
  it('gives its sound flags and segments, complete', () => {
    const segment = { by: 'targetingKey', included: [], excluded: [], any: [] }
    const flags = { good: { version: 1, on: true, fallthrough: { variant: 'on' } }, bad: {} } as never
    const sound = parsed({ flags, segments: { s: segment, t: {} as never } }).sound()
    expect(Object.keys(sound.flags)).toEqual(['good'])
    expect(sound.flags.good).toEqual(aFlag({ salt: 'good' }))
    expect({ ...sound.segments }).toEqual({ s: segment })
  })

  it('comes off again as it was put in', () => {
    const flags = { a: aFlag(), b: { nonsense: 1 } as never }
    const config = parsed({ flags, killed: ['a'] }).toConfig()
    expect(config).toEqual({
      schema: 1,
      flagSetId: 'shop/production',
      id: '1.1.00000001',
      flags,
      segments: {},
      killed: ['a'],
      killedAt: '1.0.00000000',
    })
  })
})
