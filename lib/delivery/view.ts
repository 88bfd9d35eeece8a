import { type StoredPatch, visibleAfter } from '@/db/config-log'
import {
  type Config,
  type ConfigPatch,
  type ParsedConfig,
  type Segment,
  segmentsNamed,
  segmentsOfFlag,
  type WireFlag,
} from '@/lib/evaluation'

/** What a config shows: everything, or the flags that are available to browsers. */
export const views = ['server', 'full'] as const
export type View = (typeof views)[number]

/** What a key may see: a config, or only what is left of it for one context. */
export const keyViews = [...views, 'residual'] as const
export type KeyView = (typeof keyViews)[number]

/** What browsers may see. `segments`: those that the flags reach; null until somebody asks. */
export type Shown = { flags: ReadonlySet<string>; segments: ReadonlySet<string> | null }

function reached(config: ParsedConfig, flags: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  if (config.segments.size === 0) return found
  const name = (keys: readonly string[]) => {
    for (const key of keys) if (config.segments.has(key)) found.add(key)
  }
  for (const key of flags) name(segmentsOfFlag(config.flags.get(key) ?? {}))
  for (const key of found) name(segmentsNamed(config.segments.get(key)!.any)) // a Set visits what is added meanwhile
  return found
}

/** The config as browsers in mode `full` hold it. */
export function viewOf(config: ParsedConfig, shown: Shown): Config {
  const { flagSetId, id, killed, killedAt } = config
  shown.segments ??= reached(config, shown.flags)
  const flags: Record<string, WireFlag> = {}
  for (const key of [...shown.flags].sort()) {
    const flag = config.flags.get(key)
    if (flag) flags[key] = flag
  }
  const segments: Record<string, Segment> = {}
  for (const key of shown.segments) segments[key] = config.segments.get(key)!
  return {
    schema: 1,
    flagSetId,
    id,
    flags,
    segments,
    killed: killed.filter((key) => shown.flags.has(key)),
    killedAt,
  }
}

/** What browsers see of one version: what is shown after it, and what that changed for them. */
export function shownAfter(
  shown: Shown,
  before: ParsedConfig,
  after: ParsedConfig,
  patch: StoredPatch,
): { after: Shown; changes: Pick<ConfigPatch, 'flags' | 'segments'> } {
  const flags = visibleAfter(shown.flags, patch)
  const changed: Record<string, WireFlag | null> = {}
  for (const key of new Set([...Object.keys(patch.flags), ...Object.keys(patch.browser)])) {
    if (flags.has(key)) changed[key] = after.flags.get(key) ?? null
    else if (shown.flags.has(key)) changed[key] = null
  }
  const namesSegments = (config: ParsedConfig) => (key: string) =>
    segmentsOfFlag(config.flags.get(key) ?? {}).length > 0
  const keys = Object.keys(changed)
  if (
    Object.keys(patch.segments).length === 0 &&
    !keys.some(namesSegments(before)) &&
    !keys.some(namesSegments(after))
  )
    return { after: { flags, segments: shown.segments }, changes: { flags: changed, segments: {} } }

  shown.segments ??= reached(before, shown.flags)
  const segments = reached(after, flags)
  const changes: Record<string, Segment | null> = {}
  for (const key of new Set([...shown.segments, ...segments])) {
    const was = shown.segments.has(key) ? before.segments.get(key) : undefined
    const is = segments.has(key) ? after.segments.get(key) : undefined
    if (was !== is) changes[key] = is ?? null
  }
  return { after: { flags, segments }, changes: { flags: changed, segments: changes } }
}

/** Two patches that follow each other, as one. */
export function joined(first: ConfigPatch, second: ConfigPatch): ConfigPatch {
  return {
    ...second,
    from: first.from,
    flags: { ...first.flags, ...second.flags },
    segments: { ...first.segments, ...second.segments },
  }
}
