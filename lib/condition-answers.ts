import { operators } from '@/lib/evaluation'
import type { AttributeCondition, JsonValue, Operator } from '@/lib/evaluation/types'
import { nowhereOnLine } from './condition-line'

/** An answer to a condition as it stands: `negate` is not looked at, the answer says it. */
export type Answered = { condition: AttributeCondition; yes: boolean }

/** Operators that compare values of one type: what is of another type is neither a yes nor a no to any of them. */
const families: readonly (readonly Operator[])[] = [
  ['is_one_of'],
  ['starts_with', 'ends_with', 'contains'],
  ['matches'],
  ['eq', 'lt', 'lte', 'gt', 'gte', 'between'],
  ['before', 'after', 'within_last', 'older_than'],
  ['semver_eq', 'semver_lt', 'semver_lte', 'semver_gt', 'semver_gte', 'semver_in_range'],
  ['has_any', 'has_all', 'has_none'],
  ['ip_in_cidr'],
]

/** Whether a value that one of them cannot compare is none that the other could. */
export const areOfOneType = (a: Operator, b: Operator): boolean =>
  families.some((family) => family.includes(a) && family.includes(b))

/** Any one of the values will do: with more of them, more pass. */
export const takesAny: ReadonlySet<Operator> = new Set<Operator>([
  'is_one_of',
  'starts_with',
  'ends_with',
  'contains',
  'matches',
  'semver_in_range',
  'has_any',
  'ip_in_cidr',
])

type Growing = {
  /** The least that passes: whatever else passes holds one of them and more. */
  least: (values: readonly JsonValue[]) => readonly JsonValue[] | readonly (readonly JsonValue[])[]
  /** What passes these goes on passing when it grows that way. */
  upward: readonly Operator[]
}

const each = (values: readonly JsonValue[]) => values
const growing: Partial<Record<Operator, Growing>> = {
  starts_with: { least: each, upward: ['starts_with', 'contains'] },
  ends_with: { least: each, upward: ['ends_with', 'contains'] },
  contains: { least: each, upward: ['contains'] },
  has_any: { least: (values) => values.map((value) => [value]), upward: ['has_any', 'has_all'] },
  has_all: { least: (values) => [values], upward: ['has_any', 'has_all'] },
}

const testOf = ({ op, values, ignoreCase }: AttributeCondition) =>
  operators[op].prepare(values, ignoreCase === true)

/** Whether `b` sees what `a` found: a capital sigma alone becomes another letter by what comes after it. */
const seesCase = (a: AttributeCondition, b: AttributeCondition) =>
  Boolean(a.ignoreCase) === Boolean(b.ignoreCase) ||
  (b.ignoreCase === true && !a.values.some((value) => String(value).includes('Σ')))

function growsInto(a: AttributeCondition, b: AttributeCondition): boolean {
  const how = growing[a.op]
  if (!how?.upward.includes(b.op) || !seesCase(a, b)) return false
  const test = testOf(b)
  return how.least(a.values).every((least) => test(least, 0) === true)
}

const includesAll = (list: readonly JsonValue[], values: readonly JsonValue[]) =>
  values.every((value) => list.includes(value))

const implies = (a: AttributeCondition, b: AttributeCondition): boolean =>
  (takesAny.has(a.op) &&
    a.op === b.op &&
    Boolean(a.ignoreCase) === Boolean(b.ignoreCase) &&
    includesAll(b.values, a.values)) ||
  growsInto(a, b)

const endsOfTexts = new Set<Operator>(['starts_with', 'ends_with'])

/** Two texts at one end of a third: one of them is an end of the other, or both cannot be. */
function areApart(a: AttributeCondition, b: AttributeCondition): boolean {
  if (a.op !== b.op) return false
  if (a.op === 'is_one_of') return !a.values.some((value) => b.values.includes(value))
  if (!endsOfTexts.has(a.op) || Boolean(a.ignoreCase) !== Boolean(b.ignoreCase)) return false
  const [isA, isB] = [testOf(a), testOf(b)]
  return (
    a.values.every((value) => isB(value, 0) === false) && b.values.every((value) => isA(value, 0) === false)
  )
}

/** Whoever has none of a list has not any of it: one question, two answers. */
const plainly = ({ condition, yes }: Answered): Answered =>
  condition.op === 'has_none' ? { condition: { ...condition, op: 'has_any' }, yes: !yes } : { condition, yes }

/**
 * Whether nobody can answer both ways. `true` only where it is certain, of conditions about one attribute with values of one
 * type; `false` says nothing.
 *
 * @example isNobody({ condition: startsWith('abc'), yes: true }, { condition: startsWith('ab'), yes: false }) // true
 */
export function isNobody(one: Answered, other: Answered): boolean {
  const [a, b] = [plainly(one), plainly(other)]
  if (a.condition.attribute !== b.condition.attribute || !areOfOneType(a.condition.op, b.condition.op))
    return false
  if (nowhereOnLine(a.condition, a.yes, b.condition, b.yes)) return true
  if (a.yes && b.yes) return areApart(a.condition, b.condition)
  if (a.yes) return implies(a.condition, b.condition)
  return b.yes && implies(b.condition, a.condition)
}
