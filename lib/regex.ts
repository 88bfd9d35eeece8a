import { provideRegex } from './evaluation/regex'

// Time is linear in the subject, and in this: a subject of the largest size takes up to some 100 ms at the limit.
const LARGEST_PROGRAM = 1_000 // instructions

let loading: Promise<void> | null = null

/** Gives the evaluation engine its regular expressions: RE2, which is large and comes only now. Once; may be retried. */
export function loadRegex(): Promise<void> {
  loading ??= load().catch((error) => {
    loading = null
    throw error
  })
  return loading
}

async function load(): Promise<void> {
  const { RE2JS } = await import('re2js')
  provideRegex({
    compile(pattern, ignoreCase) {
      const regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
      const size = regex.programSize()
      if (size > LARGEST_PROGRAM)
        throw new Error(`it compiles to ${size} instructions; the most is ${LARGEST_PROGRAM}: repeat less`)
      return (subject) => regex.test(subject)
    },
  })
}
