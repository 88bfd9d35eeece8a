/** How often a flag was answered in one way. */
export type Counter = {
  readonly flag: string
  readonly variant: string | null
  readonly reason: string
  readonly errorCode?: string
  count: number
}

/** Where it is written down what was answered, and what the application tracked. */
export type Counting = {
  /** Another one whenever counters begin anew: whoever keeps an older one must ask again. */
  readonly counters: object
  /** The counter of one way to answer, to be raised by whoever holds it. `exists`: there is such a flag. */
  counter(
    flag: string,
    exists: boolean,
    variant: string | null,
    reason: string,
    errorCode: string | undefined,
  ): Counter
  track(name: string, context: object, details: object): void
}
