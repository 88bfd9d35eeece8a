import type { AttributeCondition, Condition } from '@/lib/evaluation/types'
import { isNobody } from './condition-answers'

/**
 * What can be shown of conditions without a context: docs/targeting.md. Each function answers `true` only where it is
 * certain; `false` says nothing.
 */

type Leaf = Extract<Condition, { attribute: string } | { segment: string }>
type Pair = (a: Leaf, b: Leaf) => boolean

const isLeaf = (when: Condition): when is Leaf => 'attribute' in when || 'segment' in when

const isNegated = ({ negate }: Leaf) => negate === true

/** A draft has blanks: of those nothing is said. */
const isUnfinished = (leaf: Leaf) =>
  'segment' in leaf
    ? leaf.segment === ''
    : leaf.attribute === '' || (leaf.values.length === 0 && leaf.op !== 'is_set' && leaf.op !== 'is_not_set')

/** A negated question that is asked without the negation, and the other way round. */
const reversed = (leaf: Leaf): Leaf => {
  const { negate, ...rest } = leaf
  return negate ? rest : { ...rest, negate: true }
}

/** Key order and an absent `negate` do not make two questions. */
const sameQuestion: Pair = (a, b) => {
  if (isNegated(a) !== isNegated(b)) return false
  if ('segment' in a || 'segment' in b) return 'segment' in a && 'segment' in b && a.segment === b.segment
  return (
    a.attribute === b.attribute &&
    a.op === b.op &&
    Boolean(a.ignoreCase) === Boolean(b.ignoreCase) &&
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === b.values[index])
  )
}

const opposite: Pair = (a, b) => sameQuestion(a, reversed(b))

/** Whoever has no value of an attribute answers all questions about it with no, but this one. */
const asksForNothing = (leaf: AttributeCondition) => leaf.op === 'is_not_set' && !isNegated(leaf)

const answered = ({ negate, ...condition }: AttributeCondition, asked = true) => ({
  condition,
  yes: (negate !== true) === asked,
})

const leafImplies: Pair = (a, b) => {
  if (isUnfinished(a) || isUnfinished(b)) return false
  if (sameQuestion(a, b)) return true
  if ('segment' in a || 'segment' in b || a.attribute !== b.attribute) return false
  if (b.op === 'is_set' && !isNegated(b)) return !asksForNothing(a)
  return isNobody(answered(a), answered(b, false))
}

const leavesExclude: Pair = (a, b) => {
  if (isUnfinished(a) || isUnfinished(b)) return false
  if (opposite(a, b)) return true
  if ('segment' in a || 'segment' in b || a.attribute !== b.attribute) return false
  if (asksForNothing(a) !== asksForNothing(b)) return true
  return isNobody(answered(a), answered(b))
}

/** The questions that have to be answered with yes, through groups of all. */
const demanded = (when: Condition): Condition[] => ('all' in when ? when.all.flatMap(demanded) : [when])

/** Two conditions that nobody meets together. */
function exclude(a: Condition, b: Condition): boolean {
  if (isLeaf(a) && isLeaf(b)) return leavesExclude(a, b)
  if ('not' in b) return implies(a, b.not)
  if ('not' in a) return implies(b, a.not)
  if ('any' in a) return a.any.every((one) => exclude(one, b))
  return 'any' in b && b.any.every((one) => exclude(a, one))
}

/** Two demands of one condition that nobody meets together; null: none was found. */
export function contradiction(when: Condition): readonly [Condition, Condition] | null {
  const all = demanded(when)
  for (const [index, a] of all.entries()) {
    const b = all.slice(index + 1).find((other) => exclude(a, other))
    if (b) return [a, b]
  }
  return null
}

/** Nobody meets it. */
export function isNever(when: Condition): boolean {
  if ('any' in when) return when.any.every(isNever)
  if ('not' in when) return isAlways(when.not)
  if (isLeaf(when)) return 'attribute' in when && when.op === 'is_set' && isNegated(when)
  return when.all.some(isNever) || contradiction(when) !== null
}

/** Everybody meets it. */
export function isAlways(when: Condition): boolean {
  if ('all' in when) return when.all.every(isAlways)
  if ('not' in when) return isNever(when.not)
  if (isLeaf(when)) return false
  return (
    when.any.some(isAlways) || when.any.some((a, i) => when.any.slice(i + 1).some((b) => completes(a, b)))
  )
}

/** Who does not meet the one meets the other. */
const completes = (a: Condition, b: Condition) =>
  ('not' in a && implies(a.not, b)) ||
  ('not' in b && implies(b.not, a)) ||
  (isLeaf(a) && isLeaf(b) && (isComplement(a, b) || isComplement(b, a)))

const isComplement: Pair = (a, b) =>
  'segment' in a || 'segment' in b
    ? 'segment' in a && 'segment' in b && opposite(a, b)
    : a.attribute === b.attribute &&
      a.op === 'is_set' &&
      b.op === 'is_not_set' &&
      !isNegated(a) &&
      !isNegated(b)

/** Whoever meets `a` meets `b`. */
export const covers = (b: Condition, a: Condition): boolean => isNever(a) || isAlways(b) || implies(a, b)

/** The same, by their questions alone. */
function implies(a: Condition, b: Condition): boolean {
  if ('all' in b) return b.all.every((one) => implies(a, one))
  if ('any' in a) return a.any.every((one) => implies(one, b))
  if ('not' in a && 'not' in b && implies(b.not, a.not)) return true
  if ('all' in a && a.all.some((one) => implies(one, b))) return true
  if ('any' in b) return b.any.some((one) => implies(a, one))
  if ('not' in b) return exclude(a, b.not)
  return isLeaf(a) && isLeaf(b) && leafImplies(a, b)
}
