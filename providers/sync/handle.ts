import {
  type Evaluation,
  type EvaluationContext,
  evaluatePrepared,
  type FlagType,
  type ParsedConfig,
  type Prepared,
  prepare,
  resolve,
  withDefault,
} from '../../lib/evaluation'
import type { ProviderResolution } from './resolution'
import type { Counter, Tally } from './tally'

/** What there is to decide by at this moment. */
export type Source = {
  readonly config: ParsedConfig | null
  /** A server has confirmed the config. */
  readonly validated: boolean
  readonly now: () => number
}

export type HandleOptions = {
  /** `undefined`: the provider is not initialised. */
  readonly source: () => Source | undefined
  readonly tally: Tally | null
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
  readonly #options: HandleOptions
  readonly #tally: Tally | null
  #config: ParsedConfig | null = null
  #prepared: Prepared | null = null
  #outcome: Evaluation | null = null
  #counter: Counter | null = null
  /** Of these `#byOutcome` holds the counters, and `#counter` is one. */
  #counters: Tally['counters'] | null = null
  readonly #byOutcome = new Map<Evaluation, Counter>()

  constructor(key: string, options: HandleOptions) {
    this.#key = key
    this.#options = options
    this.#tally = options.tally
  }

  resolve<T>(type: FlagType, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    const source = this.#options.source()
    const config = source?.config
    if (!config) return this.#options.unavailable(defaultValue)
    if (config !== this.#config) this.#follow(config)
    const prepared = this.#prepared
    if (prepared?.type !== type || !source.validated)
      return this.#rarely(config, source, type, defaultValue, context)
    const outcome = evaluatePrepared(prepared, context, prepared.readsTime ? source.now() : 0)
    const tally = this.#tally
    if (tally) {
      const counts = outcome === this.#outcome && tally.counters === this.#counters
      ;(counts ? this.#counter! : this.#count(outcome, tally)).count++
    }
    return withDefault(outcome, defaultValue)
  }

  #follow(config: ParsedConfig): void {
    this.#config = config
    this.#prepared = prepare(config, this.#key)
    this.#byOutcome.clear()
    this.#outcome = null
  }

  /** Flags that are not there or have a fault, wrong types, configs that no server has confirmed. */
  #rarely<T>(
    config: ParsedConfig,
    source: Source,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    const resolution = resolve(config, this.#key, type, defaultValue, context, source.now())
    const { variant = null, reason, errorCode } = resolution
    const cached = !source.validated && reason !== 'ERROR'
    const told = cached ? 'CACHED' : reason
    const exists = this.#prepared !== null
    if (this.#tally) this.#tally.counter(this.#key, exists, variant, told, errorCode).count++
    return cached ? { ...resolution, reason: told } : resolution
  }

  /** The counter of an outcome that is not the one before. */
  #count(outcome: Evaluation, tally: Tally): Counter {
    if (tally.counters !== this.#counters || this.#byOutcome.size === MOST_REMEMBERED) this.#byOutcome.clear()
    this.#counters = tally.counters
    let counter = this.#byOutcome.get(outcome)
    if (!counter) {
      const errorCode = outcome.reason === 'ERROR' ? outcome.errorCode : undefined
      counter = tally.counter(this.#key, true, outcome.variant ?? null, outcome.reason, errorCode)
      this.#byOutcome.set(outcome, counter)
    }
    this.#outcome = outcome
    this.#counter = counter
    return counter
  }
}
