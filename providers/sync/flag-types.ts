import type { EvaluationContext } from '../../lib/evaluation/types'

/** A flag to be asked again and again, by a default that says its type. */
export type FlagHandle<T, Details> = {
  /** The value for a context, or the default. */
  readonly value: (context?: EvaluationContext) => T
  /** The same with variant, reason and metadata. */
  readonly evaluate: (context?: EvaluationContext) => Details
}

/** The type that a default stands for: `boolean` for `false`. */
export type Widened<T> = T extends boolean
  ? boolean
  : T extends string
    ? string
    : T extends number
      ? number
      : T
