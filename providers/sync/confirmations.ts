import type { Cancel, Clock } from './clock'
import type { Endpoint } from './endpoint'
import { post, uuid } from './tell'

const HELD_BACK = 0.25 // of the time: the change itself is everywhere first

type Options = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly client: string
  readonly instance: string
}

/**
 * Tells a server that asks for it which config is applied: that a change has arrived, in this side's own words. Each id
 * is told once, and nothing is repeated: a proof that is lost is a missing proof, not a wrong one.
 */
export class Confirmations {
  readonly #options: Options
  #abort = new AbortController()
  #told = ''
  #cancel: Cancel = () => {}

  constructor(options: Options) {
    this.#options = options
  }

  /** `withinMs`: the time over which the server wants all who are asked to be spread. */
  confirm = (id: string, withinMs: number): void => {
    if (id === this.#told) return
    this.#told = id
    this.#cancel()
    const { clock, endpoint, client, instance } = this.#options
    this.#cancel = clock.after(withinMs * (HELD_BACK + (1 - HELD_BACK) * clock.random()), () => {
      const body = JSON.stringify({ batch: uuid(clock.random), client, instance, applied: id })
      this.#abort = new AbortController()
      void post(endpoint, body, clock, this.#abort)
    })
  }

  close(): void {
    this.#cancel()
    this.#abort.abort()
  }
}
