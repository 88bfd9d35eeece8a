import { BOUNDS } from './bounds'

/**
 * Finds patterns in time linear in the subject, wherever in it they are. The engine brings none of its own: it would
 * be ten times the rest, and few configs need it.
 */
export type RegexEngine = {
  /** Throws where the pattern is malformed. */
  readonly compile: (pattern: string, ignoreCase: boolean) => (subject: string) => boolean
}

let provided: RegexEngine | null = null

/** Sets what `matches` runs on. Until then a flag with such a condition is malformed. */
export function provideRegex(engine: RegexEngine): void {
  provided = engine
}

/** Whether a serialised config, or patch, may need the regular expression engine. */
export function mentionsRegex(text: string): boolean {
  return text.includes('"matches"')
}

/** What is wrong with a pattern, in words; `null` where nothing is. */
export function regexFault(pattern: string): string | null {
  const { length } = pattern
  if (length > BOUNDS.patternLength) return `has ${length} characters; the most is ${BOUNDS.patternLength}`
  if (!provided) return 'cannot be read: the regular expression engine is not loaded'
  try {
    provided.compile(pattern, false)
    return null
  } catch (error) {
    return `is no pattern: ${error instanceof Error ? error.message : String(error)}`
  }
}

export function compileRegex(pattern: string, ignoreCase: boolean): (subject: string) => boolean {
  if (!provided) throw new Error('the regular expression engine is not loaded')
  return provided.compile(pattern, ignoreCase)
}
