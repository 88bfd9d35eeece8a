import { listOperators } from './list-operators'
import { isMember } from './membership'
import { networkOperators } from './network-operators'
import { numberOperators } from './number-operators'
import { type Entry, isPrimitive, primitive, someOf, type Test } from './operator-entry'
import { type Check, fault } from './shape'
import { textOperators } from './text-operators'
import { timeOperators } from './time-operators'
import type { AttributeCondition, Operator } from './types'
import { versionOperators } from './version-operators'

const noValues: Check = (input) =>
  Array.isArray(input) && input.length === 0 ? null : fault('takes no values: write []')

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
  ...textOperators,
  ...numberOperators,
  ...timeOperators,
  ...versionOperators,
  ...listOperators,
  ...networkOperators,
}

export function isOperator(input: unknown): input is Operator {
  return typeof input === 'string' && Object.hasOwn(operators, input)
}

/** Makes the test of a condition that passed its checks. */
export function prepareTest({ op, values, ignoreCase }: AttributeCondition): Test {
  return operators[op].prepare(values, ignoreCase === true)
}

const tests = new WeakMap<AttributeCondition, Test>()

/** The same, made once a condition: for those who ask it again. */
export function testOf(condition: AttributeCondition): Test {
  let test = tests.get(condition)
  if (!test) {
    test = prepareTest(condition)
    tests.set(condition, test)
  }
  return test
}
