import { RE2JS } from 're2js'
import type { RegexEngine } from './evaluation/regex'

// Time is linear in the subject, and in this: a subject of the largest size takes up to some 100 ms at the limit.
const LARGEST_PROGRAM = 1_000 // instructions

/** RE2 in JavaScript. Large: import it through lib/regex.ts, which loads it on demand. */
export const re2: RegexEngine = {
  compile(pattern, ignoreCase) {
    const regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
    const size = regex.programSize()
    if (size > LARGEST_PROGRAM)
      throw new Error(`it compiles to ${size} instructions; the most is ${LARGEST_PROGRAM}: repeat less`)
    return (subject) => regex.test(subject)
  },
}
