import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as any from '../../tests/support/arbitrary-config'
import { parsedOf, seen } from '../../tests/support/follow'
import { changedFlags } from './changed-flags'
import { evaluate } from './evaluate'
import { applyKills } from './kills'
import type { ParsedConfig } from './parsed-config'
import { applyPatch } from './patch'
import type { Config, ConfigPatch, EvaluationContext } from './types'
import { sameJson } from './values'

const moment = fc.constantFrom(...any.MOMENTS)
const contexts = fc.array(any.context, { minLength: 1, maxLength: 5 })

function keysOf({ flags }: ParsedConfig): string[] {
  return flags.keys()
}

describe('a sequence of versions', () => {
  type State = Pick<Config, 'flags' | 'segments' | 'killed'>
  const kills = fc.uniqueArray(fc.constantFrom(...any.FLAG_KEYS), { maxLength: 3 })
  const states = fc.array(mostlyAlike(), { minLength: 2, maxLength: 5 })

  it('compiled from step to step answers as if each had been compiled anew, kills in between', () => {
    let answered = 0
    fc.assert(
      fc.property(states, contexts, moment, kills, ([first, ...rest], people, now, killed) => {
        let current = parsedOf(configOf(first!, 1))
        const compare = (fresh: ParsedConfig) => {
          for (const key of keysOf(fresh)) {
            for (const person of people) {
              answered++
              const answer = evaluate(current, key, person, now)
              expect(answer).toEqual(evaluate(fresh, key, person, now))
              expect(answer).toEqual(evaluate(current, key, person, now, []))
            }
          }
        }
        compare(parsedOf(current.toConfig()))
        let state = first!
        rest.forEach((next, i) => {
          const ahead = applyKills(current, killed, `1.${i + 2}.00000000`)
          const warmed = applyPatch(current, patchBetween(state, next, i + 1))
          if (!warmed.ok) throw new Error(warmed.reason)
          const older = current
          current = ahead // a branch of the older version: it must not share what the patch has moved on
          compare(parsedOf({ ...configOf(state, i + 1), killed: ahead.killed, killedAt: ahead.killedAt }))
          current = warmed.config
          compare(parsedOf(configOf(next, i + 2)))
          current = older
          compare(parsedOf(configOf(state, i + 1)))
          current = warmed.config
          state = next
        })
      }),
      { numRuns: 150 },
    )
    expect(answered).toBeGreaterThan(2_000)
  })

  it('gives what parsing each state would give, and changedFlags names every flag that answers otherwise', () => {
    let differing = 0
    fc.assert(
      fc.property(states, contexts, moment, ([first, ...rest], people, now) => {
        let current = parsedOf(configOf(first!, 1))
        let state = first!
        rest.forEach((next, i) => {
          const result = applyPatch(current, patchBetween(state, next, i + 1))
          if (!result.ok) throw new Error(result.reason)
          expect(seen(result.config)).toEqual(seen(parsedOf(configOf(next, i + 2))))
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
