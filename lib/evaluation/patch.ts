import { BOUNDS } from './bounds'
import { patchEnvelope } from './envelope'
import { compareIds } from './ids'
import { withNewerKills } from './kills'
import { merge } from './merge'
import { emptyRecord } from './records'
import type { ConfigPatch, ParsedConfig } from './types'

export type PatchResult =
  | { readonly ok: true; readonly config: ParsedConfig }
  | { readonly ok: false; readonly reason: 'gap' | 'malformed' }

/**
 * Applies a patch that was made for exactly this config. Flags and segments it does not name keep their identity. A
 * patch made for another config is a `gap`: fetch what lies between.
 */
export function applyPatch(config: ParsedConfig, patch: unknown): PatchResult {
  try {
    if (patchEnvelope(patch) !== null) return { ok: false, reason: 'malformed' }
    const { from, to, flags, segments, killed, killedAt } = patch as ConfigPatch
    if (compareIds(from, to) >= 0) return { ok: false, reason: 'malformed' }
    if (from !== config.id) return { ok: false, reason: 'gap' }

    const changes = { flags: nullRemoves(flags), segments: nullRemoves(segments) }
    const merged = merge({ ...config, id: to, killed, killedAt }, changes)
    if (sizeOf(merged) > BOUNDS.flags) return { ok: false, reason: 'malformed' }
    return { ok: true, config: withNewerKills(merged, config) }
  } catch {
    return { ok: false, reason: 'malformed' }
  }
}

function nullRemoves<T>(changes: Readonly<Record<string, T | null>>): Record<string, T | undefined> {
  const bodies = emptyRecord<T | undefined>()
  for (const key of Object.keys(changes)) bodies[key] = changes[key] ?? undefined
  return bodies
}

function sizeOf({ flags, malformed }: ParsedConfig): number {
  return Object.keys(flags).length + Object.keys(malformed).length
}
