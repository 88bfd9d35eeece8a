import { unfinished } from './answers'
import type { Compiled } from './closures'
import type { ParsedConfig } from './parsed-config'
import type { Evaluation, EvaluationContext, FlagType } from './types'

/** One flag, found and compiled, for those who ask it again and again. */
export type Prepared = {
  /** `null` where the flag has a fault: then it answers so, whatever type is asked for. */
  readonly type: FlagType | null
  /** Where false, any time will do: whoever asks can leave the clock alone, which costs more than most flags. */
  readonly readsTime: boolean
  /** What `evaluate` answers, `now` in epoch ms. Never throws; answers are frozen and shared. */
  readonly evaluate: (context: EvaluationContext, now: number) => Evaluation
}

/**
 * `null` where there is no such flag, or it cannot be prepared here: `resolve` says which.
 *
 * @example
 * const checkout = prepare(config, 'checkout')
 * checkout.evaluate({ targetingKey: 'user-1' }, checkout.readsTime ? Date.now() : 0).variant
 */
export function prepare({ flagSetId, program }: ParsedConfig, flagKey: string): Prepared | null {
  try {
    const cell = program.cell(flagKey)
    if (!cell) return null
    const compiled = program.compiled(cell)
    return {
      type: cell.flag?.type ?? null,
      readsTime: cell.readsTime,
      evaluate: guarded(compiled, flagSetId),
    }
  } catch {
    return null
  }
}

function guarded(compiled: Compiled, flagSetId: string): Prepared['evaluate'] {
  if (typeof compiled !== 'function') return () => compiled
  return (context, now) => {
    try {
      return compiled(context, now)
    } catch {
      return unfinished(flagSetId)
    }
  }
}
