import type { Logic } from './logic'
import { allOf, isIn, not } from './logic'

// JsonLogic has no question about types, and flagd-core fails the whole flag where a comparison meets a type it cannot
// coerce. These ask without comparing.

const FLAG_KEY: Logic = { var: '$flagd.flagKey' }

/** The value where it is a string, a number or a boolean, else null: the variants `fractional` takes are these. */
export function primitive(value: Logic): Logic {
  return { fractional: [FLAG_KEY, [value]] }
}

export function isSet(value: Logic): Logic {
  return { '!==': [value, null] }
}

export function isMissing(value: Logic): Logic {
  return { '===': [value, null] }
}

/** `starts_with` answers null to what is no string. */
export function isText(value: Logic): Logic {
  return { starts_with: [value, ''] }
}

export function isNumber(value: Logic): Logic {
  return allOf([not(isIn(primitive(value), [null, true, false])), not(isText(value))])
}

/** An id, as bucketing and lists of ids read it: a string that is not empty, or a number. */
export function isId(value: Logic): Logic {
  return not(isIn(primitive(value), [null, true, false, '']))
}

/** Whether an id is in a list. A number is looked for in the form in which an id has it. */
export function isIdIn(value: Logic, ids: readonly string[]): Logic {
  const listed = ids.filter((id) => id !== '')
  if (!listed.some(isNumeral)) return isIn(value, listed)
  return allOf([isId(value), isIn({ cat: ['', value] }, listed)])
}

function isNumeral(text: string): boolean {
  return String(Number(text)) === text
}
