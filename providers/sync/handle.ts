import type { Prepared } from '../../lib/evaluation/prepared'
import type { Evaluation, EvaluationContext, FlagType } from '../../lib/evaluation/types'
import { withDefault } from '../../lib/evaluation/with-default'
import type { Answerer, Desk } from './desk'
import type { Served, Snapshot } from './replica'
import type { ProviderResolution } from './resolution'
import type { Counter, Tally } from './tally'

const MOST_REMEMBERED = 1_000 // outcomes; a flag whose tree is too large to compile has a new one each time

/**
 * One flag as one provider answers it. What can be known before there is a context is found once a config; counting is
 * raising a number that was found with the outcome, since a look-up would cost as much as the flag.
 */
export class Handle implements Answerer {
  readonly #key: string
  readonly #desk: Desk
  readonly #tally: Tally | null
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

  /** `tally`: `null` where nothing is counted. */
  constructor(key: string, desk: Desk, tally: Tally | null) {
    this.#key = key
    this.#tally = tally
    this.#desk = desk
  }

  resolve<T>(type: FlagType, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    const desk = this.#desk
    const { session } = desk
    const replica = session === null ? null : session.replica
    const config = replica === null ? null : replica.current
    if (config !== null && config.token !== this.#token) this.#follow(config, replica!)
    const prepared = this.#prepared
    if (config === null || prepared === null || prepared.type !== type)
      return desk.answer(this.#key, type, defaultValue, context)
    const outcome = prepared.evaluate(context, prepared.readsTime ? session!.now() : 0)
    const tally = this.#tally
    if (tally !== null) {
      if (tally.counters !== this.#counters) this.#forget(tally.counters)
      if (outcome === this.#outcome) this.#counter!.count++
      else if (outcome === this.#other) this.#otherCounter!.count++
      else this.#count(outcome, tally, context)
    }
    return withDefault(outcome, defaultValue)
  }

  #follow(config: Snapshot, replica: Served): void {
    this.#token = config.token
    // What no server has confirmed is answered with another reason.
    this.#prepared = replica.validated ? replica.prepare(this.#key) : null
    this.#forget(null)
  }

  #forget(counters: object | null): void {
    this.#counters = counters
    this.#byOutcome.clear()
    this.#outcome = null
    this.#other = null
  }

  /** Counts an outcome that is neither of the last two. */
  #count(outcome: Evaluation, tally: Tally, context: EvaluationContext): void {
    if (this.#byOutcome.size === MOST_REMEMBERED) this.#byOutcome.clear()
    let counter = this.#byOutcome.get(outcome)
    if (!counter) {
      const errorCode = outcome.reason === 'ERROR' ? outcome.errorCode : undefined
      counter = tally.counter(this.#key, true, outcome.variant ?? null, outcome.reason, errorCode)
      this.#byOutcome.set(outcome, counter)
      tally.seen?.look(context) // once a batch and outcome: as often as what it says may differ
    }
    this.#other = this.#outcome
    this.#otherCounter = this.#counter
    this.#outcome = outcome
    this.#counter = counter
    counter.count++
  }
}
