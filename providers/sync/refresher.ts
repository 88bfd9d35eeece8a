import type { Cancel, Clock } from './clock'

/** One request at a time, at one appointed time: whoever asks for an earlier one moves it forward. */
export class Refresher {
  readonly #clock: Clock
  readonly #refresh: (abort: AbortController) => Promise<void>
  #dueAt = Number.POSITIVE_INFINITY
  #cancelTimer: Cancel = () => {}
  #closed = false
  #inFlight: AbortController | null = null
  #again = false

  /** `refresh` must not reject; it decides itself when the next one is due. */
  constructor(clock: Clock, refresh: (abort: AbortController) => Promise<void>) {
    this.#clock = clock
    this.#refresh = refresh
  }

  get pending(): boolean {
    return this.#dueAt !== Number.POSITIVE_INFINITY
  }

  request(delayMs: number): void {
    const dueAt = this.#clock.monotonic() + delayMs
    if (this.#closed || dueAt >= this.#dueAt) return
    this.#cancelTimer()
    this.#dueAt = dueAt
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#fire())
  }

  /** Now, even where one is under way: that one is given up. */
  restart(): void {
    if (this.#inFlight) {
      this.#again = true
      this.#inFlight.abort()
      return
    }
    this.cancel()
    this.request(0)
  }

  cancel(): void {
    this.#cancelTimer()
    this.#dueAt = Number.POSITIVE_INFINITY
  }

  close(): void {
    this.cancel()
    this.#closed = true
    this.#inFlight?.abort()
  }

  #fire(): void {
    this.#dueAt = Number.POSITIVE_INFINITY
    if (this.#inFlight) return
    const abort = new AbortController()
    this.#inFlight = abort
    void this.#refresh(abort).finally(() => {
      this.#inFlight = null
      if (this.#again) this.request(0)
      this.#again = false
    })
  }
}
