import type { AttributeCondition, Condition, Operator } from '../evaluation/types'
import { sameJson } from '../evaluation/values'

// flagd needs to be told what the engine's operators imply: that an attribute is there, and of their type. Without
// that a condition reads as it was written.

type Guard = {
  readonly operators: readonly string[]
  readonly asks: (attribute: string) => readonly Condition[]
}

const isText = (attribute: string): Condition => ({ attribute, op: 'starts_with', values: [''] })

const VERSION = ['semver_eq', 'semver_lt', 'semver_lte', 'semver_gt', 'semver_gte']

const GUARDS: readonly Guard[] = [
  {
    operators: ['eq', 'lt', 'lte', 'gt', 'gte', 'between'],
    asks: (attribute) => [
      { attribute, op: 'is_one_of', values: [true, false], negate: true },
      { not: isText(attribute) },
    ],
  },
  {
    operators: ['contains', 'starts_with', 'ends_with', ...VERSION],
    asks: (attribute) => [isText(attribute)],
  },
]

/** What a group of conditions comes to where all but the last ask only for the type that the last one compares. */
export function withoutGuard(conditions: readonly Condition[]): Condition | null {
  const last = conditions.at(-1)
  const found = last && comparisonIn(last)
  const guard = GUARDS.find(({ operators }) => found && operators.includes(found.op))
  if (!found || !guard) return null
  return sameJson(conditions.slice(0, -1), guard.asks(found.attribute)) ? found : null
}

function comparisonIn(condition: Condition): AttributeCondition | null {
  if ('attribute' in condition) return condition.negate ? null : condition
  if ('not' in condition) {
    const inner = comparisonIn(numeric(condition.not))
    if (!inner || inner.negate || VERSION.includes(inner.op)) return null // a text may still be no version
    return { ...inner, negate: true }
  }
  return 'any' in condition ? orMissing(condition.any) : null
}

/** A number that it must not be: `!==` says so of any type, `eq` of numbers alone. */
function numeric(condition: Condition): Condition {
  if (!('attribute' in condition) || condition.op !== 'is_one_of' || condition.negate) return condition
  const { attribute, values } = condition
  return values.length === 1 && typeof values[0] === 'number' ? { attribute, op: 'eq', values } : condition
}

/** A comparison that lets a missing attribute pass, which the guard then does not. */
function orMissing([first, second, ...more]: readonly Condition[]): AttributeCondition | null {
  if (!first || !second || more.length > 0 || !('attribute' in first) || first.negate) return null
  return sameJson(second, { attribute: first.attribute, op: 'is_not_set', values: [] }) ? first : null
}

const LISTING: readonly Operator[] = ['is_one_of', 'contains', 'starts_with', 'ends_with']

/** Alternatives that differ in a value are one condition with several values. */
export function withoutRepetition(conditions: readonly Condition[]): Condition[] {
  const merged: Condition[] = []
  for (const condition of conditions) {
    const last = merged.at(-1)
    if (last && 'attribute' in last && 'attribute' in condition && isSameQuestion(last, condition))
      merged[merged.length - 1] = { ...last, values: [...last.values, ...condition.values] }
    else merged.push(condition)
  }
  return merged
}

function isSameQuestion(a: AttributeCondition, b: AttributeCondition): boolean {
  return a.attribute === b.attribute && a.op === b.op && LISTING.includes(a.op) && !a.negate && !b.negate
}
