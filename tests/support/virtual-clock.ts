import type { Cancel, Clock } from '../../providers/sync/clock'

type Timer = { readonly at: number; readonly run: () => void }

/** A clock that moves when it is told to, and chance that repeats itself for the same seed. */
export class VirtualClock implements Clock {
  readonly random: () => number
  readonly #startedAt: number
  readonly #timers = new Set<Timer>()
  #elapsed = 0
  #skewMs = 0

  constructor(seed = 1, startedAt = Date.parse('2026-01-01T00:00:00Z')) {
    this.random = mulberry32(seed)
    this.#startedAt = startedAt
  }

  get timers(): number {
    return this.#timers.size
  }

  readonly monotonic = (): number => this.#elapsed
  readonly wall = (): number => this.#startedAt + this.#elapsed + this.#skewMs

  /** Somebody sets the machine's clock; time itself goes on as ever. */
  jump(ms: number): void {
    this.#skewMs += ms
  }

  readonly after = (ms: number, run: () => void): Cancel => {
    const timer = { at: this.#elapsed + Math.max(0, ms), run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lives through the next `ms`, timer by timer, and lets everything that is pending happen in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms
    await settle()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.run()
      await settle()
    }
    this.#elapsed = end
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer
    return next
  }
}

/** Lets promises and streams that need no timer finish. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
