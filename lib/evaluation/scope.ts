import type { EvaluationContext, JsonValue, ParsedConfig, Trace } from './types'

/** What one evaluation carries through every decision it takes. */
export type Scope = {
  readonly config: ParsedConfig
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
