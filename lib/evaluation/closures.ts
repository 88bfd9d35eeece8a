import type { Evaluation, EvaluationContext } from './types'

/** What flags are compiled into. `now` is epoch ms. */
export type Decide = (context: EvaluationContext, now: number) => Evaluation

/** `undefined`: not decided here, ask on. */
export type Ask = (context: EvaluationContext, now: number) => Evaluation | undefined

export type Holds = (context: EvaluationContext, now: number) => boolean
