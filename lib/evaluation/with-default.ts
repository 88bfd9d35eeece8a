import type { Evaluation, Resolution } from './types'

/** An evaluation as the caller receives it, in whose type it was asked. A sound flag holds no variant of another. */
export function withDefault<T>(evaluation: Evaluation, defaultValue: T): Resolution<T> {
  return evaluation.variant === undefined
    ? { ...evaluation, value: defaultValue }
    : (evaluation as Resolution<T>)
}
