'use client'
import { useSyncExternalStore } from 'react'

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const never = () => () => {}

const PARTS = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
} as const

/** "23 Nov 2026, 14:03:07 CET": built from parts, so that server and browser write the same. */
export function formatTime(value: string, timeZone: string, clock = false): string {
  const parts = new Intl.DateTimeFormat('en-GB', { ...PARTS, timeZone }).formatToParts(new Date(value))
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
  const time = `${of('hour')}:${of('minute')}:${of('second')}`
  if (clock) return time
  return `${of('day')} ${of('month')} ${of('year')}, ${time} ${of('timeZoneName')}`
}

/** In the reader's zone, which it names; UTC until the page is alive. */
export function Time({ value, clock = false }: { value: string; clock?: boolean }) {
  const timeZone = useSyncExternalStore(never, zone, () => 'UTC')
  return (
    <time dateTime={value} title={formatTime(value, timeZone)} className="whitespace-nowrap">
      {formatTime(value, timeZone, clock)}
    </time>
  )
}

const DAY_MS = 86_400_000

/** How long ago in rough words, "3 h ago", the whole time on hover; after a week the day. `now`: when the page was made. */
export function Day({ value, now }: { value: string; now: number }) {
  const timeZone = useSyncExternalStore(never, zone, () => 'UTC')
  return (
    <time dateTime={value} title={formatTime(value, timeZone)} className="whitespace-nowrap">
      {roughly(value, now) ?? formatTime(value, timeZone).replace(/,.*$/, '')}
    </time>
  )
}

/** "now", "12 min ago", "3 h ago", "2 days ago"; null: longer than a week. */
export function roughly(value: string, now: number): string | null {
  const ms = Math.max(0, now - Date.parse(value))
  if (ms < 2 * 60_000) return 'now'
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`
  if (ms < DAY_MS) return `${Math.floor(ms / 3_600_000)} h ago`
  if (ms < 7 * DAY_MS) return ms < 2 * DAY_MS ? '1 day ago' : `${Math.floor(ms / DAY_MS)} days ago`
  return null
}
