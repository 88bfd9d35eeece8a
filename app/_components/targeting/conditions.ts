import type { FieldProblem } from '@/lib/api-client'
import { attributeConditionFault, operators } from '@/lib/evaluation'
import type { AttributeCondition, Condition, JsonValue, Operator } from '@/lib/evaluation/types'

export type Leaf = Extract<Condition, { attribute: string } | { segment: string }>

export const isLeaf = (condition: Condition): condition is Leaf =>
  'attribute' in condition || 'segment' in condition

/** Every question in a condition, however deep. */
export function leavesOf(when: Condition): Leaf[] {
  if (isLeaf(when)) return [when]
  if ('all' in when) return when.all.flatMap(leavesOf)
  return 'any' in when ? when.any.flatMap(leavesOf) : leavesOf(when.not)
}

export const newCondition = (): AttributeCondition => ({ attribute: '', op: 'is_one_of', values: [] })

/** Which control writes the values of an operator. */
type ValueShape = 'none' | 'number' | 'range' | 'text' | 'duration' | 'texts' | 'patterns' | 'any'

export const shapes: Record<Operator, ValueShape> = {
  is_one_of: 'any',
  is_set: 'none',
  is_not_set: 'none',
  contains: 'texts',
  starts_with: 'texts',
  ends_with: 'texts',
  matches: 'patterns',
  eq: 'number',
  lt: 'number',
  lte: 'number',
  gt: 'number',
  gte: 'number',
  between: 'range',
  before: 'text',
  after: 'text',
  within_last: 'duration',
  older_than: 'duration',
  semver_eq: 'text',
  semver_lt: 'text',
  semver_lte: 'text',
  semver_gt: 'text',
  semver_gte: 'text',
  semver_in_range: 'texts',
  has_any: 'any',
  has_all: 'any',
  has_none: 'any',
  ip_in_cidr: 'texts',
}

/** What is wrong with the values that were typed, by the words of the engine; nothing while none is. */
export function faultsOf(condition: AttributeCondition): FieldProblem[] {
  const { attribute, values } = condition
  if (attribute === '' || values.length === 0 || values.includes('')) return []
  const fault = attributeConditionFault(condition)
  return fault ? [{ path: 'values', message: fault.message }] : []
}

/** Says that a question has no values yet to compare with. */
export function emptyList({ attribute, op, values }: AttributeCondition): string | null {
  if (attribute === '' || values.length > 0 || shapes[op] === 'none') return null
  return 'Nobody meets this: no value is written yet.'
}

/** What a value of these looks like. */
export const examples: Partial<Record<Operator, string>> = {
  matches: '^user-\\d+$',
  before: '2027-01-31T09:00:00Z',
  after: '2027-01-31T09:00:00Z',
  semver_eq: '5.3.0',
  semver_lt: '5.3.0',
  semver_lte: '5.3.0',
  semver_gt: '5.3.0',
  semver_gte: '5.3.0',
  semver_in_range: '^5.3.0',
  ip_in_cidr: '10.0.0.0/8',
}

export const ignoresCase = (op: Operator) => operators[op].ignoresCase === true

type Fit = (values: readonly JsonValue[], op: Operator) => JsonValue[]

const asTexts: Fit = (values) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
const asNumbers: Fit = (values) =>
  values
    .filter((value) => value !== '')
    .map(Number)
    .filter(Number.isFinite)
const firstThatReads: Fit = (values, op) =>
  values.filter((value) => operators[op].values([value]) === null).slice(0, 1)

const fits: Record<ValueShape, Fit> = {
  none: () => [],
  number: (values, op) => asNumbers(values, op).slice(0, 1),
  range: (values, op) => asNumbers(values, op).slice(0, 2),
  text: firstThatReads,
  duration: firstThatReads,
  texts: asTexts,
  patterns: asTexts,
  any: (values) => [...values],
}

/** Another operator keeps the values it can read. */
export function withOperator(
  condition: AttributeCondition,
  op: Operator,
  negate: boolean,
): AttributeCondition {
  const { attribute, values, ignoreCase } = condition
  return {
    attribute,
    op,
    values: fits[shapes[op]](values, op),
    ...(ignoreCase && ignoresCase(op) && { ignoreCase }),
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
