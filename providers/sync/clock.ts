/** Time and chance, as one small value, so that hours of faults can be replayed in milliseconds. */
export type Clock = {
  /** Milliseconds that never run backwards, from an arbitrary start. */
  readonly monotonic: () => number
  /** Milliseconds since 1970, as this machine believes. */
  readonly wall: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /**
   * Runs once after `ms`; the returned function cancels.
   * A process may exit while it waits, unless `hold` is true.
   */
  readonly after: (ms: number, run: () => void, hold?: boolean) => Cancel
}

export type Cancel = () => void

// Longer delays overflow the platform's 32-bit timer and fire at once.
const LONGEST_TIMER_MS = 2_147_483_647

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  random: () => Math.random(),
  after(ms, run, hold = false) {
    const timer: unknown = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS))
    if (!hold) (timer as { unref?: () => void }).unref?.()
    return () => clearTimeout(timer as number)
  },
}
