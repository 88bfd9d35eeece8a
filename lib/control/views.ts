import type { ActorRef, FlagKind, KeyKind } from '@/db/schema'
import type { FlagMetadata, FlagType, JsonValue, Prerequisite, Rule, Serve, Target } from '@/lib/evaluation'

/** The shapes that API v1 answers with and pages receive as props. Times are RFC 3339 in UTC. */

export type Page<T> = {
  items: T[]
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null
  total: number
}

export type EnvironmentView = {
  key: string
  name: string
  protected: boolean
  colour: string | null
  position: number
  /** Id of the newest published config. */
  configId: string
}

export type ProjectView = { key: string; name: string; environments: EnvironmentView[]; flagCount: number }

/** What a flag does in one environment, as PUT and GET exchange it. */
export type Targeting = {
  on: boolean
  offVariant: string | null
  prerequisites: Prerequisite[]
  targets: Target[]
  rules: Rule[]
  fallthrough: Serve
}

export type KillView = { id: string; reason: string; actor: ActorRef; at: string }

export type TargetingView = Targeting & {
  salt: string
  /** Raised by every edit: the ETag for If-Match. */
  version: number
  updatedAt: string
  kill: KillView | null
}

export type FlagView = {
  key: string
  name: string
  type: FlagType
  variants: Record<string, JsonValue>
  metadata: FlagMetadata
  description: string
  tags: string[]
  owner: string | null
  kind: FlagKind
  /** Available to browsers. */
  browser: boolean
  version: number
  createdAt: string
  archivedAt: string | null
  /** Environment key -> targeting there. */
  environments: Record<string, TargetingView>
}

export type SegmentView = {
  key: string
  name: string
  by: string
  included: string[]
  excluded: string[]
  any: JsonValue[]
  version: number
}

export type KeyView = {
  id: string
  kind: KeyKind
  /** How a client key receives flags; null: a server key. */
  mode: 'residual' | 'full' | null
  name: string
  createdBy: ActorRef
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** The origins of pages that may use a client key; empty: all. */
  origins: string[]
  /** When it was last used, to the minute or so. */
  lastUsedAt: string | null
  /** The key that takes its place, once it was rotated. */
  replacedBy: string | null
}

export type VersionView = {
  /** `<epoch>.<version>.<hash8>` */
  id: string
  version: number
  at: string
  actor: ActorRef
  action: string
  /** The thing changed, e.g. `flag:checkout`. */
  target: string
  reason: string | null
  before: JsonValue
  after: JsonValue
}

export type AuditView = Omit<VersionView, 'id' | 'version'> & {
  id: number
  environment: string | null
  /** Environment key -> config id published by this entry. */
  versions: Record<string, string>
  requestId: string
}

/** How far a version has travelled, from what delivery nodes have sent. */
export type PropagationView = {
  id: string
  nodes: number
  /** SDKs connected by stream now. */
  connected: number
  /** Of those, how many have been sent this version or a newer one. */
  reached: number
  /** Milliseconds from commit until the last connected SDK had it; null while some have not. */
  elapsedMs: number | null
  /** Providers on servers that were asked to say what they have applied. */
  asked: number
  /** Of those, how many have said this version or a newer one. */
  acked: number
  /** Browsers that have said so with their counts, which come about once a minute. */
  browsers: number
}

/** Attribute path -> who may see what it is compared to. */
export type AttributesView = { attributes: Record<string, 'public' | 'private'> }
