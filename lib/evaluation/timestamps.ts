const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/**
 * Reads an RFC 3339 timestamp as epoch milliseconds, finer fractions cut off; `null` where the text is anything
 * else. `Date.parse` would not do: runtimes disagree on what else it accepts, 30 February among it.
 */
export function parseTimestamp(text: string): number | null {
  const match = RFC_3339.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const offsetHour = Number(match[9] ?? 0)
  const offsetMinute = Number(match[10] ?? 0)
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null

  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day) // Date.UTC would read the years 0 to 99 as 1900 to 1999
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null

  const offset = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute)
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond
}
