import { mentionsRegex } from '../../lib/evaluation/regex'
import type { Clock } from './clock'
import { messageOf } from './endpoint'

const LOAD_TIMEOUT_MS = 10_000

/**
 * Keeps a config waiting until the regular expressions that it mentions are there. They are a file of their own, which
 * most applications never fetch. Where it cannot be had, the config is let in without: only flags with patterns fail.
 */
export class RegexGate {
  readonly #clock: Clock
  readonly #load: () => Promise<void>
  readonly #warn: (message: string) => void
  #state: 'closed' | 'failed' | 'open' = 'closed'

  constructor(clock: Clock, load: () => Promise<void>, warn: (message: string) => void) {
    this.#clock = clock
    this.#load = load
    this.#warn = warn
  }

  /** Whether JSON may be used now; else it can after `waitFor`. */
  admits(text: string): boolean {
    return this.#state !== 'closed' || !mentionsRegex(text)
  }

  /** Resolves once the JSON may be used. What failed before is tried again. */
  async waitFor(text: string): Promise<void> {
    if (this.#state === 'open' || !mentionsRegex(text)) return
    try {
      await this.#loadInTime()
      this.#state = 'open'
    } catch (error) {
      if (this.#state === 'closed')
        this.#warn(`flags with regular expressions serve their defaults: ${messageOf(error)}`)
      this.#state = 'failed'
    }
  }

  #loadInTime(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = new Error(`what they need did not load within ${LOAD_TIMEOUT_MS} ms`)
      const cancel = this.#clock.after(LOAD_TIMEOUT_MS, () => reject(late))
      this.#load().then(resolve, reject).finally(cancel)
    })
  }
}
