import type { Cancel, Clock } from './clock'
import type { Snapshot, Windows } from './replica'

// The server's time may be corrected and machines sleep: look again at least this often.
const LONGEST_NAP_MS = 60_000

/** The next moment after `now`, in epoch ms, at which time alone changes answers, and of which flags. */
type NextEdge = (now: number) => { readonly at: number; readonly flags: readonly string[] } | null

type Watched = {
  readonly replica: { readonly current: Snapshot | null; readonly nextEdge: NextEdge }
  readonly now: () => number
}

/** Reports the flags whose answer changes because time passes: a rule's window opened or closed. */
export class WindowTimer implements Windows {
  readonly #clock: Clock
  readonly #watched: Watched
  readonly #onEdge: (flags: readonly string[]) => void
  #config: Snapshot | null = null
  #edge: ReturnType<NextEdge> = null
  #cancel: Cancel = () => {}

  constructor(clock: Clock, watched: Watched, onEdge: (flags: readonly string[]) => void) {
    this.#clock = clock
    this.#watched = watched
    this.#onEdge = onEdge
  }

  /** The replica may hold another snapshot now. */
  watch(): void {
    const { replica } = this.#watched
    if (replica.current === this.#config) return
    this.#report()
    this.#config = replica.current
    this.#edge = replica.nextEdge(this.#watched.now())
    this.#nap()
  }

  stop(): void {
    this.#cancel()
  }

  #nap(): void {
    this.#cancel()
    if (!this.#edge) return
    const leftMs = Math.max(0, this.#edge.at - this.#watched.now())
    this.#cancel = this.#clock.after(Math.min(leftMs, LONGEST_NAP_MS), () => {
      this.#report()
      this.#nap()
    })
  }

  /** Every edge behind us, and not only the last: a laptop may have slept through several. */
  #report(): void {
    const now = this.#watched.now()
    const passed: string[] = []
    while (this.#edge && this.#edge.at <= now) {
      passed.push(...this.#edge.flags)
      this.#edge = this.#watched.replica.nextEdge(this.#edge.at)
    }
    if (passed.length > 0) this.#onEdge(passed)
  }
}
