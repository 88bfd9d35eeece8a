import { rememberLast } from './last-text'
import { parseTimestamp } from './timestamps'

const readText = rememberLast(parseTimestamp)
const { getTime } = Date.prototype

/** An RFC 3339 text, epoch milliseconds or a Date, as epoch milliseconds; `undefined` where it is anything else. */
export function readTime(actual: unknown): number | undefined {
  if (typeof actual === 'number') return Number.isFinite(actual) ? actual : undefined
  if (typeof actual === 'string') return readText(actual) ?? undefined
  return typeof actual === 'object' ? readDate(actual) : undefined
}

/** A Date may come from another realm, so that `instanceof` would not know it; ours reads it all the same. */
function readDate(actual: object | null): number | undefined {
  try {
    const ms = getTime.call(actual as Date)
    return Number.isFinite(ms) ? ms : undefined
  } catch {
    return undefined
  }
}
