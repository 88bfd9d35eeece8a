const DURATION = /^([1-9]\d{0,9})([smhdw])$/

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }

/** "30s", "15m", "12h", "7d" or "2w" in milliseconds; `null` where the text is anything else. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text)
  if (!match) return null
  const ms = Number(match[1]) * UNIT_MS[match[2]!]!
  return Number.isSafeInteger(ms) ? ms : null
}
