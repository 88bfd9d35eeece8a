import type { Counter, Counting } from './counting'

const MOST_WAYS = 10_000 // as many as a tally keeps
const MOST_EVENTS = 1_000

type Way = Counter & { readonly exists: boolean }
type Event = {
  readonly name: string
  readonly context: object
  readonly details: object
  readonly at: number
}

/** Notes down, in a few bytes of code, what there is no tally for yet. */
export class Notes implements Counting {
  readonly counters = new Map<string, Way>()
  readonly events: Event[] = []
  readonly from: number
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.from = now()
  }

  counter(
    flag: string,
    exists: boolean,
    variant: string | null,
    reason: string,
    errorCode: string | undefined,
  ): Way {
    const key = JSON.stringify([flag, exists, variant, reason, errorCode])
    const way = this.counters.get(key) ?? { flag, exists, variant, reason, errorCode, count: 0 }
    if (this.counters.size < MOST_WAYS) this.counters.set(key, way)
    return way
  }

  track(name: string, context: object, details: object): void {
    if (this.events.length < MOST_EVENTS) this.events.push({ name, context, details, at: this.#now() })
  }
}
