import type { Config, ParsedConfig } from '../../lib/evaluation'
import type { Cancel, Clock } from './clock'

/** Where a config outlives the process. Neither method throws. */
export type LastKnownGood = {
  /** The config saved last, as untrusted JSON or what came of it; `null` where there is none to be trusted. */
  readonly load: () => unknown
  readonly save: (config: Config) => void
}

const SAVE_DELAY_MS = 1_000 // a burst of publishes is written once

export class Saver {
  readonly #target: LastKnownGood
  readonly #clock: Clock
  #pending: { readonly cancel: Cancel; readonly config: () => ParsedConfig } | null = null

  constructor(target: LastKnownGood, clock: Clock) {
    this.#target = target
    this.#clock = clock
  }

  saveSoon(config: () => ParsedConfig): void {
    this.#pending ??= { config, cancel: this.#clock.after(SAVE_DELAY_MS, () => this.flush()) }
  }

  flush(): void {
    if (!this.#pending) return
    const { cancel, config } = this.#pending
    this.#pending = null
    cancel()
    this.#target.save(config().toConfig())
  }
}
