import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { aFlag, parsed } from '../../tests/support/build-config'
import { bucket } from './bucketing'
import { changedFlags } from './changed-flags'
import { evaluate } from './evaluate'
import { applyKills } from './kills'
import { parseConfig } from './parse-config'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'
import { resolve } from './resolve'
import type { Config, ConfigPatch, EvaluationContext, FlagType, Rollout, Trace } from './types'
import { sameJson } from './values'
import { nextWindowEdge } from './windows'

const moment = fc.constantFrom(...any.MOMENTS)
const contexts = fc.array(any.context, { minLength: 1, maxLength: 5 })
const TYPES: FlagType[] = ['boolean', 'string', 'number', 'object']

function parse(config: unknown): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

function keysOf({ flags }: ParsedConfig): string[] {
  return flags.keys()
}

/** Everything that can be seen of a config. */
function seen(config: ParsedConfig) {
  return { ...config.toConfig(), malformed: config.malformed() }
}

describe('the engine', () => {
  it('never throws and never serves a wrong type, whatever the config and the context', () => {
    const config = fc.oneof(any.brokenConfig, any.config)
    const hostile = fc.oneof(any.hostileContext, any.context)
    fc.assert(
      fc.property(config, hostile, moment, (input, context, now) => {
        const result = parseConfig(input)
        if (!result.ok) return
        changedFlags(null, result.config)
        nextWindowEdge(result.config, now)
        for (const key of [...keysOf(result.config), 'missing', '__proto__']) {
          for (const type of TYPES) {
            const fallback = Symbol('default')
            const trace: Trace = []
            const { value, reason, errorCode } = resolve<unknown>(
              result.config,
              key,
              type,
              fallback,
              context,
              now,
              trace,
            )
            expect(errorCode !== undefined).toBe(reason === 'ERROR')
            if (value === fallback) continue
            expect(typeof value).toBe(type)
            expect(reason).not.toBe('ERROR')
            expect(trace.length).toBeGreaterThan(0)
          }
        }
      }),
      { numRuns: 1_500 },
    )
  })

  it('generates configs of which most flags are sound', () => {
    const samples = fc.sample(any.config, { numRuns: 300, seed: 1 }).map(parse)
    const all = samples.reduce((sum, { flags }) => sum + flags.size, 0)
    const malformed = samples.reduce((sum, config) => sum + Object.keys(config.malformed()).length, 0)
    expect(all - malformed).toBeGreaterThan(300)
    expect(malformed).toBeGreaterThan(0)
  })

  it('answers compiled as it does question by question, with a trace', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const config = parse(input)
        for (const key of keysOf(config)) {
          expect(evaluate(config, key, context, now, [])).toEqual(evaluate(config, key, context, now))
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('serves the off variant of a killed flag, whatever its rules', () => {
    fc.assert(
      fc.property(any.config, any.context, moment, (input, context, now) => {
        const alive = parse({ ...input, killed: [] })
        const config = applyKills(alive, keysOf(alive), '1.9.00000009')
        for (const key of keysOf(config)) {
          const { flag } = config.program.cell(key)!
          if (!flag) continue
          const { offVariant, variants } = flag
          const { reason, variant, value, flagMetadata } = evaluate(config, key, context, now)
          expect({ reason, variant: variant ?? null, killed: flagMetadata.killed }).toEqual({
            reason: 'DISABLED',
            variant: offVariant,
            killed: true,
          })
          expect(value).toBe(offVariant === null ? undefined : variants[offVariant])
        }
      }),
      { numRuns: 300 },
    )
  })
})

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
})

describe('parsing', () => {
  it('is idempotent', () => {
    fc.assert(
      fc.property(any.config, (input) => {
        const once = parse(input)
        expect(seen(parse(once.toConfig()))).toEqual(seen(once))
      }),
      { numRuns: 300 },
    )
  })

  it('accepts what has been through JSON as the same', () => {
    fc.assert(
      fc.property(any.config, (input) => {
        expect(seen(parse(JSON.parse(JSON.stringify(input))))).toEqual(seen(parse(input)))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a sequence of patches', () => {
  type State = Pick<Config, 'flags' | 'segments' | 'killed'>
  const states = fc.array(mostlyAlike(), { minLength: 2, maxLength: 5 })

  it('gives what parsing each state would give, and changedFlags names every flag that answers otherwise', () => {
    let differing = 0
    fc.assert(
      fc.property(states, contexts, moment, ([first, ...rest], people, now) => {
        let current = parse(configOf(first!, 1))
        let state = first!
        rest.forEach((next, i) => {
          const result = applyPatch(current, patchBetween(state, next, i + 1))
          if (!result.ok) throw new Error(result.reason)
          expect(seen(result.config)).toEqual(seen(parse(configOf(next, i + 2))))
          for (const key of Object.keys(next.flags)) {
            if (next.flags[key] === state.flags[key])
              expect(kept(result.config, key)).toBe(kept(current, key))
          }
          const changed = new Set(changedFlags(current, result.config))
          for (const key of new Set([...keysOf(current), ...keysOf(result.config)])) {
            if (people.some((person) => answersOtherwise(key, current, result.config, person, now))) {
              differing++
              expect(changed).toContain(key)
            }
          }
          current = result.config
          state = next
        })
      }),
      { numRuns: 300 },
    )
    expect(differing).toBeGreaterThan(100)
  })

  /** States that share most of their flags and segments, as versions of one environment do. */
  function mostlyAlike(): fc.Arbitrary<State> {
    const [pool] = fc.sample(fc.array(any.config, { minLength: 12, maxLength: 12 }), { numRuns: 1, seed: 7 })
    const pick = <T>(field: (config: Config) => Readonly<Record<string, T>>) =>
      fc
        .array(fc.constantFrom(...pool!.flatMap((config) => Object.entries(field(config)))), { maxLength: 8 })
        .map((entries) => Object.fromEntries(entries))
    return fc.record({
      flags: pick(({ flags }) => flags),
      segments: pick(({ segments }) => segments),
      killed: fc.uniqueArray(fc.constantFrom(...any.FLAG_KEYS), { maxLength: 2 }),
    })
  }

  function configOf(state: State, version: number): Config {
    const id = `1.${version}.00000000`
    return { schema: 1, flagSetId: 'shop/production', id, ...state, killedAt: id }
  }

  function patchBetween(before: State, after: State, version: number): ConfigPatch {
    return {
      from: `1.${version}.00000000`,
      to: `1.${version + 1}.00000000`,
      flags: difference(before.flags, after.flags),
      segments: difference(before.segments, after.segments),
      killed: after.killed,
      killedAt: `1.${version + 1}.00000000`,
    }
  }

  function difference<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>) {
    const changes: Record<string, T | null> = {}
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const next = Object.hasOwn(after, key) ? after[key]! : null
      if (!Object.hasOwn(before, key) || !sameJson(before[key], next)) changes[key] = next
    }
    return changes
  }

  function kept({ flags }: ParsedConfig, key: string) {
    return flags.get(key)
  }

  function answersOtherwise(
    key: string,
    before: ParsedConfig,
    after: ParsedConfig,
    context: EvaluationContext,
    now: number,
  ): boolean {
    return !sameJson(evaluate(before, key, context, now), evaluate(after, key, context, now))
  }
})
