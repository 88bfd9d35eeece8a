import {
  applyKills,
  applyPatch,
  type ConfigPatch,
  compareIds,
  type ParsedConfig,
  parseConfig,
  withNewerKills,
} from '../../lib/evaluation'
import type { KillOverlay } from './messages'

export type Offer = 'applied' | 'kept' | 'gap' | 'malformed'

/**
 * Holds one config and moves it by compare-and-set on (epoch, version): never back, whoever offers.
 * A kill is an overlay of its own: it applies as soon as it is heard of, and nothing older lifts it.
 */
export class ConfigStore {
  #current: ParsedConfig | null = null
  /** Heard of before there was a config to lay it on. */
  #earlyKills: KillOverlay | null = null
  #validated = false

  get current(): ParsedConfig | null {
    return this.#current
  }

  /** False while the config is a bootstrap or a cached one that no server has confirmed. */
  get validated(): boolean {
    return this.#validated
  }

  seed(config: ParsedConfig): void {
    if (this.#current) return
    this.#current = config
    if (this.#earlyKills) this.kill(this.#earlyKills)
  }

  /** Offers a whole config from the server. */
  replace(input: unknown): Offer {
    const parsed = parseConfig(input)
    if (!parsed.ok) return 'malformed'
    const next = parsed.config
    const current = this.#current
    // Versions order one flag set: a bootstrap of another one must not hold back the server's.
    if (!current || next.flagSetId !== current.flagSetId) return this.#accept(next)
    const order = compareIds(next.id, current.id)
    const wins = order > 0 || (order === 0 && !this.#validated)
    return wins ? this.#accept(withNewerKills(next, current)) : 'kept'
  }

  patch(patch: ConfigPatch): Offer {
    const current = this.#current
    if (!current) return 'gap'
    if (compareIds(patch.to, current.id) <= 0) return 'kept'
    const result = applyPatch(current, patch)
    if (result.ok && this.#validated) return this.#accept(result.config)
    this.kill(patch)
    return result.ok ? 'gap' : result.reason
  }

  kill(overlay: KillOverlay): void {
    if (this.#current) this.#current = applyKills(this.#current, overlay.killed, overlay.killedAt)
    else this.#earlyKills = overlay
  }

  #accept(config: ParsedConfig): Offer {
    this.#current = config
    this.#validated = true
    return 'applied'
  }
}
