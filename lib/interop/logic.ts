import { isRecord } from '../evaluation/records'
import type { JsonValue } from '../evaluation/types'

/** A JsonLogic expression. Where it is a condition, `true` and `false` are the constants. */
export type Logic = JsonValue

const GROUP = 50 // members; flagd-core compiles a group to nested code and runs out of stack at some thousands

export function allOf(conditions: readonly Logic[]): Logic {
  const open = conditions.filter((condition) => condition !== true)
  return open.includes(false) ? false : grouped('and', open, true)
}

export function anyOf(conditions: readonly Logic[]): Logic {
  const open = conditions.filter((condition) => condition !== false)
  return open.includes(true) ? true : grouped('or', open, false)
}

export function not(condition: Logic): Logic {
  return typeof condition === 'boolean' ? !condition : { '!': [condition] }
}

/** Whether a value is in a list, by type and value. */
export function isIn(value: Logic, list: readonly JsonValue[]): Logic {
  if (list.length === 0) return false
  return isRecord(value) ? { in: [value, list] } : list.includes(value)
}

export type Branch = readonly [condition: Logic, value: Logic]

/** The value of the first branch whose condition holds. */
export function choose(branches: readonly Branch[], otherwise: Logic): Logic {
  const open: Branch[] = []
  for (const [condition, value] of branches) {
    if (condition === true) return chain(open, value)
    if (condition !== false) open.push([condition, value])
  }
  return chain(open, otherwise)
}

function chain(branches: readonly Branch[], otherwise: Logic): Logic {
  return branches.length === 0 ? otherwise : { if: [...branches.flat(), otherwise] }
}

function grouped(operator: 'and' | 'or', members: readonly Logic[], ofNone: boolean): Logic {
  if (members.length < 2) return members[0] ?? ofNone
  if (members.length <= GROUP) return { [operator]: members }
  const groups: Logic[] = []
  for (let start = 0; start < members.length; start += GROUP) {
    groups.push(grouped(operator, members.slice(start, start + GROUP), ofNone))
  }
  return grouped(operator, groups, ofNone)
}

/** Whether an expression, once written out, has no more than so many values in it. */
export function isWithin(logic: Logic, values: number): boolean {
  let left = values
  const fits = (value: Logic): boolean => {
    left--
    if (left < 0) return false
    return typeof value !== 'object' || value === null || Object.values(value).every(fits)
  }
  return fits(logic)
}
