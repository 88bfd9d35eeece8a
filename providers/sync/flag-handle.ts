import type { EvaluationContext } from '../../lib/evaluation'
import type { FlagHandle, Widened } from './flag-types'
import type { Handle } from './handle'
import { typeOf } from './resolution'

const NOBODY: EvaluationContext = Object.freeze({})

/** `Details`: what a resolution is called by the SDK of the provider. */
export function flagHandle<T, Details>(handle: Handle, defaultValue: T): FlagHandle<Widened<T>, Details> {
  const type = typeOf(defaultValue)
  return {
    value: (context = NOBODY) => handle.resolve(type, defaultValue, context).value as Widened<T>,
    evaluate: (context = NOBODY) => handle.resolve(type, defaultValue, context) as Details,
  }
}
