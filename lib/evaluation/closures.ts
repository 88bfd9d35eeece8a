import { Comparison } from './comparison'
import type { Evaluation, EvaluationContext } from './types'

/** What flags are compiled into: one answer for everyone, or a closure that finds it. `now` is epoch ms. */
export type Compiled = Evaluation | Decide

export type Decide = (context: EvaluationContext, now: number) => Evaluation

/** `undefined`: not decided here, ask on. */
export type Ask = (context: EvaluationContext, now: number) => Evaluation | undefined

/** One of the questions that a flag asks in order. A branch answers everyone for whom it holds alike. */
export type Step = Ask | { readonly holds: Holds | Comparison; readonly answer: Evaluation }

export type Holds = (context: EvaluationContext, now: number) => boolean

export function asAsk(step: Step): Ask {
  if (typeof step === 'function') return step
  const { holds, answer } = step
  return holds instanceof Comparison
    ? (context, now) => (holds.passes(context, now) ? answer : undefined)
    : (context, now) => (holds(context, now) ? answer : undefined)
}

export function decide(compiled: Compiled, context: EvaluationContext, now: number): Evaluation {
  return typeof compiled === 'function' ? compiled(context, now) : compiled
}
