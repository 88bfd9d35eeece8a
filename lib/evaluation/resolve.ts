import { evaluate } from './evaluate'
import { metadataOf } from './metadata'
import type { ParsedConfig } from './parsed-config'
import type { EvaluationContext, FlagType, Resolution, Trace } from './types'

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
  const flag = config.program.cell(flagKey)?.flag
  if (flag && flag.type !== type) {
    return {
      value: defaultValue,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: `flag "${flagKey}" is of type ${flag.type}, not ${type}`,
      flagMetadata: metadataOf(config.flagSetId, flag),
    }
  }
  const evaluation = evaluate(config, flagKey, context, now, trace)
  if (evaluation.variant === undefined) return { ...evaluation, value: defaultValue }
  return evaluation as Resolution<T> // a sound flag holds no variant that is not of its type
}
