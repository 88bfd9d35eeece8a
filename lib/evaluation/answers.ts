import { own } from './records'
import type { Config, ErrorCode, Evaluation, Flag, FlagMetadata, Reason } from './types'

export function serve(
  flag: Flag,
  variant: string,
  reason: Exclude<Reason, 'ERROR'>,
  flagMetadata: FlagMetadata,
): Evaluation {
  return { reason, variant, value: own(flag.variants, variant)!, flagMetadata }
}

/** The off variant, or no variant where the flag leaves the value to the caller's default. */
export function serveOff(flag: Flag, reason: 'DISABLED' | 'DEFAULT', flagMetadata: FlagMetadata): Evaluation {
  return flag.offVariant === null
    ? { reason, flagMetadata }
    : serve(flag, flag.offVariant, reason, flagMetadata)
}

export function failure(errorCode: ErrorCode, errorMessage: string, flagMetadata: FlagMetadata): Evaluation {
  return { reason: 'ERROR', errorCode, errorMessage, flagMetadata }
}

/** The metadata of an answer that no flag had a say in. */
export function onlyFlagSet({ flagSetId }: Config): FlagMetadata {
  return Object.freeze({ flagSetId })
}
