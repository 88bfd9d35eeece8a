import { type Clock, systemClock } from '../../providers/sync/clock'

/** Real time, but `factor` times as fast: minutes of waiting for a reconnect pass in a second. */
export function fastClock(factor: number): Clock {
  const { monotonic, wall, random, after } = systemClock
  return {
    monotonic: () => monotonic() * factor,
    wall,
    random,
    after: (ms, run, hold) => after(ms / factor, run, hold),
  }
}
