import { isKilled } from './kills'
import { own } from './records'
import { segmentsOfFlag, segmentsReaching, withDependants } from './references'
import type { Flag, ParsedConfig } from './types'
import { sameJson } from './values'
import { isLive } from './windows'

/**
 * The sorted keys of the flags that may answer differently after than before: added, removed, edited, killed or
 * revived, malformed or mended, and those that a changed segment or a changed prerequisite can reach.
 */
export function changedFlags(before: ParsedConfig | null, after: ParsedConfig): string[] {
  const keys = new Set([...keysOf(before), ...keysOf(after)])
  if (before === null || before.flagSetId !== after.flagSetId) return [...keys].sort()

  const segments = changedSegments(before, after)
  const live = (key: string) => isLive(after, key)
  const reached = (key: string) =>
    live(key) && segmentsOfFlag(own(after.flags, key)!).some((segment) => segments.has(segment))
  const seeds = [...keys].filter((key) => differs(key, before, after) || reached(key))
  return [...withDependants(seeds, after.flags, live)].sort()
}

function keysOf(config: ParsedConfig | null): string[] {
  return config === null ? [] : [...Object.keys(config.flags), ...Object.keys(config.malformed)]
}

function differs(key: string, before: ParsedConfig, after: ParsedConfig): boolean {
  return (
    !sameJson(own<Flag>(before.flags, key), own<Flag>(after.flags, key)) ||
    own(before.malformed, key) !== own(after.malformed, key) ||
    isKilled(before, key) !== isKilled(after, key)
  )
}

function changedSegments(before: ParsedConfig, after: ParsedConfig): ReadonlySet<string> {
  if (before.segments === after.segments) return new Set()
  const keys = new Set([...Object.keys(before.segments), ...Object.keys(after.segments)])
  const changed = [...keys].filter((key) => !sameJson(own(before.segments, key), own(after.segments, key)))
  return segmentsReaching(changed, after.segments)
}
