import { unfinished } from './answers'
import { type Compiled, decide } from './closures'
import type { ParsedConfig } from './parsed-config'
import type { Evaluation, EvaluationContext, FlagType } from './types'

/** One flag of one config, found and compiled, for those who ask it again and again. */
export type Prepared = {
  readonly flagSetId: string
  /** `null` where the flag has a fault: then it answers so, whatever type is asked for. */
  readonly type: FlagType | null
  readonly compiled: Compiled
  /** Where false, any time will do: whoever asks can leave the clock alone, which costs more than most flags. */
  readonly readsTime: boolean
}

/** `null` where there is no such flag, or it cannot be prepared here: `resolve` says which. */
export function prepare({ flagSetId, program }: ParsedConfig, flagKey: string): Prepared | null {
  try {
    const cell = program.cell(flagKey)
    if (!cell) return null
    const compiled = program.compiled(cell)
    return { flagSetId, type: cell.flag?.type ?? null, compiled, readsTime: cell.readsTime }
  } catch {
    return null
  }
}

/**
 * What `evaluate` answers. Never throws; answers are frozen and shared.
 *
 * @example
 * const checkout = prepare(config, 'checkout')
 * evaluatePrepared(checkout, { targetingKey: 'user-1' }, checkout.readsTime ? Date.now() : 0).variant
 */
export function evaluatePrepared(
  { compiled, flagSetId }: Prepared,
  context: EvaluationContext,
  now: number,
): Evaluation {
  try {
    return decide(compiled, context, now)
  } catch {
    return unfinished(flagSetId)
  }
}
