import { Backoff } from './backoff'
import type { Cancel, Clock } from './clock'
import { LONGEST_HINT_MS } from './endpoint'

const SETTLED_MS = 1_000
const STABLE_MS = 60_000 // a stream that lived this long owes nothing to earlier failures
const SLOW_RETRY_MS = 60_000 // refused keys are mended by people

/** The stream over time: one connection at most, or one appointment for the next. */
export class StreamLink {
  readonly #clock: Clock
  readonly #open: () => Cancel
  readonly #backoff: Backoff
  #disconnect: Cancel = () => {}
  #cancelAppointment: Cancel = () => {}
  #greetedAt: number | null = null
  #mayHurry = false
  #closed = false

  /** `open` starts a connection and returns how to end it. */
  constructor(clock: Clock, open: () => Cancel) {
    this.#clock = clock
    this.#open = open
    this.#backoff = new Backoff(clock.random)
  }

  /** The server has said hello, and the stream is open since. */
  get isOpen(): boolean {
    return this.#greetedAt !== null
  }

  /** The next attempt waits for nothing but our own backoff. */
  get mayHurry(): boolean {
    return this.#mayHurry
  }

  connect(): void {
    this.#end()
    if (!this.#closed) this.#disconnect = this.#open()
  }

  greeted(): void {
    this.#greetedAt ??= this.#clock.monotonic()
  }

  /** Ends what there is, and tries again; no sooner than the server asked for. */
  retry(hintMs: number): void {
    this.#end()
    this.#connectAfter(this.#backoff.next(hintMs))
    this.#mayHurry = hintMs === 0
  }

  /**
   * The server has said goodbye, and when to come back: nothing has failed. Where it does so again and again, that is a
   * failure after all.
   */
  comeBack(afterMs: number): void {
    const livedMs = this.#greetedAt === null ? 0 : this.#clock.monotonic() - this.#greetedAt
    if (livedMs < SETTLED_MS) this.retry(afterMs)
    else {
      this.#end()
      this.#connectAfter(Math.min(afterMs, LONGEST_HINT_MS))
    }
  }

  retrySlowly(hintMs: number): void {
    this.#end()
    this.#connectAfter(Math.max(hintMs, SLOW_RETRY_MS * (0.5 + this.#clock.random())))
  }

  /** For good. */
  close(): void {
    this.#end()
    this.#closed = true
  }

  #connectAfter(delayMs: number): void {
    if (!this.#closed) this.#cancelAppointment = this.#clock.after(delayMs, () => this.connect())
  }

  #end(): void {
    const { monotonic } = this.#clock
    if (this.#greetedAt !== null && monotonic() - this.#greetedAt >= STABLE_MS) this.#backoff.reset()
    this.#greetedAt = null
    this.#mayHurry = false
    this.#cancelAppointment()
    this.#disconnect()
  }
}
