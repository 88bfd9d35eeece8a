import { type Mark, metadataOf } from './metadata'
import { own } from './records'
import type { ErrorCode, Evaluation, Flag, FlagMetadata, JsonValue, Reason } from './types'

/** What a flag can answer. Answers are frozen, values included: one is handed to many callers. */
export class Answers {
  readonly flagSetId: string
  readonly flag: Flag
  readonly #plain: FlagMetadata

  constructor(flagSetId: string, flag: Flag) {
    this.flagSetId = flagSetId
    this.flag = flag
    this.#plain = metadataOf(flagSetId, flag)
  }

  serve(variant: string, reason: Exclude<Reason, 'ERROR'>, mark?: Mark): Evaluation {
    const value = frozen(own(this.flag.variants, variant)!)
    return Object.freeze({ reason, variant, value, flagMetadata: this.#metadata(mark) })
  }

  /** The off variant, or no variant where the flag leaves the value to the caller's default. */
  off(reason: 'DISABLED' | 'DEFAULT', mark?: Mark): Evaluation {
    const { offVariant } = this.flag
    if (offVariant !== null) return this.serve(offVariant, reason, mark)
    return Object.freeze({ reason, flagMetadata: this.#metadata(mark) })
  }

  failure(errorCode: ErrorCode, errorMessage: string): Evaluation {
    return failure(errorCode, errorMessage, this.#plain)
  }

  #metadata(mark: Mark): FlagMetadata {
    return mark ? metadataOf(this.flagSetId, this.flag, mark) : this.#plain
  }
}

/** An error that no flag had a say in. */
export function unanswered(errorCode: ErrorCode, errorMessage: string, flagSetId: string): Evaluation {
  return failure(errorCode, errorMessage, Object.freeze({ flagSetId }))
}

/** Out of stack or memory: the caller called from the bottom of its stack, or a string is at the runtime's limit. */
export function unfinished(flagSetId: string): Evaluation {
  return unanswered('GENERAL', 'the evaluation could not be finished', flagSetId)
}

function failure(errorCode: ErrorCode, errorMessage: string, flagMetadata: FlagMetadata): Evaluation {
  return Object.freeze({ reason: 'ERROR', errorCode, errorMessage, flagMetadata })
}

function frozen(value: JsonValue): JsonValue {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) frozen(inner)
  }
  return value
}
