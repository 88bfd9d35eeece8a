import { BOUNDS } from './bounds'
import { includes } from './membership'
import { type Check, fault, finiteNumber, list, must, string } from './shape'
import type { AttributeCondition, Operator } from './types'

/** Whether an attribute that is there passes; `undefined` where its type is not one the operator compares. */
type Test = (actual: unknown, condition: AttributeCondition) => boolean | undefined

type Entry = {
  readonly values: Check
  readonly test: Test
  readonly ignoresCase?: true
}

const primitive = must('a string, a finite number, true or false', isPrimitive)
const someOf = (check: Check): Check => list(check, { from: 1, to: BOUNDS.conditionValues })
const noValues = list(() => null, { to: 0 })
const oneNumber = list(finiteNumber, { from: 1, to: 1 })
const twoNumbers = list(finiteNumber, { from: 2, to: 2 })

export const operators: Readonly<Record<Operator, Entry>> = {
  is_one_of: {
    values: someOf(primitive),
    test: (actual, { values }) => (isPrimitive(actual) ? includes(values, actual) : undefined),
  },
  is_set: { values: noValues, test: () => true },
  is_not_set: { values: noValues, test: () => false },
  contains: text((actual, wanted) => actual.includes(wanted)),
  starts_with: text((actual, wanted) => actual.startsWith(wanted)),
  ends_with: text((actual, wanted) => actual.endsWith(wanted)),
  eq: comparison((actual, limit) => actual === limit),
  lt: comparison((actual, limit) => actual < limit),
  lte: comparison((actual, limit) => actual <= limit),
  gt: comparison((actual, limit) => actual > limit),
  gte: comparison((actual, limit) => actual >= limit),
  between: {
    values: (input) => twoNumbers(input) ?? ascending(input as [number, number]),
    test: (actual, { values }) =>
      isNumber(actual) ? actual >= (values[0] as number) && actual <= (values[1] as number) : undefined,
  },
}

export function isOperator(input: unknown): input is Operator {
  return typeof input === 'string' && Object.hasOwn(operators, input)
}

function text(compare: (actual: string, wanted: string) => boolean): Entry {
  return {
    values: someOf(string),
    ignoresCase: true,
    test: (actual, condition) => {
      if (typeof actual !== 'string') return undefined
      const subject = condition.ignoreCase ? actual.toLowerCase() : actual
      for (const wanted of wantedTexts(condition)) if (compare(subject, wanted)) return true
      return false
    },
  }
}

function comparison(compare: (actual: number, limit: number) => boolean): Entry {
  return {
    values: oneNumber,
    test: (actual, { values }) => (isNumber(actual) ? compare(actual, values[0] as number) : undefined),
  }
}

const lowered = new WeakMap<AttributeCondition, readonly string[]>()

function wantedTexts(condition: AttributeCondition): readonly string[] {
  const values = condition.values as readonly string[]
  if (!condition.ignoreCase) return values
  let cached = lowered.get(condition)
  if (!cached) {
    cached = values.map((value) => value.toLowerCase())
    lowered.set(condition, cached)
  }
  return cached
}

function ascending([low, high]: readonly [number, number]) {
  return low <= high ? null : fault(`${low} is above ${high}: write the lower limit first`)
}

function isNumber(input: unknown): input is number {
  return Number.isFinite(input)
}

function isPrimitive(input: unknown): input is string | number | boolean {
  return typeof input === 'string' || typeof input === 'boolean' || isNumber(input)
}
