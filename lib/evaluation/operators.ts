import { BOUNDS } from './bounds'
import { isMember } from './membership'
import { type Check, fault, finiteNumber, list, must, string } from './shape'
import type { AttributeCondition, JsonValue, Operator } from './types'

/** Whether an attribute that is there passes at `now`; `undefined` where its type is not one the operator compares. */
export type Test = (actual: unknown, now: number) => boolean | undefined

type Entry = {
  readonly values: Check
  /** Called once a condition, with values that passed the check: what can be worked out ahead is worked out here. */
  readonly prepare: (values: readonly JsonValue[], ignoreCase: boolean) => Test
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
    prepare: (values) => {
      const isWanted = isMember(values)
      return (actual) => (isPrimitive(actual) ? isWanted(actual) : undefined)
    },
  },
  is_set: { values: noValues, prepare: () => () => true },
  is_not_set: { values: noValues, prepare: () => () => false },
  contains: text((wanted) => (actual) => actual.includes(wanted)),
  starts_with: text((wanted) => (actual) => actual.startsWith(wanted)),
  ends_with: text((wanted) => (actual) => actual.endsWith(wanted)),
  eq: comparison((limit) => (actual) => actual === limit),
  lt: comparison((limit) => (actual) => actual < limit),
  lte: comparison((limit) => (actual) => actual <= limit),
  gt: comparison((limit) => (actual) => actual > limit),
  gte: comparison((limit) => (actual) => actual >= limit),
  between: {
    values: (input) => twoNumbers(input) ?? ascending(input as [number, number]),
    prepare: (values) => {
      const [low, high] = values as readonly [number, number]
      return (actual) => (isNumber(actual) ? actual >= low && actual <= high : undefined)
    },
  },
}

export function isOperator(input: unknown): input is Operator {
  return typeof input === 'string' && Object.hasOwn(operators, input)
}

const tests = new WeakMap<AttributeCondition, Test>()

/** The test of a condition that passed its checks, prepared on first use. */
export function testOf(condition: AttributeCondition): Test {
  let test = tests.get(condition)
  if (!test) {
    const { op, values, ignoreCase } = condition
    test = operators[op].prepare(values, ignoreCase === true)
    tests.set(condition, test)
  }
  return test
}

function text(prepare: (wanted: string) => (actual: string) => boolean): Entry {
  return {
    values: someOf(string),
    ignoresCase: true,
    prepare: (values, ignoreCase) => {
      const wanted = values as readonly string[]
      const passes = anyOf(wanted.map((value) => prepare(ignoreCase ? value.toLowerCase() : value)))
      if (ignoreCase)
        return (actual) => (typeof actual === 'string' ? passes(actual.toLowerCase()) : undefined)
      return (actual) => (typeof actual === 'string' ? passes(actual) : undefined)
    },
  }
}

function anyOf<T>(tests: readonly ((actual: T) => boolean)[]): (actual: T) => boolean {
  if (tests.length === 1) return tests[0]!
  return (actual) => {
    for (const passes of tests) if (passes(actual)) return true
    return false
  }
}

function comparison(prepare: (limit: number) => (actual: number) => boolean): Entry {
  return {
    values: oneNumber,
    prepare: (values) => {
      const passes = prepare(values[0] as number)
      return (actual) => (isNumber(actual) ? passes(actual) : undefined)
    },
  }
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
