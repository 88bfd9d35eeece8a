import { flagSense } from './flag-sense'
import { flagShape, key as keyShape, segmentShape } from './flag-shape'
import { describeFault, type Fault } from './shape'
import type { Flag, Segment, WireFlag } from './types'
import { fromWire } from './wire'

export type Read<T> =
  | { readonly value: T; readonly fault: null }
  | { readonly value: null; readonly fault: string }

/** Checks a flag as it came off the wire, taken alone: the segments it names are not looked at. */
export function readFlag(key: string, input: unknown): Read<Flag> {
  const found = keyShape(key) ?? flagShape(input)
  if (found) return faulty(found)
  const flag = fromWire(key, input as WireFlag)
  const senseless = flagSense(flag)
  return senseless ? faulty(senseless) : { value: flag, fault: null }
}

/** Checks a segment as it came off the wire, taken alone. */
export function readSegment(key: string, input: unknown): Read<Segment> {
  const found = keyShape(key) ?? segmentShape(input)
  return found ? faulty(found) : { value: input as Segment, fault: null }
}

function faulty(found: Fault): Read<never> {
  return { value: null, fault: describeFault(found) }
}
