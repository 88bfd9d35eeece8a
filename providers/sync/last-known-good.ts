import type { Cancel, Clock } from './clock'

/** Where a config, as text, outlives the process. Neither method throws. */
export type LastKnownGood = {
  /** The config saved last, not yet trusted; `null` where there is none, or it cannot be it. */
  readonly load: () => string | null
  readonly save: (config: string) => void
}

const SAVE_DELAY_MS = 1_000 // a burst of publishes is written once

export class Saver {
  readonly #target: LastKnownGood
  readonly #clock: Clock
  #pending: { readonly cancel: Cancel; readonly config: () => string } | null = null

  constructor(target: LastKnownGood, clock: Clock) {
    this.#target = target
    this.#clock = clock
  }

  saveSoon(config: () => string): void {
    this.#pending ??= { config, cancel: this.#clock.after(SAVE_DELAY_MS, () => this.flush()) }
  }

  flush(): void {
    if (!this.#pending) return
    const { cancel, config } = this.#pending
    this.#pending = null
    cancel()
    this.#target.save(config())
  }
}
