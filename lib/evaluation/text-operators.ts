import { BOUNDS } from './bounds'
import { anyOf, type Entry, someOf, type Test } from './operator-entry'
import { compileRegex, regexFault } from './regex'
import { type Check, fault, list, string } from './shape'

const pattern: Check = (input) => {
  const found = string(input)
  if (found) return found
  const complaint = regexFault(input as string)
  return complaint === null ? null : fault(complaint)
}

export const textOperators = {
  contains: text((wanted) => (actual) => (isText(actual) ? actual.includes(wanted) : undefined)),
  starts_with: text((wanted) => (actual) => (isText(actual) ? actual.startsWith(wanted) : undefined)),
  ends_with: text((wanted) => (actual) => (isText(actual) ? actual.endsWith(wanted) : undefined)),
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

/** A single text is tested without a detour: most conditions have no more. */
function text(prepareOne: (wanted: string) => Test): Entry {
  return {
    values: someOf(string),
    ignoresCase: true,
    prepare: (values, ignoreCase) => {
      const wanted = values as readonly string[]
      if (wanted.length === 1 && !ignoreCase) return prepareOne(wanted[0]!)
      const tests = wanted.map((value) => prepareOne(ignoreCase ? value.toLowerCase() : value))
      return (actual, now) => {
        if (!isText(actual)) return undefined
        const subject = ignoreCase ? actual.toLowerCase() : actual
        for (const test of tests) if (test(subject, now) === true) return true
        return false
      }
    },
  }
}

function isText(input: unknown): input is string {
  return typeof input === 'string'
}
