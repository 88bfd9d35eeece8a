import type { EvaluationContext, FlagType } from '../../lib/evaluation/types'
import type { Notes } from './notes'
import type { ProviderResolution } from './resolution'
import type { Session } from './session'
import type { Tally } from './tally'

/** Answers for one flag. */
export type Answerer = {
  resolve<T>(type: FlagType, defaultValue: T, context: EvaluationContext): ProviderResolution<T>
}

/** What all answers of a provider are made from. */
export type Desk = {
  /** `null`: the provider is not initialised. */
  readonly session: Session | null
  /** `null`: nothing is counted. */
  counting: Tally | Notes | null
  /** Who answers the same flags again and again, faster than `answer`; `null` where that is not worth it yet. */
  handles: { of(flagKey: string): Answerer } | null
  /** Answers once, and counts it. */
  answer<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T>
  /** Epoch ms by the server's clock, where it is known. */
  readonly now: () => number
}
