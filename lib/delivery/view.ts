import { type ConfigState, configId, type StoredPatch } from '@/db/config-log'
import {
  type Config,
  type ConfigPatch,
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

type Visible = Pick<Config, 'flags' | 'segments' | 'killed' | 'killedAt'>

function reached(
  flags: Record<string, WireFlag>,
  segments: Record<string, Segment>,
): Record<string, Segment> {
  const found: Record<string, Segment> = {}
  const queue = Object.values(flags).flatMap(segmentsOfFlag)
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const segment = Object.hasOwn(segments, key) ? segments[key] : undefined
    if (!segment || Object.hasOwn(found, key)) continue
    found[key] = segment
    queue.push(...segmentsNamed(segment.any))
  }
  return found
}

/** The part of a state that a view shows. */
export function visibleIn(view: View, state: ConfigState): Visible {
  const { flags, segments, browser, killed, killedAt } = state
  if (view === 'server') return { flags, segments, killed, killedAt }
  const shown = Object.fromEntries(
    [...browser].sort().flatMap((key) => (flags[key] ? [[key, flags[key]]] : [])),
  )
  return {
    flags: shown,
    segments: reached(shown, segments),
    killed: killed.filter((key) => browser.has(key)),
    killedAt,
  }
}

export function configOf(view: View, flagSetId: string, state: ConfigState): Config {
  return { schema: 1, flagSetId, id: configId(state), ...visibleIn(view, state) }
}

function flagChanges(before: ConfigState, after: ConfigState, keys: readonly string[]): ConfigPatch['flags'] {
  const changes: Record<string, WireFlag | null> = {}
  for (const key of keys) {
    if (after.browser.has(key)) changes[key] = after.flags[key] ?? null
    else if (before.browser.has(key)) changes[key] = null
  }
  return changes
}

function segmentChanges(before: Visible, after: Visible): ConfigPatch['segments'] {
  const changes: Record<string, Segment | null> = {}
  for (const key of new Set([...Object.keys(before.segments), ...Object.keys(after.segments)])) {
    const now = Object.hasOwn(after.segments, key) ? after.segments[key]! : null
    if (now !== before.segments[key]) changes[key] = now
  }
  return changes
}

/** One version's change as a view sees it; empty where it touches nothing that the view shows. */
export function patchOf(
  view: View,
  before: ConfigState,
  after: ConfigState,
  patch: StoredPatch,
): ConfigPatch {
  const ids = { from: configId(before), to: configId(after) }
  if (view === 'server') {
    const { flags, segments } = patch
    return { ...ids, flags, segments, killed: after.killed, killedAt: after.killedAt }
  }
  const touched = [...new Set([...Object.keys(patch.flags), ...Object.keys(patch.browser)])]
  const [was, is] = [visibleIn(view, before), visibleIn(view, after)]
  return {
    ...ids,
    flags: flagChanges(before, after, touched),
    segments: segmentChanges(was, is),
    killed: is.killed,
    killedAt: is.killedAt,
  }
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
