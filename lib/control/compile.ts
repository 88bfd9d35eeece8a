import type { flags, segments, targetings } from '@/db/schema'
import type { Condition, Flag, Segment } from '@/lib/evaluation'

type FlagRow = typeof flags.$inferSelect
type TargetingRow = typeof targetings.$inferSelect
type SegmentRow = typeof segments.$inferSelect

/** A flag as providers receive it. `version` is the environment version that publishes it. */
export function compileFlag(flag: FlagRow, targeting: TargetingRow, version: number): Flag {
  return {
    type: flag.type,
    version,
    on: targeting.on,
    variants: flag.variants,
    offVariant: targeting.offVariant,
    salt: targeting.salt,
    prerequisites: targeting.prerequisites,
    targets: targeting.targets,
    rules: targeting.rules,
    fallthrough: targeting.fallthrough,
    ...(Object.keys(flag.metadata).length > 0 ? { metadata: flag.metadata } : {}),
  }
}

export function compileSegment({ by, included, excluded, any }: SegmentRow): Segment {
  return { by, included, excluded, any }
}

/** Keys of the segments that conditions name, directly. */
export function segmentRefs(conditions: readonly Condition[]): string[] {
  return conditions.flatMap((condition) => {
    if ('segment' in condition) return [condition.segment]
    if ('all' in condition) return segmentRefs(condition.all)
    if ('any' in condition) return segmentRefs(condition.any)
    if ('not' in condition) return segmentRefs([condition.not])
    return []
  })
}

export const flagSegments = (flag: Pick<Flag, 'rules'>) => segmentRefs(flag.rules.map((rule) => rule.when))

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
