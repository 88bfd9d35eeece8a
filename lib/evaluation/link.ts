import { BOUNDS } from './bounds'
import type { Read } from './flag-reader'
import { segmentsNamed, segmentsOfFlag } from './references'
import type { Flag, Segment } from './types'

const NONE: ReadonlySet<string> = new Set()

type SegmentOf = (key: string) => Read<Segment> | undefined

/**
 * Finds what is wrong with the segments a flag reaches: missing, malformed, in a cycle, or nested too deep. `null`
 * where nothing is. One linker serves all flags of a config and looks at each segment they name once.
 */
export function linker(segmentOf: SegmentOf): (flag: Flag) => string | null {
  const known = new Map<string, string | null>()
  return (flag) => {
    for (const key of segmentsOfFlag(flag)) {
      let found = known.get(key)
      if (found === undefined) {
        found = segmentFault(key, segmentOf)
        known.set(key, found)
      }
      if (found !== null) return found
    }
    return null
  }
}

/** The segments that a flag reaches, however far, whether they are there or not. */
export function segmentsReached(flag: Flag | null, segmentOf: SegmentOf): ReadonlySet<string> {
  const named = flag ? segmentsOfFlag(flag) : []
  if (named.length === 0) return NONE
  const reached = new Set(named) // a Set visits what is added while it is walked
  for (const key of reached)
    for (const next of segmentsNamed(segmentOf(key)?.value?.any ?? [])) reached.add(next)
  return reached
}

function segmentFault(start: string, segmentOf: SegmentOf): string | null {
  const trail: string[] = []
  const heights = new Map<string, number>()
  const tooDeep = () => `segment "${start}" nests more than ${BOUNDS.segmentDepth} segments deep`

  const visit = (key: string): string | null => {
    if (trail.includes(key)) return `segments name each other in a cycle: ${[...trail, key].join(' -> ')}`
    if (heights.has(key)) return null
    const read = segmentOf(key)
    if (!read) return `there is no segment "${key}" in this config`
    if (read.fault !== null) return `segment "${key}": ${read.fault}`
    if (trail.length === BOUNDS.segmentDepth) return tooDeep()

    trail.push(key)
    let height = 1
    for (const named of segmentsNamed(read.value.any)) {
      const found = visit(named)
      if (found !== null) return found
      height = Math.max(height, 1 + heights.get(named)!)
    }
    trail.pop()
    heights.set(key, height)
    return height > BOUNDS.segmentDepth ? tooDeep() : null
  }
  return visit(start)
}
