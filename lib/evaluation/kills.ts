import { killOverlay } from './envelope'
import { compareIds, parseId } from './ids'
import { isMember } from './membership'
import type { ParsedConfig } from './types'

export function isKilled({ killed }: ParsedConfig, flagKey: string): boolean {
  return killed.length > 0 && isMember(killed)(flagKey)
}

/** Applies a kill overlay that travelled ahead of its config. Returns the same config unless the overlay is newer. */
export function applyKills(config: ParsedConfig, killed: readonly string[], killedAt: string): ParsedConfig {
  if (killOverlay({ killed, killedAt }) !== null || compareIds(killedAt, config.killedAt) <= 0) return config
  return { ...config, killed, killedAt }
}

/**
 * Keeps the overlay of the current config where it is newer than the next one's, so that no older state un-kills a
 * flag. A next config of a higher epoch starts a new history and stands alone.
 */
export function withNewerKills(next: ParsedConfig, current: ParsedConfig | null): ParsedConfig {
  if (current === null || epochOf(next.id) > epochOf(current.killedAt)) return next
  return applyKills(next, current.killed, current.killedAt)
}

function epochOf(id: string): number {
  return parseId(id)?.epoch ?? 0
}
