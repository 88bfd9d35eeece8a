import { type Desk, Handle } from './handle'

const MOST_HANDLES = 20_000 // more than one environment may have flags

/** The handles of the flags that a provider was asked for, by key. */
export class Handles {
  readonly #desk: Desk
  readonly #byKey = new Map<string, Handle>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  of(flagKey: string): Handle {
    return this.#byKey.get(flagKey) ?? this.#make(flagKey)
  }

  /** Kept only for flags that exist: whatever else callers ask for must not fill the memory. */
  #make(flagKey: string): Handle {
    const handle = new Handle(flagKey, this.#desk)
    if (this.#byKey.size === MOST_HANDLES) this.#byKey.clear()
    const { source } = this.#desk
    if (source?.config && source.replica.prepare(flagKey)) this.#byKey.set(flagKey, handle)
    return handle
  }
}
