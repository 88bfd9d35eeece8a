import { BOUNDS } from './bounds'
import { patchEnvelope } from './envelope'
import { compareIds } from './ids'
import { newestKills } from './kills'
import type { ParsedConfig } from './parsed-config'
import type { ConfigPatch } from './types'

export type PatchResult =
  | { readonly ok: true; readonly config: ParsedConfig }
  | { readonly ok: false; readonly reason: 'gap' | 'malformed' }

/**
 * Applies a patch that was made for exactly this config. What it does not name keeps its identity and stays compiled. A
 * patch made for another config is a `gap`: fetch what lies between.
 */
export function applyPatch(config: ParsedConfig, patch: unknown): PatchResult {
  try {
    if (patchEnvelope(patch) !== null) return { ok: false, reason: 'malformed' }
    const { from, to, flags, segments, killed, killedAt } = patch as ConfigPatch
    if (compareIds(from, to) >= 0) return { ok: false, reason: 'malformed' }
    if (from !== config.id) return { ok: false, reason: 'gap' }

    const changes = nullRemoves(flags)
    if (sizeAfter(config, changes) > BOUNDS.flags) return { ok: false, reason: 'malformed' }
    const kills = newestKills({ id: to, killed, killedAt }, config)
    return {
      ok: true,
      config: config.next({ id: to, ...kills, flags: changes, segments: nullRemoves(segments) }),
    }
  } catch {
    return { ok: false, reason: 'malformed' }
  }
}

function nullRemoves<T>(changes: Readonly<Record<string, T | null>>): [string, T | undefined][] {
  return Object.keys(changes).map((key) => [key, changes[key] ?? undefined])
}

function sizeAfter({ flags }: ParsedConfig, changes: readonly [string, unknown][]): number {
  return changes.reduce((size, [key, flag]) => {
    return size + Number(flag !== undefined) - Number(flags.has(key))
  }, flags.size)
}
