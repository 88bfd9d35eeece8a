import { parseTimestamp } from './timestamps'
import type { Rule } from './types'

/** In epoch ms; open ends are infinite. */
export type Window = { readonly from: number; readonly until: number }

/** `null` where the rule holds at any time. */
export function windowOf({ from, until }: Rule): Window | null {
  if (from === undefined && until === undefined) return null
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : parseTimestamp(from)!,
    until: until === undefined ? Number.POSITIVE_INFINITY : parseTimestamp(until)!,
  }
}

export function isWithin(window: Window | null, now: number): boolean {
  return window === null || (window.from <= now && now < window.until)
}
