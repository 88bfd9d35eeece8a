import { type Clock, systemClock } from '../../providers/sync/clock'

/** A clock that shows what it is set to, with timers that run as usual. */
export class SetClock implements Clock {
  ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  readonly monotonic = (): number => this.ms
  readonly wall = (): number => this.ms
  readonly random = systemClock.random
  readonly after = systemClock.after
}
