import { unfinished } from './answers'
import { decide } from './closures'
import { interpret } from './interpret'
import { metadataOf } from './metadata'
import type { ParsedConfig } from './parsed-config'
import type { EvaluationContext, Flag, FlagType, Resolution, Trace } from './types'
import { withDefault } from './with-default'

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
  try {
    const { program } = config
    const cell = program.cell(flagKey)
    if (cell?.flag && cell.flag.type !== type)
      return mismatch(config.flagSetId, flagKey, cell.flag, type, defaultValue)
    const evaluation =
      cell && !trace
        ? decide(program.compiled(cell), context, now)
        : interpret(program, flagKey, context, now, trace)
    return withDefault(evaluation, defaultValue)
  } catch {
    return withDefault(unfinished(config.flagSetId), defaultValue)
  }
}

function mismatch<T>(
  flagSetId: string,
  flagKey: string,
  flag: Flag,
  type: FlagType,
  defaultValue: T,
): Resolution<T> {
  return {
    value: defaultValue,
    reason: 'ERROR',
    errorCode: 'TYPE_MISMATCH',
    errorMessage: `flag "${flagKey}" is of type ${flag.type}, not ${type}`,
    flagMetadata: metadataOf(flagSetId, flag),
  }
}
