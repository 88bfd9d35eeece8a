import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type {
  Config,
  ErrorCode,
  EvaluationContext,
  FlagMetadata,
  FlagType,
  JsonValue,
  Reason,
} from '../../lib/evaluation/index'

export type VectorCase = {
  readonly description: string
  readonly flag: string
  /** The type the caller asks for. */
  readonly type: FlagType
  readonly default: JsonValue
  readonly context: EvaluationContext
  /** RFC 3339. Cases without it answer the same at any time. */
  readonly now?: string
  readonly expect: {
    readonly value: JsonValue
    readonly reason: Reason
    /** Absent: no variant is served. */
    readonly variant?: string
    readonly errorCode?: ErrorCode
    /** The whole metadata; absent: the case does not look at it. */
    readonly flagMetadata?: FlagMetadata
  }
}

export type Vectors = { readonly config: Config; readonly cases: readonly VectorCase[] }

const folder = fileURLToPath(new URL('../vectors/', import.meta.url))

/** The golden vectors, one entry a file, in the order of their names. */
export function loadVectors(): ({ readonly file: string } & Vectors)[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(folder + file, 'utf8')) }))
}
