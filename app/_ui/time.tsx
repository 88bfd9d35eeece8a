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
