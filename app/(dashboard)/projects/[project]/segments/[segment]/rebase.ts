import type { SegmentBody } from '@/lib/control/views'
import { without } from '@/lib/describe-segment'

const merged = <T>(base: T, mine: T, theirs: T): T =>
  JSON.stringify(base) === JSON.stringify(mine) ? theirs : mine

/** Theirs, with what I added and without what I took out. */
function mergedList(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const kept = without(theirs, without(base, mine))
  return [...new Set([...kept, ...without(mine, base)])]
}

/** Conditions have no names: each is what it says. */
function mergedConditions(base: SegmentBody, mine: SegmentBody, theirs: SegmentBody): SegmentBody['any'] {
  const texts = ({ any }: SegmentBody) => any.map((condition) => JSON.stringify(condition))
  return mergedList(texts(base), texts(mine), texts(theirs)).map(
    (text) => JSON.parse(text) as SegmentBody['any'][number],
  )
}

/** My draft of `base`, on top of what has been saved meanwhile. */
export function rebase(base: SegmentBody, mine: SegmentBody, theirs: SegmentBody): SegmentBody {
  return {
    name: merged(base.name, mine.name, theirs.name),
    by: merged(base.by, mine.by, theirs.by),
    included: mergedList(base.included, mine.included, theirs.included),
    excluded: mergedList(base.excluded, mine.excluded, theirs.excluded),
    any: mergedConditions(base, mine, theirs),
  }
}
