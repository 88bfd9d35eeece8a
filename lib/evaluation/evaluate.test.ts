import { describe, expect, it } from 'vitest'
import { aFlag, parsed } from '../../tests/support/build-config'
import { BOUNDS } from './bounds'
import { bucket } from './bucketing'
import { evaluate } from './evaluate'
import type { ParsedConfig } from './parsed-config'
import { resolve } from './resolve'
import type { Flag, Trace } from './types'

const needing = (...keys: string[]): Flag =>
  aFlag({ prerequisites: keys.map((flag) => ({ flag, variants: ['on'] })) })

describe('prerequisites', () => {
  const chain = (length: number): ParsedConfig =>
    parsed({
      flags: Object.fromEntries(
        Array.from({ length }, (_, i) => [`f${i}`, i + 1 === length ? aFlag() : needing(`f${i + 1}`)]),
      ),
    })

  it('may expand to the bound, the flag itself counted, and no further', () => {
    for (const trace of [undefined, []]) {
      expect(evaluate(chain(BOUNDS.prerequisiteNodes), 'f0', {}, 0, trace)).toMatchObject({
        value: true,
        reason: 'DEFAULT',
      })
      expect(evaluate(chain(BOUNDS.prerequisiteNodes + 1), 'f0', {}, 0, trace)).toMatchObject({
        reason: 'ERROR',
        errorCode: 'GENERAL',
        errorMessage: 'the prerequisites of flag "f0" expand to more than 64 flags',
      })
    }
  })

  it('are counted once for every time they are asked', () => {
    const level = (next: string) => needing(...Array<string>(9).fill(next))
    const flags = { root: level('middle'), middle: level('leaf'), leaf: aFlag() }
    expect(evaluate(parsed({ flags }), 'root', {}, 0)).toMatchObject({ errorCode: 'GENERAL' })
    expect(evaluate(parsed({ flags }), 'middle', {}, 0)).toMatchObject({ value: true })
  })

  it('in a cycle end in GENERAL', () => {
    const flags = { a: needing('b'), b: needing('a') }
    expect(evaluate(parsed({ flags }), 'a', {}, 0)).toMatchObject({ errorCode: 'GENERAL' })
  })

  it('are not met by a flag that is off, though its off variant is wanted', () => {
    const flags = { a: { ...needing('b') }, b: aFlag({ on: false, offVariant: 'on' }) }
    expect(evaluate(parsed({ flags }), 'a', {}, 0)).toMatchObject({ value: false, reason: 'DEFAULT' })
  })
})

describe('a trace', () => {
  it('tells every question and its answer, details before conclusions', () => {
    const key = 'user-1'
    const position = bucket('salt', key)
    const share = position // one short of letting this person in
    const config = parsed({
      flags: {
        first: aFlag(),
        checkout: aFlag({
          prerequisites: [{ flag: 'first', variants: ['on'] }],
          targets: [{ variant: 'on', by: 'email', values: ['ada@example.org'] }],
          rules: [
            { id: 'past', when: { all: [] }, serve: { variant: 'on' }, until: '2026-01-01T00:00:00Z' },
            {
              id: 'beta',
              name: 'Beta testers',
              when: { all: [{ attribute: 'country', op: 'is_one_of', values: ['DE'] }, { segment: 'beta' }] },
              serve: { variant: 'on' },
            },
            {
              id: 'some',
              when: { attribute: 'country', op: 'is_set', values: [] },
              serve: { rollout: { share, split: [{ variant: 'on', weight: 100_000 }], rest: 'continue' } },
            },
            {
              id: 'by-account',
              when: { all: [] },
              serve: {
                rollout: {
                  by: 'account',
                  share,
                  split: [{ variant: 'on', weight: 100_000 }],
                  rest: 'continue',
                },
              },
            },
          ],
          fallthrough: {
            rollout: {
              share: 100_000,
              split: [
                { variant: 'on', weight: 0 },
                { variant: 'off', weight: 100_000 },
              ],
              rest: { variant: 'off' },
            },
          },
        }),
      },
      segments: { beta: { by: 'targetingKey', included: ['user-9'], excluded: [], any: [] } },
    })
    const trace: Trace = []
    evaluate(
      config,
      'checkout',
      { targetingKey: key, country: 'DE' },
      Date.parse('2026-02-01T00:00:00Z'),
      trace,
    )
    const condition = { step: 'condition', attribute: 'country', actual: 'DE', negate: false, holds: true }
    expect(trace).toEqual([
      { step: 'flag', flag: 'checkout', outcome: 'found' },
      { step: 'flag', flag: 'first', outcome: 'found' },
      { step: 'fallthrough' },
      {
        step: 'prerequisite',
        flag: 'checkout',
        prerequisite: 'first',
        wanted: ['on'],
        served: 'on',
        holds: true,
      },
      { step: 'target', by: 'email', variant: 'on', holds: false },
      { step: 'rule', id: 'past', index: 0, outcome: 'outside_window' },
      { ...condition, op: 'is_one_of', values: ['DE'] },
      { step: 'segment', segment: 'beta', negate: false, holds: false },
      { step: 'rule', id: 'beta', name: 'Beta testers', index: 1, outcome: 'not_matched' },
      { ...condition, op: 'is_set', values: [] },
      { step: 'rollout', by: 'targetingKey', key, bucket: position, share, inside: false },
      { step: 'rule', id: 'some', index: 2, outcome: 'outside_share' },
      { step: 'rollout', by: 'account', key: undefined, bucket: undefined, share, inside: false },
      { step: 'rule', id: 'by-account', index: 3, outcome: 'bucketing_attribute_missing' },
      { step: 'fallthrough' },
      { step: 'rollout', by: 'targetingKey', key, bucket: undefined, share: 100_000, inside: true },
      { step: 'split', bucket: undefined, variant: 'off' },
    ])
  })

  it.each([
    [{ flags: { a: aFlag({ on: false }) } }, [{ step: 'off', flag: 'a', killed: false }]],
    [{ flags: { a: aFlag() }, killed: ['a'] }, [{ step: 'off', flag: 'a', killed: true }]],
  ])('tells off from killed', (changes, steps) => {
    const trace: Trace = []
    evaluate(parsed(changes), 'a', {}, 0, trace)
    expect(trace.slice(1)).toEqual(steps)
  })

  it('tells a flag that is malformed from one that is not there', () => {
    const config = parsed({ flags: { bad: {} as never, f: needing('bad'), g: needing('gone') } })
    const steps = (key: string) => {
      const trace: Trace = []
      evaluate(config, key, {}, 0, trace)
      return trace
    }
    const unmet = { step: 'prerequisite', wanted: ['on'], served: null, holds: false }
    expect(steps('bad')).toEqual([{ step: 'flag', flag: 'bad', outcome: 'malformed' }])
    expect(steps('gone')).toEqual([{ step: 'flag', flag: 'gone', outcome: 'not_found' }])
    expect(steps('f')).toEqual([
      { step: 'flag', flag: 'f', outcome: 'found' },
      { step: 'flag', flag: 'bad', outcome: 'malformed' },
      { ...unmet, flag: 'f', prerequisite: 'bad' },
    ])
    expect(steps('g').at(-1)).toEqual({ ...unmet, flag: 'g', prerequisite: 'gone' })
  })

  it('keeps only what JSON can say of an attribute', () => {
    const rules = [
      { id: 'r', when: { attribute: 'a', op: 'is_set', values: [] }, serve: { variant: 'on' } },
    ] as const
    const config = parsed({ flags: { f: aFlag({ rules }) } })
    const actual = (a: unknown) => {
      const trace: Trace = []
      evaluate(config, 'f', { a }, 0, trace)
      return trace.find((step) => step.step === 'condition')?.actual
    }
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect([actual(1), actual({ b: ['c'] }), actual(7n), actual(cycle), actual(() => 1)]).toEqual([
      1,
      { b: ['c'] },
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('flagMetadata', () => {
  const flag = aFlag({ version: 7, metadata: { owner: 'payments', since: 2026 } })
  const own = { owner: 'payments', since: 2026, version: 7 }

  it('is frozen, names the flag set, and is the same object every time', () => {
    const config = parsed({ flags: { a: flag } })
    const { flagMetadata } = evaluate(config, 'a', {}, 0)
    expect(flagMetadata).toEqual({ ...own, flagSetId: 'shop/production' })
    expect(Object.isFrozen(flagMetadata)).toBe(true)
    expect(evaluate(config, 'a', {}, 1).flagMetadata).toBe(flagMetadata)
    expect(Object.isFrozen(evaluate(config, 'missing', {}, 0).flagMetadata)).toBe(true)
  })

  it('follows the config, even where two flag sets share a flag object', () => {
    const here = parsed({ flags: { a: flag } })
    const there = parsed({ flags: { a: flag }, flagSetId: 'shop/staging' })
    evaluate(here, 'a', {}, 0)
    expect(evaluate(there, 'a', {}, 0).flagMetadata).toEqual({ ...own, flagSetId: 'shop/staging' })
    expect(evaluate(here, 'a', {}, 0).flagMetadata).toEqual({ ...own, flagSetId: 'shop/production' })
  })
})

describe('resolve', () => {
  const config = parsed({
    flags: { a: aFlag(), quiet: aFlag({ on: false, offVariant: null }) },
  })

  it('hands back the very default on errors and where no variant is served', () => {
    const fallback = { rules: [] }
    expect(resolve(config, 'a', 'object', fallback, {}, 0)).toEqual({
      value: fallback,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'flag "a" is of type boolean, not object',
      flagMetadata: { flagSetId: 'shop/production', version: 1 },
    })
    expect(resolve(config, 'a', 'object', fallback, {}, 0).value).toBe(fallback)
    expect(resolve(config, 'missing', 'object', fallback, {}, 0).value).toBe(fallback)
    expect(resolve(config, 'quiet', 'boolean', fallback, {}, 0)).toEqual({
      value: fallback,
      reason: 'DISABLED',
      flagMetadata: { flagSetId: 'shop/production', version: 1 },
    })
  })

  it.each(['toString', '__proto__', 'constructor', '', 'a b'])('knows no flag "%s"', (key) => {
    expect(resolve(config, key, 'boolean', false, {}, 0)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' })
  })
})

describe('evaluate', () => {
  it('answers GENERAL when called from the bottom of the stack', () => {
    const config = parsed({
      flags: { a: aFlag({ rules: [{ id: 'r', when: deep(4), serve: { variant: 'on' } }] }) },
    })
    const codes = new Set<string | undefined>()
    const sink = (): void => {
      try {
        sink()
      } finally {
        const answer = evaluate(config, 'a', {}, 0)
        codes.add(answer.reason === 'ERROR' ? answer.errorCode : undefined)
      }
    }
    expect(sink).toThrow(RangeError)
    expect([...codes].sort()).toEqual(['GENERAL', undefined])
  })

  function deep(groups: number): { readonly not: never } | { readonly all: readonly [] } {
    return groups === 0 ? { all: [] } : ({ not: deep(groups - 1) } as never)
  }

  it('survives a context 100,000 objects deep and strings of 10 MB', () => {
    let context: Record<string, unknown> = {}
    for (let i = 0; i < 100_000; i++) context = { a: context }
    const long = 'é'.repeat(10_000_000)
    const condition = { attribute: 'a', op: 'contains', values: ['x'], ignoreCase: true } as const
    const config = parsed({
      flags: { f: aFlag({ rules: [{ id: 'r', when: condition, serve: { variant: 'off' } }] }) },
    })
    expect(evaluate(config, 'f', context, 0, [])).toMatchObject({ value: true })
    expect(evaluate(config, 'f', { targetingKey: long, a: long }, 0, [])).toMatchObject({ value: true })
  })
})
