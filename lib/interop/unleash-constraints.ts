import type { Condition, JsonValue, Operator } from '../evaluation/types'
import { child, type Node } from './import-node'
import { all, Inexpressible } from './import-plan'

/** What Unleash calls the one that everything is about; the OpenFeature provider for it does the same. */
const FIELDS: Readonly<Record<string, string>> = { userId: 'targetingKey' }
export const attributeNamed = (field: string) => FIELDS[field] ?? field

type Like = { readonly op: Operator; readonly read: 'texts' | 'number' | 'text' }

const OPERATORS: Readonly<Record<string, Like>> = {
  IN: { op: 'is_one_of', read: 'texts' },
  STR_CONTAINS: { op: 'contains', read: 'texts' },
  STR_STARTS_WITH: { op: 'starts_with', read: 'texts' },
  STR_ENDS_WITH: { op: 'ends_with', read: 'texts' },
  NUM_EQ: { op: 'eq', read: 'number' },
  NUM_LT: { op: 'lt', read: 'number' },
  NUM_LTE: { op: 'lte', read: 'number' },
  NUM_GT: { op: 'gt', read: 'number' },
  NUM_GTE: { op: 'gte', read: 'number' },
  DATE_BEFORE: { op: 'before', read: 'text' },
  DATE_AFTER: { op: 'after', read: 'text' },
  SEMVER_EQ: { op: 'semver_eq', read: 'text' },
  SEMVER_LT: { op: 'semver_lt', read: 'text' },
  SEMVER_LTE: { op: 'semver_lte', read: 'text' },
  SEMVER_GT: { op: 'semver_gt', read: 'text' },
  SEMVER_GTE: { op: 'semver_gte', read: 'text' },
  REGEX: { op: 'matches', read: 'text' },
}

export type Constraint = { readonly node: Node; readonly field: string; readonly operator: string }

export function constraintsIn(node: Node): Constraint[] {
  const { input } = node
  const nodes = Array.isArray(input) ? input.map((_, i) => child(node, i)) : []
  return nodes.map((each) => ({
    node: each,
    field: String(child(each, 'contextName').input),
    operator: String(child(each, 'operator').input),
  }))
}

function valuesOf(node: Node, { read }: Like): readonly JsonValue[] {
  if (read === 'texts') return (child(node, 'values').input ?? []) as JsonValue[]
  const { input, path } = child(node, 'value')
  const value = read === 'number' ? Number(input) : input
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return [value]
  throw new Inexpressible(path, `it compares with ${JSON.stringify(input)}, which is no ${read}`)
}

/**
 * A constraint as a condition. Where the field is missing, Unleash finds that it is in no list, and inverts what it finds:
 * a group with `not` does the same.
 */
function readConstraint({ node, field, operator }: Constraint): Condition {
  const isNotIn = operator === 'NOT_IN'
  const like = isNotIn ? OPERATORS.IN : Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!like)
    throw new Inexpressible(child(node, 'operator').path, `there is nothing like the operator "${operator}"`)
  if (field === 'currentTime')
    throw new Inexpressible(node.path, 'it asks for the time in a place where a rule has no window')
  const ignoreCase = child(node, 'caseInsensitive').input === true && like.read === 'texts'
  const leaf: Condition = {
    attribute: attributeNamed(field),
    op: like.op,
    values: valuesOf(node, like),
    ...(ignoreCase && { ignoreCase }),
  }
  return isNotIn === (child(node, 'inverted').input === true) ? leaf : { not: leaf }
}

export const readConstraints = (constraints: readonly Constraint[]): Condition =>
  all(constraints.map(readConstraint))

/** Constraints on the time of the whole strategy are the window of its rule. */
export function readWindow(constraints: readonly Constraint[]): {
  window: { from?: string; until?: string }
  rest: Constraint[]
} {
  const window: { from?: string; until?: string } = {}
  const rest: Constraint[] = []
  for (const constraint of constraints) {
    const { node, field, operator } = constraint
    const value = child(node, 'value').input
    const isPlain = child(node, 'inverted').input !== true && typeof value === 'string'
    if (field !== 'currentTime' || !isPlain) rest.push(constraint)
    else if (operator === 'DATE_AFTER' && window.from === undefined) window.from = value
    else if (operator === 'DATE_BEFORE' && window.until === undefined) window.until = value
    else rest.push(constraint)
  }
  return { window, rest }
}
