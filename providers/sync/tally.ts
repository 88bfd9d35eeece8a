import type { SeenAttribute, SeenAttributes } from '../../lib/evaluation/seen-attributes'
import type { Notes } from './notes'
import { type Fields, type Tracked, type TrackedEvent, trackedEvent } from './tracked-event'

/** How often a flag was answered in one way. */
export type Counter = {
  readonly flag: string
  readonly variant: string | null
  readonly reason: string
  readonly errorCode?: string
  count: number
}

/** What happened in `[from, to)`, epoch ms. `dropped`: evaluations and events that are in no batch. */
export type Batch = {
  readonly from: number
  readonly to: number
  readonly counts: readonly Counter[]
  readonly events: readonly TrackedEvent[]
  readonly attributes: readonly SeenAttribute[]
  readonly dropped: number
}

const MOST_COUNTERS = 10_000
const MOST_UNKNOWN_FLAGS = 100 // keys that no flag has: typing errors, or whatever a caller makes up
const MOST_EVENTS = 1_000
const FULL_EVENTS = 500 // then they are worth a request of their own
const BATCH_CHARS = 50_000 // browsers send 64 KB after their page is gone, and no more
const FRAME_CHARS = 70 // of a counter, besides its names

/** Why a tally is worth sending before its time. */
export type News = 'first evaluation' | 'full'

/** Counts evaluations and queues events until they are taken, within bounds: what does not fit is counted as dropped. */
export class Tally {
  /** Another one whenever counters were taken: whoever keeps a counter of an older one must ask again. */
  counters = new Map<string, Counter>()
  /** Told about reasons to send soon. */
  onNews: (news: News) => void = () => {}
  /** The last batch was not all there was. */
  hasMore = false
  /** `null`: the server sees the contexts itself. */
  readonly seen: SeenAttributes | null
  readonly #now: () => number
  readonly #known = new Set<string>()
  readonly #unknown = new Set<string>()
  readonly #events: Tracked[] = []
  #dropped = nothing()
  #from: number

  constructor(now: () => number, seen: SeenAttributes | null = null) {
    this.seen = seen
    this.#now = now
    this.#from = now()
  }

  /** The counter of one way to answer, to be raised by whoever holds it. `exists`: there is such a flag. */
  counter(
    flag: string,
    exists: boolean,
    variant: string | null,
    reason: string,
    errorCode: string | undefined,
  ): Counter {
    const served = variant === null ? '' : `:${variant}`
    const key = `${flag.length} ${flag} ${reason} ${errorCode} ${served}`
    const found = this.counters.get(key)
    if (found) return found
    if (this.counters.size >= MOST_COUNTERS || !this.#admits(flag, exists)) return this.#dropped
    const counter = { flag, variant, reason, errorCode, count: 0 }
    this.counters.set(key, counter)
    return counter
  }

  count(...way: Parameters<Tally['counter']>): void {
    this.counter(...way).count++
  }

  track(name: string, context: object, details: object, at = this.#now()): void {
    this.add(trackedEvent(name, context as Fields, details as Fields, at))
  }

  /** Counts what was noted down before there was a tally. */
  adopt({ from, answers, events }: Notes): void {
    this.#from = from
    for (const answer of answers) this.count(...answer)
    for (const event of events) this.track(...event)
  }

  /** Queues an event; `null` is one that could not be kept. */
  add(tracked: Tracked | null): void {
    if (!tracked || this.#events.length === MOST_EVENTS) this.#dropped.count++
    else if (this.#events.push(tracked) === FULL_EVENTS) this.onNews('full')
  }

  /** Gives up a batch that nobody wants. */
  lose({ counts, events, dropped }: Batch): void {
    this.#dropped.count += counts.reduce((sum, { count }) => sum + count, events.length + dropped)
  }

  /** As much as fits one request; the rest waits for the next. `null`: there is nothing. */
  take(): Batch | null {
    let room = BATCH_CHARS
    const counts: Counter[] = []
    const left = new Map<string, Counter>()
    for (const [key, counter] of this.counters) {
      if (counter.count === 0) continue
      if (room > 0) counts.push(counter)
      else left.set(key, counter)
      room -= key.length + FRAME_CHARS
    }
    const events: TrackedEvent[] = []
    while (room > 0 && this.#events.length > 0) {
      const { size, event } = this.#events.shift()!
      room -= size
      events.push(event)
    }
    this.counters = left
    this.hasMore = left.size + this.#events.length > 0
    this.#unknown.clear()
    const [from, to, dropped] = [this.#from, this.#now(), this.#dropped.count]
    if (counts.length + events.length + dropped === 0) return null
    this.#from = to
    this.#dropped = nothing()
    return { from, to, counts, events, attributes: this.seen?.take() ?? [], dropped }
  }

  #admits(flag: string, exists: boolean): boolean {
    const keys = exists ? this.#known : this.#unknown
    if (keys.has(flag)) return true
    if (keys.size >= (exists ? MOST_COUNTERS : MOST_UNKNOWN_FLAGS)) return false
    keys.add(flag)
    if (exists) this.onNews('first evaluation')
    return true
  }
}

function nothing(): Counter {
  return { flag: '', variant: null, reason: '', count: 0 }
}
