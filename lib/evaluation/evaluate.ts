import { unfinished } from './answers'
import { interpret } from './interpret'
import type { ParsedConfig } from './parsed-config'
import type { Evaluation, EvaluationContext, Trace } from './types'

/**
 * Decides one flag for one context at `now` (epoch ms). Never throws: what cannot be decided is an answer with reason
 * `ERROR`. Answers are frozen and shared. With a `trace`, every question asked is appended to it together with its
 * answer.
 *
 * @example evaluate(config, 'checkout', { targetingKey: 'user-1' }, Date.now()).variant
 */
export function evaluate(
  config: ParsedConfig,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  trace?: Trace,
): Evaluation {
  try {
    const { program } = config
    const cell = trace ? undefined : program.cell(flagKey)
    return cell ? cell.decide(context, now) : interpret(program, flagKey, context, now, trace)
  } catch {
    return unfinished(config.flagSetId)
  }
}
