import type { Prepared } from '../../lib/evaluation/prepared'
import type { ConfigPatch, EvaluationContext, FlagType, Resolution } from '../../lib/evaluation/types'
import type { Request } from './ask'
import type { Clock } from './clock'
import type { Failure } from './endpoint'
import type { KillOverlay } from './messages'

/** One state of what is served. Immutable: other answers are another snapshot. */
export type Snapshot = {
  readonly id: string
  readonly killedAt: string
  /** Stands for it where holding the snapshot itself would keep it alive, and maybe all that follow. */
  readonly token: object
}

export type Offer =
  | 'applied'
  | 'kept'
  /** It does not follow what is held: fetching again helps. */
  | 'gap'
  /** It cannot be used yet: fetching again waits until it can. */
  | 'later'
  | 'malformed'

/** What answers: the whole config, or what is left of it for one context. Nothing here throws. */
export type Served = {
  /** Whether the stream brings it: else it is asked for. */
  readonly pushed: boolean
  readonly current: Snapshot | null
  /** False while the snapshot is a bootstrap or a cached one that no server has confirmed. */
  readonly validated: boolean
  /** It was made for another context than the one that is wanted. */
  readonly outdated: boolean
  /** Epoch ms by the server's clock from which on it must be fetched again; `null`: only when something changes. */
  readonly validUntil: number | null
  /** Starts from text that no server has confirmed. False: it is no use, or there is something better. */
  readonly seed: (text: string) => Promise<boolean> | boolean
  /** Asks the server and takes over what it answers. */
  readonly fetch: (request: Request) => Promise<Offer | Failure>
  /** `null` where there is no such flag, or it cannot be made ready: `resolve` says which. */
  readonly prepare: (flagKey: string) => Prepared | null
  readonly resolve: <T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
    now: number,
  ) => Resolution<T>
}

/**
 * What a sync keeps in step with the server. It moves by compare-and-set on (epoch, version), never back, whoever offers;
 * a kill applies as soon as it is heard of, and nothing older lifts it.
 */
export type Replica = Served & {
  readonly replace: (text: string, config: unknown) => Offer
  readonly patch: (text: string, patch: ConfigPatch) => Offer
  readonly kill: (overlay: KillOverlay) => void
  /** What it holds, as text to be seeded from. */
  readonly toText: () => string
  /** The sorted keys of the flags that may answer differently now than in an earlier snapshot. */
  readonly changedSince: (before: Snapshot | null) => string[]
  /** What reports flags whose answers change because time passes alone; `null` where the server is asked again then. */
  readonly windows: (
    clock: Clock,
    now: () => number,
    onEdge: (flags: readonly string[]) => void,
  ) => Windows | null
}

export type Windows = {
  /** The replica may hold another snapshot now. */
  readonly watch: () => void
  readonly stop: () => void
}
