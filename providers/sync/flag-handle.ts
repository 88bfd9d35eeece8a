import type { EvaluationContext } from '../../lib/evaluation'
import type { Handle } from './handle'
import { typeOf } from './resolution'

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

const NOBODY: EvaluationContext = Object.freeze({})

/** `Details`: what a resolution is called by the SDK of the provider. */
export function flagHandle<T, Details>(handle: Handle, defaultValue: T): FlagHandle<Widened<T>, Details> {
  const type = typeOf(defaultValue)
  return {
    value: (context = NOBODY) => handle.resolve(type, defaultValue, context).value as Widened<T>,
    evaluate: (context = NOBODY) => handle.resolve(type, defaultValue, context) as Details,
  }
}
