import type { ParsedConfig } from './parsed-config'
import { windowOf } from './rule-window'
import type { Rule } from './types'

/**
 * The next moment (epoch ms) after `now` at which a rule's window opens or closes, and the flags whose answer may
 * differ from then on, dependants included. `null` where no window is left.
 */
export function nextWindowEdge(
  { program }: ParsedConfig,
  now: number,
): { at: number; flags: string[] } | null {
  const live = (key: string) => program.isLive(key)
  let at = Number.POSITIVE_INFINITY
  let seeds: string[] = []
  for (const key of program.graph.timed) {
    if (!live(key)) continue
    const edge = nextEdge(program.cell(key)!.flag!.rules, now)
    if (edge < at) {
      at = edge
      seeds = []
    }
    if (edge === at && edge !== Number.POSITIVE_INFINITY) seeds.push(key)
  }
  if (seeds.length === 0) return null
  return { at, flags: [...program.graph.withDependants(seeds, live)].sort() }
}

function nextEdge(rules: readonly Rule[], now: number): number {
  let next = Number.POSITIVE_INFINITY
  for (const rule of rules) {
    const window = windowOf(rule)
    if (window === null) continue
    if (window.from > now) next = Math.min(next, window.from)
    if (window.until > now) next = Math.min(next, window.until)
  }
  return next
}
