import type { AttributeCondition, Condition, JsonValue, Operator } from '@/lib/evaluation/types'

export type Leaf = Extract<Condition, { attribute: string } | { segment: string }>

const isLeaf = (condition: Condition): condition is Leaf => 'attribute' in condition || 'segment' in condition

/** The lines of a condition that reads as "if ... and ..."; null: it nests, and only JSON shows it. */
export function linesOf(when: Condition): Leaf[] | null {
  if (isLeaf(when)) return [when]
  return 'all' in when && when.all.every(isLeaf) ? (when.all as Leaf[]) : null
}

export const whenOf = (lines: readonly Leaf[]): Condition =>
  lines.length === 1 ? lines[0]! : { all: [...lines] }

/** Every question in a condition, however deep. */
export function leavesOf(when: Condition): Leaf[] {
  if (isLeaf(when)) return [when]
  if ('all' in when) return when.all.flatMap(leavesOf)
  return 'any' in when ? when.any.flatMap(leavesOf) : leavesOf(when.not)
}

export const newCondition = (): AttributeCondition => ({ attribute: '', op: 'is_one_of', values: [] })

/** Which control writes the values of an operator. */
type ValueShape = 'none' | 'number' | 'range' | 'texts' | 'any'

export const shapes: Record<Operator, ValueShape> = {
  is_one_of: 'any',
  is_set: 'none',
  is_not_set: 'none',
  contains: 'texts',
  starts_with: 'texts',
  ends_with: 'texts',
  eq: 'number',
  lt: 'number',
  lte: 'number',
  gt: 'number',
  gte: 'number',
  between: 'range',
  matches: 'texts',
  before: 'texts',
  after: 'texts',
  within_last: 'texts',
  older_than: 'texts',
  semver_eq: 'texts',
  semver_lt: 'texts',
  semver_lte: 'texts',
  semver_gt: 'texts',
  semver_gte: 'texts',
  semver_in_range: 'texts',
  has_any: 'any',
  has_all: 'any',
  has_none: 'any',
  ip_in_cidr: 'texts',
}

const fits: Record<ValueShape, (values: readonly JsonValue[]) => JsonValue[]> = {
  none: () => [],
  number: (values) => values.map(Number).filter(Number.isFinite).slice(0, 1),
  range: (values) => values.map(Number).filter(Number.isFinite).slice(0, 2),
  texts: (values) => values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  any: (values) => [...values],
}

/** Another operator keeps the values it can read. */
export function withOperator(
  condition: AttributeCondition,
  op: Operator,
  negate: boolean,
): AttributeCondition {
  const { attribute, values, ignoreCase } = condition
  const shape = shapes[op]
  return {
    attribute,
    op,
    values: fits[shape](values),
    ...(ignoreCase && shape === 'texts' && { ignoreCase }),
    ...(negate && { negate }),
  }
}

/** A text that could also be read as a number or as true and false; null: it is a text and nothing else. */
export function otherReading(value: JsonValue): JsonValue | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === 'true' || value === 'false') return value === 'true'
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) && String(number) === value ? number : null
}
