import type { EvaluationContext, JsonValue } from '../../lib/evaluation/index'
import type { Random } from './random'

/**
 * Flag definitions as people write them for flagd, and contexts whose attributes are missing or of the type compared:
 * with others flagd coerces, and its implementations disagree.
 */

const COUNTRIES = ['DE', 'FR', 'US']
const EMAILS = ['ann@faas.example', 'bob@mail.example', '']
const NAMES = ['one', 'two', 'three', 'true', 'false']
const VARIANTS: readonly Record<string, JsonValue>[] = [
  { one: 'a', two: 'b', three: 'c', true: 'd', false: 'e' },
  { one: 1, two: 2, three: 3, true: 4, false: 5 },
  { one: {}, two: { a: [1] }, three: {}, true: {}, false: {} },
]
const START = Date.parse('2026-01-01T00:00:00Z') / 1000
export const TIMES = [-1, 0, 0.5, 59, 60, 61].map((seconds) => (START + seconds) * 1000)

/** Mostly weights whose cuts are whole steps of 0.001 %; `exact: false` also draws others. */
export function randomDefinition(random: Random, { exact }: { exact: boolean }) {
  const { chance, pick } = random
  const weights = exact ? [1, 1, 1, 1] : [1, 2, 3, 7, 1_000_003]
  const flag = (key: string) => ({
    ...(chance(0.3) && { metadata: { owner: key } }),
    state: chance(0.95) ? 'ENABLED' : 'DISABLED',
    variants: pick(VARIANTS),
    ...(chance(0.8) && { defaultVariant: chance(0.9) ? pick(NAMES) : null }),
    ...(chance(0.9) && { targeting: branches(random, weights, 2) }),
  })
  return {
    $schema: 'https://flagd.dev/schema/v0/flags.json',
    flags: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`flag-${i}`, flag(`flag-${i}`)])),
    $evaluators: {
      'from-home': { or: [condition(random, 1)] },
      staff: { ends_with: [{ var: 'email' }, '@faas.example'] },
    },
    metadata: { flagSetId: 'shop', team: 'checkout' },
  }
}

export function randomPerson({ below, chance, pick }: Random): EvaluationContext {
  return {
    ...(chance(0.9) && { targetingKey: `user-${below(100_000)}` }),
    ...(chance(0.8) && { country: pick(COUNTRIES) }),
    ...(chance(0.8) && { age: pick([0, 17, 18, 40, -1]) }),
    ...(chance(0.8) && { beta: chance(0.5) }),
    account: { id: `account-${below(100_000)}` },
    email: pick(EMAILS),
    ...(chance(0.7) && { plan: chance(0.8) ? { tier: pick(['gold', 'free']) } : {} }),
  }
}

function branches(random: Random, weights: readonly number[], depth: number): JsonValue {
  const { below, chance } = random
  const pairs = Array.from({ length: 1 + below(2) }, () => [rule(random), value(random, weights, depth)])
  return { if: [...pairs.flat(), ...(chance(0.8) ? [value(random, weights, depth)] : [])] }
}

function value(random: Random, weights: readonly number[], depth: number): JsonValue {
  const { chance, pick } = random
  if (depth > 0 && chance(0.2)) return branches(random, weights, depth - 1)
  if (chance(0.4)) return fractional(random, weights)
  return pick<JsonValue>([...NAMES, ...NAMES, true, false, null])
}

function fractional(random: Random, weights: readonly number[]): JsonValue {
  const { below, chance, pick } = random
  const parts = Array.from({ length: 1 + below(3) }, () => {
    const name = chance(0.95) ? pick(NAMES) : null
    return chance(0.2) ? [name] : [name, pick(weights)]
  })
  const even = [...parts, ...parts].slice(0, parts.length === 3 ? 4 : parts.length) // 1, 2 or 4 equal parts cut evenly
  const account = { var: 'account.id' }
  const key = pick<JsonValue[]>([
    [],
    [],
    [{ cat: [{ var: '$flagd.flagKey' }, account] }],
    [{ cat: ['sa', 'lt', account] }],
    [account],
  ])
  return { fractional: [...key, ...even] }
}

function rule(random: Random): JsonValue {
  const { chance, pick } = random
  if (chance(0.8)) return condition(random, 2)
  const time = { var: '$flagd.timestamp' }
  const edge = pick<JsonValue>([
    { '>=': [time, START] },
    { '>': [time, START] },
    { '<': [time, START + 60] },
    { '<=': [time, START + 60] },
    { '<': [START, time] },
  ])
  return chance(0.5) ? edge : { and: [edge, condition(random, 1)] }
}

function condition(random: Random, depth: number): JsonValue {
  const { chance, pick } = random
  const inner = () => condition(random, depth - 1)
  if (depth > 0 && chance(0.4))
    return pick([
      () => ({ and: [inner(), inner()] }),
      () => ({ or: [inner(), inner()] }),
      () => ({ '!': inner() }),
    ])()
  const country = { var: 'country' }
  const age = { var: ['age'] }
  return pick<JsonValue>([
    { '==': [country, pick(COUNTRIES)] },
    { '===': [pick(COUNTRIES), country] },
    { '!=': [country, pick(COUNTRIES)] },
    { '!==': [{ var: 'age' }, 18] },
    { '==': [country, null] },
    { '!=': [country, null] },
    { in: [country, ['DE', null]] },
    { in: [age, [17, 40]] },
    { in: ['@faas', { var: 'email' }] },
    { '<': [age, 18] },
    { '<=': [18, age] },
    { '>': [age, -1] },
    { '>=': [0, age] },
    { '<': [-1, age, 18] },
    { '<=': [17, age, 18] },
    { starts_with: [{ var: 'email' }, 'ann'] },
    { ends_with: [{ var: 'plan.tier' }, 'old'] },
    { '==': [{ var: 'plan.tier' }, 'gold'] },
    { '==': [{ var: 'beta' }, true] },
    { var: 'beta' },
    { '!!': [{ var: 'email' }] },
    depth === 2 ? { $ref: 'from-home' } : { $ref: 'staff' },
    true,
  ])
}
