import { parseDuration } from './durations'
import { type Entry, oneOfThem } from './operator-entry'
import { must } from './shape'
import { readTime } from './times'

const instant = must(
  'an RFC 3339 time, such as 2026-03-01T09:00:00Z, or epoch milliseconds',
  (input) => (typeof input === 'string' || typeof input === 'number') && readTime(input) !== undefined,
)
const duration = must(
  'a duration: a whole number above 0 and s, m, h, d or w, such as "7d"',
  (input) => typeof input === 'string' && parseDuration(input) !== null,
)

export const timeOperators = {
  before: comparison((at, limit) => at < limit),
  after: comparison((at, limit) => at > limit),
  within_last: age((age, limit) => age >= 0 && age <= limit),
  older_than: age((age, limit) => age > limit),
} as const satisfies Readonly<Record<string, Entry>>

function comparison(passes: (at: number, limit: number) => boolean): Entry {
  return {
    values: oneOfThem(instant),
    prepare: (values) => {
      const limit = readTime(values[0])!
      return (actual) => {
        const at = readTime(actual)
        return at === undefined ? undefined : passes(at, limit)
      }
    },
  }
}

function age(passes: (age: number, limit: number) => boolean): Entry {
  return {
    values: oneOfThem(duration),
    readsTime: true,
    prepare: (values) => {
      const limit = parseDuration(values[0] as string)!
      return (actual, now) => {
        const at = readTime(actual)
        return at === undefined ? undefined : passes(now - at, limit)
      }
    },
  }
}
