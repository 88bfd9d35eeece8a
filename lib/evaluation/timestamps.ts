import { digitAt, digitsIn } from './digits'

const LONGEST = '0000-00-00T00:00:00.000000000+00:00'.length
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const COLON = 0x3a
const T = 0x74
const Z = 0x7a
const LOWER_CASE = 0x20

/** After 400 years the calendar repeats; so many later, Date.UTC takes no year for one of the twentieth century. */
const CYCLE_YEARS = 400
const CYCLE_MS = 146_097 * 86_400_000

/**
 * Reads an RFC 3339 timestamp as epoch milliseconds, finer fractions cut off; `null` where the text is anything
 * else. `Date.parse` would not do: runtimes disagree on what else it accepts, 30 February among it.
 */
export function parseTimestamp(text: string): number | null {
  if (text.length > LONGEST || !hasSeparators(text)) return null
  const year = digitsIn(text, 0, 4) + CYCLE_YEARS
  const month = digitsIn(text, 5, 7)
  const day = digitsIn(text, 8, 10)
  const hour = digitsIn(text, 11, 13)
  const minute = digitsIn(text, 14, 16)
  const second = digitsIn(text, 17, 19)
  if (year < CYCLE_YEARS || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || second < 0)
    return null
  if (hour > 23 || minute > 59 || second > 59) return null
  if (Date.UTC(year, month - 1, day) >= Date.UTC(year, month, 1)) return null // the month is over before that day

  let at = 19
  let millisecond = 0
  if (text.charCodeAt(at) === POINT) {
    for (at++; digitAt(text, at) !== -1; at++) {
      const place = at === 20 ? 100 : at === 21 ? 10 : at === 22 ? 1 : 0
      millisecond += digitAt(text, at) * place
    }
    if (at === 20 || at > 29) return null
  }
  const offset = offsetAt(text, at)
  if (offset === null) return null
  return Date.UTC(year, month - 1, day, hour, minute - offset, second, millisecond) - CYCLE_MS
}

function hasSeparators(text: string): boolean {
  return (
    text.charCodeAt(4) === MINUS &&
    text.charCodeAt(7) === MINUS &&
    (text.charCodeAt(10) | LOWER_CASE) === T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  )
}

/** Minutes east of UTC, from the end of a timestamp. */
function offsetAt(text: string, at: number): number | null {
  const sign = text.charCodeAt(at)
  if ((sign | LOWER_CASE) === Z) return text.length === at + 1 ? 0 : null
  if ((sign !== PLUS && sign !== MINUS) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON)
    return null
  const hours = digitsIn(text, at + 1, at + 3)
  const minutes = digitsIn(text, at + 4, at + 6)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null
  return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes)
}
