import { killOverlay } from './envelope'
import { compareIds, parseId } from './ids'
import type { ParsedConfig } from './parsed-config'
import type { Config } from './types'

type Overlay = Pick<Config, 'killed' | 'killedAt'>

/** Applies a kill overlay that travelled ahead of its config. Returns the same config unless the overlay is newer. */
export function applyKills(config: ParsedConfig, killed: readonly string[], killedAt: string): ParsedConfig {
  if (killOverlay({ killed, killedAt }) !== null || compareIds(killedAt, config.killedAt) <= 0) return config
  return config.next({ killed, killedAt })
}

/**
 * Keeps the overlay of the current config where it is newer than the next one's, so that no older state un-kills a
 * flag. A next config of a higher epoch starts a new history and stands alone.
 */
export function withNewerKills(next: ParsedConfig, current: ParsedConfig | null): ParsedConfig {
  if (current === null) return next
  const { killed, killedAt } = newestKills(next, current)
  return killedAt === next.killedAt ? next : next.next({ killed, killedAt })
}

/** The overlay of a state that follows another one. */
export function newestKills(next: Overlay & Pick<Config, 'id'>, current: Overlay): Overlay {
  const { killed, killedAt } = current
  const stays = epochOf(next.id) <= epochOf(killedAt) && compareIds(killedAt, next.killedAt) > 0
  return stays ? { killed, killedAt } : { killed: next.killed, killedAt: next.killedAt }
}

function epochOf(id: string): number {
  return parseId(id)?.epoch ?? 0
}
