import type { Prepared } from '../../lib/evaluation/prepared'
import type { Evaluation, EvaluationContext, FlagType } from '../../lib/evaluation/types'
import { withDefault } from '../../lib/evaluation/with-default'
import type { Counter } from './counting'
import type { Notes } from './notes'
import type { Replica, Snapshot } from './replica'
import type { ProviderResolution } from './resolution'
import type { Tally } from './tally'

/** What there is to decide by at this moment. */
export type Source = {
  readonly replica: Replica | null
  now(): number
}

/** What all handles of a provider have in common. */
export type Desk = {
  /** `null`: the provider is not initialised. */
  source: Source | null
  /** `null`: nothing is counted. */
  counting: Tally | Notes | null
  /** Epoch ms by the server's clock, where it is known. */
  readonly now: () => number
  /** The answer where there is no config. */
  readonly unavailable: <T>(defaultValue: T) => ProviderResolution<T>
}

const MOST_REMEMBERED = 1_000 // outcomes; a flag whose tree is too large to compile has a new one each time

/**
 * One flag as one provider answers it. What can be known before there is a context is found once a config; counting is
 * raising a number that was found with the outcome, since a look-up would cost as much as the flag.
 */
export class Handle {
  readonly #key: string
  readonly #desk: Desk
  /** Of the config that all of this is about. */
  #token: object | null = null
  #prepared: Prepared | null = null
  /** The outcomes seen last, and before that: most flags have no more, and these need no look-up. */
  #outcome: Evaluation | null = null
  #counter: Counter | null = null
  #other: Evaluation | null = null
  #otherCounter: Counter | null = null
  /** What the counters are among: they are found anew when others have begun. */
  #counters: object | null = null
  readonly #byOutcome = new Map<Evaluation, Counter>()

  constructor(key: string, desk: Desk) {
    this.#key = key
    this.#desk = desk
  }

  resolve<T>(type: FlagType, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    const desk = this.#desk
    const { source } = desk
    if (source === null) return desk.unavailable(defaultValue)
    const { replica } = source
    const config = replica?.current
    if (!config) return desk.unavailable(defaultValue)
    if (config.token !== this.#token) this.#follow(config, replica)
    const prepared = this.#prepared
    if (prepared === null || prepared.type !== type || !replica.validated)
      return this.#rarely(source, type, defaultValue, context)
    const outcome = prepared.evaluate(context, prepared.readsTime ? source.now() : 0)
    const { counting } = desk
    if (counting !== null) {
      if (counting.counters !== this.#counters) this.#forget(counting.counters)
      if (outcome === this.#outcome) this.#counter!.count++
      else if (outcome === this.#other) this.#otherCounter!.count++
      else this.#count(outcome, counting)
    }
    return withDefault(outcome, defaultValue)
  }

  #follow(config: Snapshot, replica: Replica): void {
    this.#token = config.token
    this.#prepared = replica.prepare(this.#key)
    this.#forget(null)
  }

  #forget(counters: object | null): void {
    this.#counters = counters
    this.#byOutcome.clear()
    this.#outcome = null
    this.#other = null
  }

  /** Flags that are not there or have a fault, wrong types, configs that no server has confirmed. */
  #rarely<T>(
    source: Source,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    const replica = source.replica!
    const resolution = replica.resolve(this.#key, type, defaultValue, context, source.now())
    const { variant = null, reason, errorCode } = resolution
    const cached = !replica.validated && reason !== 'ERROR'
    const told = cached ? 'CACHED' : reason
    const { counting } = this.#desk
    const isKey = typeof this.#key === 'string' // JavaScript may pass anything
    if (counting && isKey)
      counting.counter(this.#key, this.#prepared !== null, variant, told, errorCode).count++
    return cached ? { ...resolution, reason: told } : resolution
  }

  /** Counts an outcome that is neither of the last two. */
  #count(outcome: Evaluation, counting: Tally | Notes): void {
    if (this.#byOutcome.size === MOST_REMEMBERED) this.#byOutcome.clear()
    let counter = this.#byOutcome.get(outcome)
    if (!counter) {
      const errorCode = outcome.reason === 'ERROR' ? outcome.errorCode : undefined
      counter = counting.counter(this.#key, true, outcome.variant ?? null, outcome.reason, errorCode)
      this.#byOutcome.set(outcome, counter)
    }
    this.#other = this.#outcome
    this.#otherCounter = this.#counter
    this.#outcome = outcome
    this.#counter = counter
    counter.count++
  }
}
