import { BOUNDS } from './bounds'
import { type Check, list, must } from './shape'
import type { JsonValue } from './types'

/** Whether an attribute that is there passes at `now`; `undefined` where its type is not one the operator compares. */
export type Test = (actual: unknown, now: number) => boolean | undefined

export type Entry = {
  readonly values: Check
  /** Called once a condition, with values that passed the check: what can be worked out ahead is worked out here. */
  readonly prepare: (values: readonly JsonValue[], ignoreCase: boolean) => Test
  readonly ignoresCase?: true
  /** The test looks at `now`. */
  readonly readsTime?: true
}

export const primitive = must('a string, a finite number, true or false', isPrimitive)

export const someOf = (check: Check): Check => list(check, { from: 1, to: BOUNDS.conditionValues })
export const oneOfThem = (check: Check): Check => list(check, { from: 1, to: 1 })

export function isNumber(input: unknown): input is number {
  return Number.isFinite(input)
}

export function isPrimitive(input: unknown): input is string | number | boolean {
  return typeof input === 'string' || typeof input === 'boolean' || isNumber(input)
}

export function anyOf<T>(tests: readonly ((actual: T) => boolean)[]): (actual: T) => boolean {
  if (tests.length === 1) return tests[0]!
  return (actual) => {
    for (const passes of tests) if (passes(actual)) return true
    return false
  }
}
