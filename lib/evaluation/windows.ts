import { isKilled } from './kills'
import { own } from './records'
import { withDependants } from './references'
import { parseTimestamp } from './timestamps'
import type { ParsedConfig, Rule } from './types'

type Window = { readonly from: number; readonly until: number }

const windows = new WeakMap<Rule, Window>()

export function isInWindow(rule: Rule, now: number): boolean {
  if (!hasWindow(rule)) return true
  const { from, until } = windowOf(rule)
  return from <= now && now < until
}

/**
 * The next moment (epoch ms) after `now` at which a rule's window opens or closes, and the flags whose answer may
 * differ from then on, dependants included. `null` where no window is left.
 */
export function nextWindowEdge(config: ParsedConfig, now: number): { at: number; flags: string[] } | null {
  let at = Number.POSITIVE_INFINITY
  let seeds: string[] = []
  for (const key of Object.keys(config.flags)) {
    if (!isLive(config, key)) continue
    const edge = nextEdge(own(config.flags, key)!.rules, now)
    if (edge < at) {
      at = edge
      seeds = []
    }
    if (edge === at && edge !== Number.POSITIVE_INFINITY) seeds.push(key)
  }
  if (seeds.length === 0) return null
  return { at, flags: [...withDependants(seeds, config.flags, (key) => isLive(config, key))].sort() }
}

/** Whether a flag can answer more than one thing: off and killed flags cannot. */
export function isLive(config: ParsedConfig, key: string): boolean {
  return own(config.flags, key)?.on === true && !isKilled(config, key)
}

function nextEdge(rules: readonly Rule[], now: number): number {
  let next = Number.POSITIVE_INFINITY
  for (const rule of rules) {
    if (!hasWindow(rule)) continue
    const { from, until } = windowOf(rule)
    if (from > now) next = Math.min(next, from)
    if (until > now) next = Math.min(next, until)
  }
  return next
}

function hasWindow({ from, until }: Rule): boolean {
  return from !== undefined || until !== undefined
}

function windowOf(rule: Rule): Window {
  let window = windows.get(rule)
  if (!window) {
    window = {
      from: rule.from === undefined ? Number.NEGATIVE_INFINITY : parseTimestamp(rule.from)!,
      until: rule.until === undefined ? Number.POSITIVE_INFINITY : parseTimestamp(rule.until)!,
    }
    windows.set(rule, window)
  }
  return window
}
