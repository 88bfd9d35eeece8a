import { type Entry, isNumber, oneOfThem } from './operator-entry'
import { fault, finiteNumber, list } from './shape'

const twoNumbers = list(finiteNumber, { from: 2, to: 2 })

export const numberOperators = {
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
} as const satisfies Readonly<Record<string, Entry>>

function comparison(prepare: (limit: number) => (actual: number) => boolean): Entry {
  return {
    values: oneOfThem(finiteNumber),
    prepare: (values) => {
      const passes = prepare(values[0] as number)
      return (actual) => (isNumber(actual) ? passes(actual) : undefined)
    },
  }
}

function ascending([low, high]: readonly [number, number]) {
  return low <= high ? null : fault(`${low} is above ${high}: write the lower limit first`)
}
