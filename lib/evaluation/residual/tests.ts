import { LIST_LENGTH } from '../bounds'
import type { AttributeCondition, JsonValue, Operator } from '../types'

/** Whether an attribute that is there passes; `undefined` where its type is not one the operator compares. */
type Passes = (actual: unknown, values: readonly JsonValue[], ignoreCase?: boolean) => boolean | undefined

/** The operators that browsers bring with them: `../operators.ts` in a few bytes instead of prepared for speed. */
const simple: { readonly [O in Operator]?: Passes } = {
  is_one_of: (actual, values) => (isPrimitive(actual) ? values.includes(actual) : undefined),
  is_set: () => true,
  is_not_set: () => false,
  contains: text((actual, wanted) => actual.includes(wanted)),
  starts_with: text((actual, wanted) => actual.startsWith(wanted)),
  ends_with: text((actual, wanted) => actual.endsWith(wanted)),
  eq: number((actual, limit) => actual === limit),
  lt: number((actual, limit) => actual < limit),
  lte: number((actual, limit) => actual <= limit),
  gt: number((actual, limit) => actual > limit),
  gte: number((actual, limit) => actual >= limit),
  between: number((actual, low, high) => actual >= low && actual <= high),
  has_any: list((has, values) => values.some(has)),
  has_all: list((has, values) => values.every(has)),
  has_none: list((has, values) => !values.some(has)),
}

/** Makes the tests of the other operators. */
export type PrepareTest = (
  condition: AttributeCondition,
) => (actual: unknown, now: number) => boolean | undefined

let prepareOther: PrepareTest = () => () => undefined

/** Sets what compares times, versions and networks. Until then nobody passes such a condition. */
export function provideTests(prepare: PrepareTest): void {
  prepareOther = prepare
}

export function isSimple(op: Operator): boolean {
  return Object.hasOwn(simple, op)
}

export function passes(condition: AttributeCondition, actual: unknown, now: number): boolean {
  const { op, values, ignoreCase, negate = false } = condition
  if (actual === undefined) return op === 'is_not_set' && !negate
  const passed = isSimple(op) ? simple[op]!(actual, values, ignoreCase) : prepareOther(condition)(actual, now)
  return passed === !negate
}

function isPrimitive(input: unknown): input is string | number | boolean {
  return typeof input === 'string' || typeof input === 'boolean' || Number.isFinite(input)
}

function text(holds: (actual: string, wanted: string) => boolean): Passes {
  return (actual, values, ignoreCase) => {
    const folded = (input: unknown) => (ignoreCase ? (input as string).toLowerCase() : (input as string))
    return typeof actual === 'string'
      ? values.some((wanted) => holds(folded(actual), folded(wanted)))
      : undefined
  }
}

function number(holds: (actual: number, low: number, high: number) => boolean): Passes {
  return (actual, [low, high]) =>
    Number.isFinite(actual) ? holds(actual as number, low as number, high as number) : undefined
}

function list(holds: (has: (value: unknown) => boolean, values: readonly JsonValue[]) => boolean): Passes {
  return (actual, values) => {
    if (!Array.isArray(actual) || actual.length > LIST_LENGTH) return undefined
    return holds((value) => actual.includes(value), values)
  }
}
