import type {
  AttributeCondition,
  ErrorCode,
  EvaluationContext,
  FlagMetadata,
  FlagType,
  JsonValue,
  Reason,
} from '../types'
import type { Marks } from './marks'

/**
 * What is left of a config for one context once everything private is settled: answers, and the questions that only
 * need public attributes. No rule of the config can be read from it that another context would need.
 */
export type Residual = {
  readonly schema: 1
  readonly mode: 'residual'
  /** `<project>/<environment>` */
  readonly flagSetId: string
  /** Of the config: `<epoch>.<version>.<hash8>`. */
  readonly id: string
  /** Of the version that last changed the kill overlay. */
  readonly killedAt: string
  /** Epoch ms by the server's clock from which on an answer may differ; `null`: only a new version changes them. */
  readonly validUntil: number | null
  /** A change of an attribute that is public here needs no new residual. */
  readonly attributes: Marks
  /** Whether a condition compares times, versions or networks: those operators are loaded when they are needed. */
  readonly compares: boolean
  readonly flags: Readonly<Record<string, ResidualFlag>>
}

export type ResidualFlag = {
  /** Left out for a boolean. */
  readonly type?: FlagType
  /** The variants that are still possible. */
  readonly variants: Readonly<Record<string, JsonValue>>
  /** `version` included. */
  readonly metadata: FlagMetadata
  /** What a kill serves; `null`: the caller's default. */
  readonly off: string | null
  readonly steps: readonly Step<Leaf>[]
}

/** An answer, without what all answers of its flag have in common. */
export type Leaf = {
  readonly reason: Reason
  readonly variant?: string
  readonly mark?: FlagMetadata
  readonly errorCode?: ErrorCode
  readonly errorMessage?: string
}

/** Asked in order; the first that has an outcome decides. Without `when` it is asked for everyone. */
export type Step<T> = { readonly when?: Test } & (
  | { readonly outcome: T }
  | { readonly rollout: ResidualRollout<T> }
)

/** A rollout by a public attribute. `null`: the next step is asked. */
export type ResidualRollout<T> = {
  readonly by: string
  readonly salt: string
  /** 0..100000 */
  readonly share: number
  /** Who inside the share gets what: where its part ends, of 100000. */
  readonly inside: readonly (readonly [end: number, outcome: T])[]
  readonly outside: T | null
  /** Where the attribute is missing. */
  readonly missing: T | null
}

/** A condition on public attributes alone. */
export type Test =
  | { readonly all: readonly Test[] }
  | { readonly any: readonly Test[] }
  | { readonly not: Test }
  | AttributeCondition
  /** Whether a prerequisite is met. Neither its key nor its variants can be seen. */
  | { readonly met: readonly Step<boolean>[] }

/** One context at one moment, in epoch ms. */
export type Moment = { readonly context: EvaluationContext; readonly now: number }
