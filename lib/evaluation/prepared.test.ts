import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { aFlag, parsed } from '../../tests/support/build-config'
import { parsedOf } from '../../tests/support/follow'
import { evaluate } from './evaluate'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'
import { prepare } from './prepared'
import type { Condition, Flag, Rule } from './types'

const moment = fc.constantFrom(...any.MOMENTS)
const recent: Condition = { attribute: 'signedUp', op: 'within_last', values: ['7d'] }
const german: Condition = { attribute: 'country', op: 'is_one_of', values: ['DE'] }
const rule = (when: Condition, window: Partial<Rule> = {}): Rule => ({
  id: 'r',
  when,
  serve: { variant: 'off' },
  ...window,
})
const ruled = (...rules: Rule[]): Flag => aFlag({ rules })
const asksTime = (config: ParsedConfig, key = 'asked') => prepare(config, key)!.readsTime

describe('a prepared flag', () => {
  it('answers as evaluate does, whatever the config and the context', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const config = parsedOf(input)
        for (const key of config.flags.keys()) {
          const prepared = prepare(config, key)!
          expect(prepared.evaluate(context, now)).toEqual(evaluate(config, key, context, now))
        }
      }),
    )
  })

  it('answers the same at any time where it says that it does not read it', () => {
    let timeless = 0
    fc.assert(
      fc.property(any.config, any.context, moment, moment, (input, context, one, other) => {
        const config = parsedOf(input)
        for (const key of config.flags.keys()) {
          const prepared = prepare(config, key)!
          if (prepared.readsTime) continue
          timeless++
          expect(prepared.evaluate(context, one)).toEqual(prepared.evaluate(context, other))
        }
      }),
      { numRuns: 1_000 },
    )
    expect(timeless).toBeGreaterThan(1_000)
  })

  it('is null where there is no such flag', () => {
    expect(prepare(parsed(), 'toString')).toBeNull()
  })

  it('has no type where it has a fault, and answers so', () => {
    const prepared = prepare(parsed({ flags: { asked: { ...aFlag(), salt: 7 } as never } }), 'asked')!
    expect(prepared).toMatchObject({ type: null, readsTime: false })
    expect(prepared.evaluate({}, 0)).toMatchObject({ errorCode: 'PARSE_ERROR' })
  })
})

describe('the time is read', () => {
  it.each<[string, Flag]>([
    ['for a window', ruled(rule(german, { from: '2026-01-01T00:00:00Z' }))],
    ['for an age', ruled(rule(german), { ...rule(recent), id: 's' })],
    ['for an age deep in a condition', ruled(rule({ any: [{ not: { all: [german, recent] } }] }))],
    ['for an age in a segment of a segment', ruled(rule({ segment: 'outer' }))],
    ['for a prerequisite', aFlag({ prerequisites: [{ flag: 'new', variants: ['on'] }] })],
  ])('%s', (_, asked) => {
    const segment = { by: 'targetingKey', included: [], excluded: [] }
    const config = parsed({
      flags: { asked, new: ruled(rule(recent)) },
      segments: { outer: { ...segment, any: [{ segment: 'inner' }] }, inner: { ...segment, any: [recent] } },
    })
    expect(asksTime(config)).toBe(true)
  })

  it.each<[string, Flag]>([
    ['for a flag that serves one variant', aFlag()],
    [
      'for other conditions, nor for fixed times',
      ruled(rule(german), { ...rule({ ...recent, op: 'before', values: [0] }), id: 's' }),
    ],
    ['for a flag that is off', { ...ruled(rule(recent)), on: false }],
    [
      'for a prerequisite that does not read it',
      aFlag({ prerequisites: [{ flag: 'new', variants: ['on'] }] }),
    ],
  ])('not %s', (_, asked) => {
    expect(asksTime(parsed({ flags: { asked, new: ruled(rule(german)) } }))).toBe(false)
  })

  it('from the version on in which a prerequisite does, in a tree of any size', () => {
    const needs = (flag: string, times: number) =>
      aFlag({ prerequisites: Array.from({ length: times }, () => ({ flag, variants: ['on'] })) })
    const flags = { asked: needs('a', 10), a: needs('b', 10), b: needs('new', 10), new: ruled(rule(german)) }
    const before = parsed({ flags: { ...flags, small: needs('new', 1) } })
    expect(evaluate(before, 'asked', {}, 0).reason).toBe('ERROR')
    prepare(before, 'new')
    expect(asksTime(before, 'small')).toBe(false)
    prepare(before, 'asked')
    const [from, to, killedAt] = [before.id, '1.2.00000002', before.killedAt]
    const change = { from, to, flags: { new: ruled(rule(recent)) }, segments: {}, killed: [], killedAt }
    const result = applyPatch(before, change)
    if (!result.ok) throw new Error(result.reason)
    expect(asksTime(result.config, 'small')).toBe(true)
    expect(asksTime(result.config, 'asked')).toBe(true)
  })
})
