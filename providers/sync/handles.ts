import type { Desk } from './desk'
import { Handle } from './handle'
import type { Tally } from './tally'

const MOST_HANDLES = 20_000 // more than one environment may have flags

/** The handles of the flags that a provider was asked for, by key. */
export class Handles {
  readonly #desk: Desk
  readonly #tally: Tally | null
  readonly #byKey = new Map<string, Handle>()
  /** Who asks one flag for many contexts finds it without looking. */
  #lastKey: string | null = null
  #last: Handle | null = null

  constructor(desk: Desk, tally: Tally | null) {
    this.#desk = desk
    this.#tally = tally
  }

  of(flagKey: string): Handle {
    if (flagKey === this.#lastKey) return this.#last!
    const handle = this.#byKey.get(flagKey) ?? this.#make(flagKey)
    this.#lastKey = flagKey
    this.#last = handle
    return handle
  }

  /** Kept only for flags that exist: whatever else callers ask for must not fill the memory. */
  #make(flagKey: string): Handle {
    const handle = new Handle(flagKey, this.#desk, this.#tally)
    if (this.#byKey.size === MOST_HANDLES) this.#byKey.clear()
    const replica = this.#desk.session?.replica
    const isKey = typeof flagKey === 'string' // JavaScript may pass anything
    if (isKey && replica?.current && replica.prepare(flagKey)) this.#byKey.set(flagKey, handle)
    return handle
  }
}
