import { unfinished } from './answers'
import { decide } from './closures'
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
    const cell = program.cell(flagKey)
    if (cell === undefined || trace) return interpret(program, flagKey, context, now, trace)
    return decide(program.compiled(cell), context, now)
  } catch {
    return unfinished(config.flagSetId)
  }
}
