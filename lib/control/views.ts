import type { ChangePart, ProposalStatus } from '@/db/changes'
import type { ActorRef, EntryVia, FlagKind, KeyKind, Policy, StoredRule } from '@/db/schema'
import type { Protocol, RefusedFor } from '@/db/usage'
import type {
  Condition,
  FlagMetadata,
  FlagType,
  JsonValue,
  Prerequisite,
  Serve,
  Target,
} from '@/lib/evaluation'

export type { StoredRule }

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
  /** What it asks of changes while it is protected. */
  policy: Policy
  colour: string | null
  position: number
  /** Id of the newest published config. */
  configId: string
}

export type ProjectView = {
  key: string
  name: string
  environments: EnvironmentView[]
  flagCount: number
  /** An application has evaluated one of its flags. */
  evaluated: boolean
}

/** What a flag does in one environment, as PUT and GET exchange it. */
export type Targeting = {
  on: boolean
  offVariant: string | null
  prerequisites: Prerequisite[]
  targets: Target[]
  rules: StoredRule[]
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

/** A flag as the list shows it. */
export type ListedFlag = FlagView & {
  /** The minute of its last evaluation, in whichever environment. */
  lastEvaluatedAt: string | null
}

/** Whatever a search of flags finds, on one page or on many. */
export type FlagKeys = { keys: string[] }

/** What was asked to be done with many flags, for each of them: done, with what it changed, or why not. */
export type BulkOutcome =
  | { flag: string; changed: boolean; before: { tags: string[]; owner: string | null } }
  | { flag: string; problem: string }

export type BulkView = {
  outcomes: BulkOutcome[]
  /** What there was no time for: to be asked for again. */
  left: string[]
}

/** A search of the flags list that is kept by a name. */
export type SavedView = {
  id: string
  name: string
  /** The query of its address. */
  query: string
  /** Everybody in the project sees it. */
  shared: boolean
  /** Who asks has made it. */
  mine: boolean
}

export type SavedViews = {
  items: SavedView[]
  /** With which one who asks begins: the id of a saved one, `all`, `stale` or `mine`. */
  starred: string
}

export type SegmentView = {
  key: string
  name: string
  by: string
  included: string[]
  excluded: string[]
  /** Conditions; whoever meets one of them is in it. */
  any: Condition[]
  version: number
}

/** What can be said of a segment. */
export type SegmentBody = Omit<SegmentView, 'key' | 'version'>

/** What a flag does in two environments. */
export type ComparedFlag = {
  key: string
  name: string
  /** Their names, in the order of the flag. */
  variants: string[]
  differs: boolean
  from: TargetingView
  to: TargetingView
}

/** A segment without its lists. */
export type SegmentSummary = Omit<SegmentView, 'included' | 'excluded'> & {
  includedCount: number
  excludedCount: number
  /** Flags whose rules reach it, in whichever environment. */
  flagCount: number
}

export type SegmentUses = {
  /** The first 200. `direct`: a rule names the segment itself, not one that names it. */
  flags: { key: string; name: string; environments: string[]; direct: boolean }[]
  flagCount: number
  /** Where a change of the segment is published. */
  environments: string[]
  /** Segments that name it. */
  segments: string[]
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
  /** The key of the project; null: an entry of the installation. */
  project: string | null
  environment: string | null
  /** Environment key -> config id published by this entry. */
  versions: Record<string, string>
  requestId: string
  /** Its place in the chain of its project or of the installation, and its hash there; null: of before the chain. */
  seq: number | null
  hash: string | null
  /** From where and by what; null for readers who do not manage members. */
  origin: { ip: string | null; userAgent: string | null; via: EntryVia | null } | null
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

/** Somebody who asks for flags: as many as call themselves the same and use the same key. */
export type ConnectionView = {
  key: { id: string; name: string; kind: KeyKind }
  /** Such as `openfeature-server/0.1.0`, `Firefox on Linux`; empty: it does not say. */
  client: string
  protocol: Protocol
  /** Streams open now, and how many of them have taken the version. */
  open: number
  current: number
  /** Since when the oldest of them is open. */
  since: string | null
  /** When a request came last that was no stream. */
  askedAt: string | null
  /** The version that its streams hold, the lowest of the nodes. */
  version: number | null
  nodes: string[]
}

export type RefusalView = {
  reason: RefusedFor
  client: string
  at: string
  /** Null: none of this installation. */
  key: { id: string; name: string } | null
}

export type UnknownFlagView = {
  flag: string
  because: 'unknown' | 'archived' | 'not_in_browsers'
  count: number
  client: string
  at: string
}

export type ConnectionsView = {
  clients: ConnectionView[]
  refusals: RefusalView[]
  unknownFlags: UnknownFlagView[]
}

/** What has come from applications in the last ten minutes. */
export type ArrivalsView = {
  now: string
  /** Streams open now. */
  open: number
  clients: Pick<ConnectionView, 'client' | 'protocol' | 'open' | 'askedAt'>[]
  refusals: Omit<RefusalView, 'key'>[]
  unknownFlags: Pick<UnknownFlagView, 'flag' | 'because'>[]
  /** Other environments of the project that somebody is connected to. */
  elsewhere: string[]
  /** The last evaluation of the flag that was asked about. */
  evaluation: {
    /** Null: the default in the code. */
    variant: string | null
    reason: string
    errorCode: string | null
    client: string
    at: string
  } | null
}

/** How a flag was evaluated in one environment, over a range of time. */
export type InsightsView = {
  from: string
  to: string
  /** Milliseconds that a point stands for. */
  step: number
  /** Evaluations from `at` on, for `step`; `variant` null: the default in the code. Where there were none there is no point. */
  points: { at: string; variant: string | null; count: number }[]
  total: number
  /** Of them: the default in the code was served; something was wrong; the variant is none of the flag any more. */
  defaults: number
  errors: number
  gone: number
  reasons: { reason: string; errorCode: string | null; count: number }[]
  /** The fifty that evaluated most. `browser`: told by a client key, with which anybody can tell anything. */
  clients: { client: string; browser: boolean; count: number; errors: number; at: string }[]
  /** What was published meanwhile, oldest first. */
  changes: Pick<VersionView, 'id' | 'version' | 'at' | 'actor' | 'action' | 'target' | 'before' | 'after'>[]
  /** The first and the last evaluation that was heard of, at any time. */
  firstAt: string | null
  lastAt: string | null
}

/** Attribute path -> who may see what it is compared to. */
export type AttributesView = { attributes: Record<string, 'public' | 'private'> }

/** An attribute that evaluation contexts had: by path, with the kinds of its values. `browser`: a browser told of it. */
export type SeenAttributeView = {
  name: string
  types: ('string' | 'number' | 'boolean' | 'date' | 'list')[]
  browser: boolean
  seenAt: string
}
export type SeenAttributesView = { attributes: SeenAttributeView[] }

/** Changes that wait: for approval, for their time, or for their author. */
export type ProposalView = {
  id: string
  environment: string
  author: ActorRef
  changes: ChangePart[]
  /** What people approve: it changes with the changes. */
  hash: string
  comment: string
  status: ProposalStatus
  at: string | null
  problem: string | null
  version: number
  createdAt: string
  updatedAt: string
  /** Approvals it needs, and what people said of this very content. */
  needed: number
  approvals: {
    actor: ActorRef
    verdict: 'approve' | 'reject'
    comment: string
    at: string
    /** An approval by somebody who could still give it. */
    counts: boolean
  }[]
  /** Environment key -> config id. */
  published: Record<string, string> | null
}

export type WebhookView = {
  id: string
  name: string
  /** Whole for whoever may change it: a path may be a secret. Others see the host. */
  url: string
  /** Patterns of actions, such as `flag.*`; `*` is all. */
  events: string[]
  /** Keys of environments; null: all. */
  environments: string[] | null
  payload: 'json' | 'slack'
  enabled: boolean
  /** Why Jackstaff turned it off. */
  problem: string | null
  /** Since when every attempt failed. */
  failingSince: string | null
  /** Until when the secret before this one signs as well. */
  previousUntil: string | null
  createdBy: ActorRef
  createdAt: string
}

export type WebhookDeliveryView = {
  id: number
  /** The `webhook-id` it is sent with. */
  message: string
  action: string
  target: string
  environment: string | null
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  /** The delivery that this one repeats. */
  replayOf: number | null
  createdAt: string
  /** When it is tried next, while it is pending. */
  nextAt: string | null
  lastAt: string | null
  /** Milliseconds that the last attempt took. */
  elapsedMs: number | null
  /** Status code of the last answer; null: there was none, and `answer` says why. */
  answered: number | null
  /** The beginning of the last answer. */
  answer: string | null
}
