import { flagFault } from './flag-sense'
import { key, segmentShape } from './flag-shape'
import { linker } from './link'
import { copyRecord, own } from './records'
import { segmentsOfFlag, segmentsReaching } from './references'
import { describeFault } from './shape'
import type { Flag, ParsedConfig, Segment } from './types'

/** Untrusted flags and segments by key; `undefined`, which JSON cannot say, removes. */
export type Changes = {
  readonly flags: Readonly<Record<string, unknown>>
  readonly segments: Readonly<Record<string, unknown>>
}

/**
 * Puts changes into a config, checking what is new and what reaches a changed segment, and nothing else. A whole
 * config is parsed by merging it into an empty one, so that a patched config and a parsed one cannot differ.
 */
export function merge(base: ParsedConfig, changes: Changes): ParsedConfig {
  const { segments, malformedSegments } = mergeSegments(base, changes.segments)
  const flags = copyRecord(base.flags)
  const malformed = copyRecord(base.malformed)
  const unlinked = copyRecord(base.unlinked)
  const linkFault = linker(segments, malformedSegments)

  const remove = (name: string) => {
    delete flags[name]
    delete malformed[name]
    delete unlinked[name]
  }
  const link = (name: string, flag: Flag) => {
    remove(name)
    const found = linkFault(flag)
    if (found === null) {
      flags[name] = flag
    } else {
      malformed[name] = found
      unlinked[name] = flag
    }
  }

  for (const [name, flag] of flagsReaching(Object.keys(changes.segments), base, segments)) link(name, flag)
  for (const name of Object.keys(changes.flags)) {
    const input = changes.flags[name]
    remove(name)
    if (input === undefined) continue
    const found = keyFault(name) ?? flagFault(input)
    if (found === null) link(name, input as Flag)
    else malformed[name] = found
  }
  return { ...base, flags, segments, malformed, unlinked, malformedSegments }
}

function mergeSegments(base: ParsedConfig, changes: Changes['segments']) {
  if (Object.keys(changes).length === 0) return base
  const segments = copyRecord(base.segments)
  const malformedSegments = copyRecord(base.malformedSegments)
  for (const name of Object.keys(changes)) {
    const input = changes[name]
    delete segments[name]
    delete malformedSegments[name]
    if (input === undefined) continue
    const found = keyFault(name) ?? segmentFault(input)
    if (found === null) segments[name] = input as Segment
    else malformedSegments[name] = found
  }
  return { segments, malformedSegments }
}

function flagsReaching(
  changed: readonly string[],
  base: ParsedConfig,
  segments: ParsedConfig['segments'],
): [string, Flag][] {
  if (changed.length === 0) return []
  const reaching = segmentsReaching(changed, segments)
  return [base.flags, base.unlinked].flatMap((flags) =>
    Object.keys(flags)
      .map((name): [string, Flag] => [name, own(flags, name)!])
      .filter(([, flag]) => segmentsOfFlag(flag).some((segment) => reaching.has(segment))),
  )
}

function keyFault(name: string): string | null {
  const found = key(name)
  return found && describeFault(found)
}

function segmentFault(input: unknown): string | null {
  const found = segmentShape(input)
  return found && describeFault(found)
}
