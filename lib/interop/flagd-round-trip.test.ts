import { describe, expect, it } from 'vitest'
import { aConfig, aFlag } from '../../tests/support/build-config'
import { MOMENTS, randomConfig, randomContext } from '../../tests/support/flagd-configs'
import { parse } from '../../tests/support/flagd-differential'
import { newSeed, randomFrom } from '../../tests/support/random'
import { evaluate, type Flag, type ParsedConfig, type Rule } from '../evaluation/index'
import { exportFlagd } from './flagd-export'
import { type FlagdImport, importFlagd } from './flagd-import'

const imported = (definition: unknown): FlagdImport => importFlagd(JSON.parse(JSON.stringify(definition)))
const engineWith = ({ flags, segments }: FlagdImport): ParsedConfig => parse(aConfig({ flags, segments }))

describe('an export that is imported again', () => {
  it('decides as the original did', () => {
    const seed = newSeed()
    const random = randomFrom(seed)
    let exported = 0
    let kept = 0
    for (let i = 0; i < 30; i++) {
      const config = randomConfig(random)
      const { definition } = exportFlagd(config)
      const result = imported(definition)
      const [before, after] = [parse(config), engineWith(result)]
      exported += Object.keys(definition.flags).length
      kept += Object.keys(result.flags).length
      expect(result.inexact).toEqual([])
      for (const { path, reason } of result.omitted) expect(reason, path).toMatch(UNKNOWN_TO_BOTH)
      for (let j = 0; j < 20; j++) {
        const [context, now] = [randomContext(random), random.pick(MOMENTS)]
        for (const key of Object.keys(result.flags)) {
          const facts = JSON.stringify({ seed, key, context, now, flag: before.flags.get(key), config })
          expect(evaluate(after, key, context, now).variant, facts).toBe(
            evaluate(before, key, context, now).variant,
          )
        }
      }
    }
    expect(kept / exported).toBeGreaterThan(0.8)
  })

  /** Prerequisites are decisions inside conditions; types that flagd must be told make groups nest deeper. */
  const UNKNOWN_TO_BOTH = /^no condition is like this "in"|groups nest at most 5 deep|no flag refers to it/

  it.each<[string, Partial<Flag>]>([
    ['a rollout in a rule', { rules: [aRule({ serve: aRollout({ rest: 'continue' }) })] }],
    ['a rollout with a rest', { rules: [aRule({ serve: aRollout({ rest: { variant: 'off' } }) })] }],
    [
      'a rollout as fallthrough',
      { fallthrough: aRollout({ rest: { variant: 'off' }, by: 'id', salt: 'x' }) },
    ],
    ['a split of everyone', { fallthrough: aRollout({ share: 100_000, rest: { variant: 'on' } }) }],
    ['a window', { rules: [aRule({ from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' })] }],
  ])('keeps its form: %s', (_, changes) => {
    const rules = [aRule({})]
    const flag = aFlag({ salt: 'a', rules, fallthrough: { variant: 'off' }, ...changes })
    const again = imported(exportFlagd(aConfig({ flags: { a: flag } })).definition).flags.a!
    const plain = (part: object) =>
      JSON.parse(JSON.stringify(part).replaceAll('"by":"targetingKey",', '').replaceAll('"salt":"a",', ''))
    expect(plain(again.fallthrough)).toEqual(plain(flag.fallthrough))
    expect(plain(again.rules.map(({ serve, from, until }) => ({ serve, from, until })))).toEqual(
      plain(flag.rules.map(({ serve, from, until }) => ({ serve, from, until }))),
    )
  })

  it.each([
    { op: 'is_one_of', values: ['DE', 5, true] },
    { op: 'contains', values: ['a', 'b'] },
    { op: 'ends_with', values: ['a'] },
    { op: 'lte', values: [18] },
    { op: 'between', values: [-1, 18] },
    { op: 'eq', values: [18], negate: true },
    { op: 'gt', values: [18], negate: true },
    { op: 'starts_with', values: ['a', 'b'], negate: true },
    { op: 'is_one_of', values: ['DE'], negate: true },
    { op: 'is_set', values: [] },
  ])('keeps its condition: %j', (condition) => {
    const when = { attribute: 'plan.tier', ...condition } as Rule['when']
    const flags = { a: aFlag({ rules: [aRule({ when })], fallthrough: { variant: 'off' } }) }
    expect(imported(exportFlagd(aConfig({ flags })).definition).flags.a!.rules[0]!.when).toEqual(when)
  })
})

function aRule(changes: Partial<Rule>): Rule {
  return { id: 'r', when: { attribute: 'v', op: 'is_set', values: [] }, serve: { variant: 'on' }, ...changes }
}

function aRollout(changes: object) {
  const split = [
    { variant: 'on', weight: 30_000 },
    { variant: 'off', weight: 70_000 },
  ]
  return { rollout: { share: 25_000, split, rest: 'continue' as const, ...changes } }
}
