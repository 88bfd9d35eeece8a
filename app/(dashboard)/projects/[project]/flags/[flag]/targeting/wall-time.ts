'use client'
import { useEffect, useState } from 'react'

/** The zone that a time is typed in: the reader's, or UTC. */
export type Zone = 'own' | 'utc'

const TICK_MS = 15_000 // a window that begins is seen to begin

/** Now, and the reader's zone; null until the page is alive: the server knows neither. */
export function useClock(): { now: number; zone: string } | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return now === null ? null : { now, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
}

const pad = (number: number) => String(Math.abs(number)).padStart(2, '0')

/** Minutes east of UTC, of a zone at a time. */
const offsetAt = (time: Date, zone: Zone) => (zone === 'utc' ? 0 : -time.getTimezoneOffset())

/** What a field of a date and a time holds for an instant: "2026-12-01T09:00" there. */
export function typedOf(instant: string | undefined, zone: Zone): string {
  const time = new Date(instant ?? '')
  if (Number.isNaN(time.getTime())) return ''
  const there = new Date(time.getTime() + offsetAt(time, zone) * 60_000)
  return there.toISOString().replace(/(:00)?\.\d+Z$/, '')
}

/** The other way round: an RFC 3339 time with the offset that the zone has then. */
export function instantOf(typed: string, zone: Zone): string {
  const seconds = typed.length === 16 ? `${typed}:00` : typed
  if (zone === 'utc') return `${seconds}Z`
  const offset = offsetAt(new Date(seconds), zone)
  const written = `${offset < 0 ? '-' : '+'}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`
  return `${seconds}${written}`
}
