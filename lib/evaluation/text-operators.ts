import { BOUNDS } from './bounds'
import { anyOf, type Entry, someOf } from './operator-entry'
import { compileRegex, regexFault } from './regex'
import { type Check, fault, list, string } from './shape'

const pattern: Check = (input) => {
  const found = string(input)
  if (found) return found
  const complaint = regexFault(input as string)
  return complaint === null ? null : fault(complaint)
}

export const textOperators = {
  contains: text((wanted) => (actual) => actual.includes(wanted)),
  starts_with: text((wanted) => (actual) => actual.startsWith(wanted)),
  ends_with: text((wanted) => (actual) => actual.endsWith(wanted)),
  matches: {
    values: list(pattern, { from: 1, to: BOUNDS.patterns }),
    ignoresCase: true,
    prepare: (values, ignoreCase) => {
      const patterns = values as readonly string[]
      const passes = anyOf(patterns.map((value) => compileRegex(value, ignoreCase)))
      return (actual) =>
        typeof actual === 'string' && actual.length <= BOUNDS.subjectLength ? passes(actual) : undefined
    },
  },
} as const satisfies Readonly<Record<string, Entry>>

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
