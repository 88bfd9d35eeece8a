import { BOUNDS } from './bounds'
import { own } from './records'
import { segmentsNamed, segmentsOfFlag } from './references'
import type { Flag, Segment } from './types'

type Segments = Readonly<Record<string, Segment>>

/**
 * Finds what is wrong with the segments a flag reaches: missing, malformed, in a cycle, or nested too deep. `null`
 * where nothing is. One linker serves all flags of a config and looks at each segment they name once.
 */
export function linker(
  segments: Segments,
  malformed: Readonly<Record<string, string>>,
): (flag: Flag) => string | null {
  const known = new Map<string, string | null>()
  return (flag) => {
    for (const key of segmentsOfFlag(flag)) {
      let found = known.get(key)
      if (found === undefined) {
        found = segmentFault(key, segments, malformed)
        known.set(key, found)
      }
      if (found !== null) return found
    }
    return null
  }
}

function segmentFault(start: string, segments: Segments, malformed: Readonly<Record<string, string>>) {
  const trail: string[] = []
  const heights = new Map<string, number>()
  const tooDeep = () => `segment "${start}" nests more than ${BOUNDS.segmentDepth} segments deep`

  const visit = (key: string): string | null => {
    if (trail.includes(key)) return `segments name each other in a cycle: ${[...trail, key].join(' -> ')}`
    if (heights.has(key)) return null
    const segment = own(segments, key)
    if (!segment) return missing(key, malformed)
    if (trail.length === BOUNDS.segmentDepth) return tooDeep()

    trail.push(key)
    let height = 1
    for (const named of segmentsNamed(segment.any)) {
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

function missing(key: string, malformed: Readonly<Record<string, string>>): string {
  const reason = own(malformed, key)
  return reason === undefined ? `there is no segment "${key}" in this config` : `segment "${key}": ${reason}`
}
