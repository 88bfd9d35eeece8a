import { evaluate } from './evaluate'
import { plainMetadata } from './metadata'
import { own } from './records'
import type { EvaluationContext, FlagType, ParsedConfig, Resolution, Trace } from './types'

/**
 * Decides one flag for a caller that expects a type and has a default. The default is handed back as it is, by
 * identity, wherever no variant is served: on errors, and while off without an off variant. A flag of another type is
 * a `TYPE_MISMATCH` whatever the context.
 *
 * @example resolve(config, 'checkout', 'boolean', false, { targetingKey: 'user-1' }, Date.now()).value
 */
export function resolve<T>(
  config: ParsedConfig,
  flagKey: string,
  type: FlagType,
  defaultValue: T,
  context: EvaluationContext,
  now: number,
  trace?: Trace,
): Resolution<T> {
  const flag = own(config.flags, flagKey)
  if (flag && flag.type !== type) {
    return {
      value: defaultValue,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: `flag "${flagKey}" is of type ${flag.type}, not ${type}`,
      flagMetadata: plainMetadata(config.flagSetId, flag),
    }
  }
  const evaluation = evaluate(config, flagKey, context, now, trace)
  if (evaluation.variant === undefined) return { ...evaluation, value: defaultValue }
  return evaluation as Resolution<T> // a parsed config holds no variant that is not of its flag's type
}
