/**
 * The vocabulary of the engine. Names are OpenFeature's; docs/evaluation.md is the normative text.
 */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

export type FlagType = 'boolean' | 'string' | 'number' | 'object'

/** What one environment serves: immutable, versioned, compiled by the control plane. */
export type Config = {
  readonly schema: 1
  /** `<project>/<environment>` */
  readonly flagSetId: string
  /** `<epoch>.<version>.<hash8>`; ordered by (epoch, version) */
  readonly id: string
  readonly flags: Readonly<Record<string, WireFlag>>
  /** Only the segments that a flag reaches. */
  readonly segments: Readonly<Record<string, Segment>>
  /** The kill overlay: keys of flags forced to their off variant. */
  readonly killed: readonly string[]
  /** Id of the version that last changed the overlay. */
  readonly killedAt: string
}

export type Flag = {
  readonly type: FlagType
  /** The environment version in which this flag last changed. */
  readonly version: number
  readonly on: boolean
  readonly variants: Readonly<Record<string, JsonValue>>
  /** `null`: the caller's default is served while off. */
  readonly offVariant: string | null
  /** Default: the flag key. Changing it reshuffles every rollout. */
  readonly salt: string
  readonly prerequisites: readonly Prerequisite[]
  readonly targets: readonly Target[]
  readonly rules: readonly Rule[]
  readonly fallthrough: Serve
  readonly metadata?: FlagMetadata
}

/**
 * A flag as it travels: what has its default is left out. Without type and variants it is a boolean that is `on` or
 * `off`; `offVariant` is then "off", `salt` the key of the flag, and a list empty.
 */
export type WireFlag = Pick<Flag, 'version' | 'on' | 'metadata'> &
  Partial<Pick<Flag, 'type' | 'variants' | 'offVariant' | 'salt' | 'prerequisites' | 'targets'>> & {
    readonly rules?: readonly WireRule[]
    readonly fallthrough: WireServe
  }

export type WireRule = Omit<Rule, 'serve'> & { readonly serve: WireServe }

export type WireServe = { readonly variant: string } | { readonly rollout: WireRollout }

/** A variant without a weight has all of it. */
export type WireRollout = Omit<Rollout, 'split'> & {
  readonly split: readonly { readonly variant: string; readonly weight?: number }[]
}

export type Prerequisite = { readonly flag: string; readonly variants: readonly string[] }

/** `by`: the attribute compared, default `targetingKey`. */
export type Target = { readonly variant: string; readonly by: string; readonly values: readonly string[] }

export type Rule = {
  readonly id: string
  readonly name?: string
  readonly when: Condition
  readonly serve: Serve
  /** RFC 3339; the rule holds while `from <= now < until`. */
  readonly from?: string
  readonly until?: string
}

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | AttributeCondition
  | { readonly segment: string; readonly negate?: boolean }

export type AttributeCondition = {
  readonly attribute: string
  readonly op: Operator
  readonly values: readonly JsonValue[]
  readonly ignoreCase?: boolean
  readonly negate?: boolean
}

export type Operator =
  | 'is_one_of'
  | 'is_set'
  | 'is_not_set'
  | 'contains'
  | 'starts_with'
  | 'ends_with'
  | 'eq'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'matches'
  | 'before'
  | 'after'
  | 'within_last'
  | 'older_than'
  | 'semver_eq'
  | 'semver_lt'
  | 'semver_lte'
  | 'semver_gt'
  | 'semver_gte'
  | 'semver_in_range'
  | 'has_any'
  | 'has_all'
  | 'has_none'
  | 'ip_in_cidr'

export type Serve = { readonly variant: string } | { readonly rollout: Rollout }

export type Rollout = {
  /** Bucketing attribute, default `targetingKey`. */
  readonly by?: string
  /** Default: the flag's salt. */
  readonly salt?: string
  /** 0..100000, in steps of 0.001 %. */
  readonly share: number
  /** Who inside the share gets what; weights sum to 100000. */
  readonly split: readonly { readonly variant: string; readonly weight: number }[]
  /** Who is outside the share; a fallthrough's `rest` is always a variant. */
  readonly rest: 'continue' | { readonly variant: string }
}

export type Segment = {
  readonly by: string
  readonly included: readonly string[]
  readonly excluded: readonly string[]
  readonly any: readonly Condition[]
}

/** A change from one version to the next; applied only where `from` is the whole id held. */
export type ConfigPatch = {
  readonly from: string
  readonly to: string
  /** `null` removes the flag. */
  readonly flags: Readonly<Record<string, WireFlag | null>>
  readonly segments: Readonly<Record<string, Segment | null>>
  /** Always the complete list. */
  readonly killed: readonly string[]
  readonly killedAt: string
}

/** Anything an application passes; only own properties are ever read, and never by spreading. */
export type EvaluationContext = { readonly targetingKey?: string; readonly [attribute: string]: unknown }

export type FlagMetadata = Readonly<Record<string, string | number | boolean>>

/** OpenFeature's reasons; `CACHED` is set by providers alone. */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'ERROR'

export type ErrorCode =
  | 'FLAG_NOT_FOUND'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'GENERAL'

/**
 * The answer to one flag. `value` is absent where the caller's default is served:
 * off with `offVariant: null`, and every error.
 */
export type Evaluation =
  | {
      readonly reason: Exclude<Reason, 'ERROR'>
      readonly variant: string
      readonly value: JsonValue
      readonly flagMetadata: FlagMetadata
    }
  | {
      readonly reason: 'DISABLED' | 'DEFAULT'
      readonly variant?: undefined
      readonly value?: undefined
      readonly flagMetadata: FlagMetadata
    }
  | {
      readonly reason: 'ERROR'
      readonly errorCode: ErrorCode
      readonly errorMessage: string
      readonly variant?: undefined
      readonly value?: undefined
      readonly flagMetadata: FlagMetadata
    }

/** What a caller with a default receives: OpenFeature's ResolutionDetails. */
export type Resolution<T> = {
  readonly value: T
  readonly reason: Reason
  readonly variant?: string
  readonly errorCode?: ErrorCode
  readonly errorMessage?: string
  readonly flagMetadata: FlagMetadata
}

/** One question asked during an evaluation and its answer, in order. */
export type TraceStep =
  | { readonly step: 'flag'; readonly flag: string; readonly outcome: 'found' | 'not_found' | 'malformed' }
  | { readonly step: 'off'; readonly flag: string; readonly killed: boolean }
  | {
      readonly step: 'prerequisite'
      readonly flag: string
      readonly prerequisite: string
      readonly wanted: readonly string[]
      readonly served: string | null
      readonly holds: boolean
    }
  | { readonly step: 'target'; readonly by: string; readonly variant: string; readonly holds: boolean }
  | {
      readonly step: 'rule'
      readonly id: string
      readonly name?: string
      readonly index: number
      readonly outcome:
        | 'matched'
        | 'not_matched'
        | 'outside_window'
        | 'outside_share'
        | 'bucketing_attribute_missing'
    }
  | {
      readonly step: 'condition'
      readonly attribute: string
      readonly op: Operator
      readonly values: readonly JsonValue[]
      readonly negate: boolean
      readonly actual: JsonValue | undefined
      readonly holds: boolean
    }
  | { readonly step: 'segment'; readonly segment: string; readonly negate: boolean; readonly holds: boolean }
  | {
      readonly step: 'rollout'
      readonly by: string
      readonly key: string | undefined
      /** 0..99999; undefined where no hash was needed or no key was there. */
      readonly bucket: number | undefined
      readonly share: number
      readonly inside: boolean
    }
  | { readonly step: 'split'; readonly bucket: number | undefined; readonly variant: string }
  | { readonly step: 'fallthrough' }

export type Trace = TraceStep[]
