import { LONGEST_HINT_MS } from './endpoint'

const BASE_MS = 1_000
const CAP_MS = 30_000 // a client is never further than this from noticing that the server is back

/** Full jitter: a fleet that lost its server together must not come back together. Never gives up. */
export class Backoff {
  #attempt = 0
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** Milliseconds to wait; never less than what the server asked for (`retry:`, Retry-After). */
  next(hintMs = 0): number {
    const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(this.#attempt++, 10))
    return Math.min(hintMs, LONGEST_HINT_MS) + this.#random() * ceiling
  }

  reset(): void {
    this.#attempt = 0
  }
}
