import { nextWindowEdge, type ParsedConfig } from '../../lib/evaluation'
import type { Cancel, Clock } from './clock'

// The server's time may be corrected and machines sleep: look again at least this often.
const LONGEST_NAP_MS = 60_000

/** Reports the flags whose answer changes because time passes: a rule's window opened or closed. */
export class WindowTimer {
  readonly #clock: Clock
  readonly #now: () => number
  readonly #onEdge: (flags: readonly string[]) => void
  #config: ParsedConfig | null = null
  #edge: ReturnType<typeof nextWindowEdge> = null
  #cancel: Cancel = () => {}

  constructor(clock: Clock, now: () => number, onEdge: (flags: readonly string[]) => void) {
    this.#clock = clock
    this.#now = now
    this.#onEdge = onEdge
  }

  watch(config: ParsedConfig): void {
    if (config === this.#config) return
    this.#report()
    this.#config = config
    this.#edge = nextWindowEdge(config, this.#now())
    this.#nap()
  }

  stop(): void {
    this.#cancel()
  }

  #nap(): void {
    this.#cancel()
    if (!this.#edge) return
    const leftMs = Math.max(0, this.#edge.at - this.#now())
    this.#cancel = this.#clock.after(Math.min(leftMs, LONGEST_NAP_MS), () => {
      this.#report()
      this.#nap()
    })
  }

  /** Every edge behind us, and not only the last: a laptop may have slept through several. */
  #report(): void {
    const now = this.#now()
    const passed: string[] = []
    while (this.#edge && this.#edge.at <= now) {
      passed.push(...this.#edge.flags)
      this.#edge = nextWindowEdge(this.#config!, this.#edge.at)
    }
    if (passed.length > 0) this.#onEdge(passed)
  }
}
