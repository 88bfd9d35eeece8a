import type { Read } from './flag-reader'
import type { EvaluationContext, Flag, JsonValue, Segment, Trace } from './types'

/** What the flags of one config are, as far as a decision needs it. */
export type World = {
  readonly flagSetId: string
  readonly cell: (
    key: string,
  ) => { readonly flag: Flag | null; readonly fault: string | null; readonly killed: boolean } | undefined
  readonly segment: (key: string) => Read<Segment> | undefined
}

/** What one evaluation carries through every decision it takes. */
export type Scope = {
  readonly world: World
  readonly context: EvaluationContext
  readonly now: number
  readonly trace: Trace | undefined
  /** Flags looked at so far: the flag asked for and the prerequisites below it. */
  nodes: number
}

/** An attribute as a trace can keep it: JSON, or `undefined` for what JSON cannot say. */
export function traceable(actual: unknown): JsonValue | undefined {
  if (typeof actual === 'string' || typeof actual === 'boolean') return actual
  try {
    return JSON.parse(JSON.stringify(actual))
  } catch {
    return undefined
  }
}
