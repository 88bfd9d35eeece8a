import type { StoredPatch } from '@/db/config-log'
import type { flags, segments, targetings } from '@/db/schema'
import { parseConfig, type Segment, toWire, type WireFlag } from '@/lib/evaluation'
import { publishedRules } from '@/lib/stored-rules'

type FlagRow = typeof flags.$inferSelect
type TargetingRow = typeof targetings.$inferSelect
type SegmentRow = typeof segments.$inferSelect

/** A patch in the making, and by how many bytes it grows the config. */
export type Change = { patch: StoredPatch; bytes: number }

/** A flag as providers receive it. `version` is the environment version that publishes it. */
export function compileFlag(flag: FlagRow, targeting: TargetingRow, version: number): WireFlag {
  const { on, offVariant, salt, prerequisites, targets, rules, fallthrough } = targeting
  const { key, type, variants, metadata } = flag
  return toWire(key, {
    type,
    version,
    on,
    variants,
    offVariant,
    salt,
    prerequisites,
    targets,
    rules: publishedRules(rules),
    fallthrough,
    metadata,
  })
}

export function compileSegment({ by, included, excluded, any }: SegmentRow): Segment {
  return { by, included, excluded, any }
}

/** Everything reachable from `start`, itself included. `next` may name things that do not exist. */
export function reachable(start: Iterable<string>, next: (key: string) => readonly string[]): Set<string> {
  const seen = new Set<string>()
  const queue = [...start]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (seen.has(key)) continue
    seen.add(key)
    queue.push(...next(key))
  }
  return seen
}

/**
 * Why providers would refuse one of these flags, or null: the consumer's own parser has the last word before anything is
 * committed. `segments` holds what the flags reach; lists may be left empty.
 */
export function refusedByProviders(
  flags: Readonly<Record<string, WireFlag | null>>,
  segments: Readonly<Record<string, Segment>>,
): string | null {
  const id = '1.1.00000000'
  const kept = Object.fromEntries(Object.entries(flags).filter(([, flag]) => flag !== null))
  const parsed = parseConfig({
    schema: 1,
    flagSetId: 'check/check',
    id,
    flags: kept,
    segments,
    killed: [],
    killedAt: id,
  })
  if (!parsed.ok) return parsed.error
  const [first] = Object.entries(parsed.config.malformed())
  return first ? `flag "${first[0]}": ${first[1]}` : null
}
