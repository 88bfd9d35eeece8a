import type { FieldError } from './errors'

/** The rule a text breaks, or null. Postgres keeps no NUL, and half a surrogate pair is no character in UTF-8. */
function problem(text: string): string | null {
  if (text.includes('\0')) return 'the character U+0000 cannot be kept: leave it out'
  return /\p{Surrogate}/u.test(text) ? 'half of a surrogate pair is not a character: leave it out' : null
}

/** The first text in a plain value, key or value, that could not be kept as it was sent. */
export function unstorable(value: unknown, path: readonly string[] = []): FieldError | null {
  if (typeof value === 'string') {
    const message = problem(value)
    return message === null ? null : { path: path.join('.'), message }
  }
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorable(inner, [...path, key]) ?? (problem(key) === null ? null : unstorable(key, path))
    if (found) return found
  }
  return null
}
