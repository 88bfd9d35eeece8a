import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Marks } from '../lib/evaluation/residual/marks'
import type {
  Condition,
  FlagMetadata,
  FlagType,
  JsonValue,
  Prerequisite,
  Rule,
  Serve,
  Target,
} from '../lib/evaluation/types'
import { at, createdAt, id, textArray } from './columns'

// Documents are `json`, not `jsonb`: the order of variants and the bytes that were hashed survive a round trip.

export type FlagKind = 'release' | 'experiment' | 'ops' | 'permission'
export type KeyKind = 'server' | 'client'
/** How a client key receives flags; null: a server key. */
export type KeyMode = 'residual' | 'full'
export type Policy = {
  approvals: number
  confirm: boolean
  freezes: { from: string; until: string; reason: string }[]
}
export type ActorRef = { kind: 'user' | 'service' | 'system'; id: string; name: string }
/** Who is named by a row: a person by id alone, so that a name can be erased; a token or the system with its name. */
export type EntryActor = Omit<ActorRef, 'name'> & { name?: string }

export const projects = pgTable(
  'project',
  {
    id: id(),
    key: text().notNull(),
    name: text().notNull(),
    /** Which attributes browsers may see compared, by path: as published. */
    attributes: json().$type<Marks>().notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('project_key').on(sql`lower(${t.key})`)],
)

export const environments = pgTable(
  'environment',
  {
    id: id(),
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    name: text().notNull(),
    protected: boolean().notNull().default(false),
    /** What it asks of changes while it is protected. */
    policy: json().$type<Policy>().notNull().default({ approvals: 1, confirm: true, freezes: [] }),
    colour: text(),
    position: integer().notNull().default(0),
    createdAt: createdAt(),
    deletedAt: at(),
  },
  (t) => [uniqueIndex('environment_key').on(t.projectId, sql`lower(${t.key})`)],
)

/** One row an environment: the newest published version. Its row lock orders all publishing. */
export const envHeads = pgTable('env_head', {
  environmentId: integer()
    .primaryKey()
    .references(() => environments.id),
  epoch: integer().notNull().default(1),
  version: integer().notNull().default(0),
  hash: text().notNull().default(''),
  killed: json().$type<string[]>().notNull().default([]),
  killedAt: text().notNull().default(''),
  /** Bytes of all compiled flags and segments, kept by difference: the bound is checked without reading them. */
  bytes: integer().notNull().default(0),
  /** Raised when SDK keys change, so that nodes reload them. */
  keysRevision: integer().notNull().default(0),
  updatedAt: createdAt(),
})

/** Immutable; `hash = sha256(previous hash + patch)`. */
export const configVersions = pgTable(
  'config_version',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    epoch: integer().notNull(),
    version: integer().notNull(),
    hash: text().notNull(),
    patch: text().notNull(),
    /** The whole state after this version, every so often. */
    snapshot: text(),
    auditId: bigint({ mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.environmentId, t.epoch, t.version] }),
    index('config_version_audit').on(t.auditId),
  ],
)

export const flags = pgTable(
  'flag',
  {
    id: id(),
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    name: text().notNull(),
    type: text().$type<FlagType>().notNull(),
    variants: json().$type<Record<string, JsonValue>>().notNull(),
    metadata: json().$type<FlagMetadata>().notNull().default({}),
    description: text().notNull().default(''),
    tags: textArray().notNull().default(sql`'{}'`),
    owner: text(),
    kind: text().$type<FlagKind>().notNull().default('release'),
    /** Available to browsers: client keys receive it. */
    browser: boolean().notNull().default(false),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
    archivedAt: at(),
  },
  (t) => [
    uniqueIndex('flag_key').on(t.projectId, sql`lower(${t.key})`),
    index('flag_list').on(t.projectId, t.key).where(sql`${t.archivedAt} is null`),
  ],
)

/** A rule with what only people read: none of it is in a config, and a disabled rule is not either. */
export type StoredRule = Rule & { readonly disabled?: true; readonly comment?: string }

/** What a flag does in one environment, and how that was last published. */
export const targetings = pgTable(
  'targeting',
  {
    flagId: integer()
      .notNull()
      .references(() => flags.id),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    on: boolean().notNull().default(false),
    offVariant: text(),
    salt: text().notNull(),
    prerequisites: json().$type<Prerequisite[]>().notNull().default([]),
    targets: json().$type<Target[]>().notNull().default([]),
    rules: json().$type<StoredRule[]>().notNull().default([]),
    fallthrough: json().$type<Serve>().notNull(),
    version: integer().notNull().default(1),
    /** The compiled flag with version 0, as last published; null: not in the config. */
    compiled: text(),
    updatedAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.flagId, t.environmentId] }),
    index('targeting_environment').on(t.environmentId),
    index('targeting_segment').on(t.environmentId).where(sql`${t.rules}::text like '%"segment":%'`),
  ],
)

/** The kill overlay with its reasons; `env_head.killed` is what is served. */
export const kills = pgTable(
  'kill',
  {
    flagId: integer()
      .notNull()
      .references(() => flags.id),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    /** The config id that carried the kill; restoring must name it. */
    configId: text().notNull(),
    reason: text().notNull(),
    actor: json().$type<EntryActor>().notNull(),
    at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.flagId, t.environmentId] })],
)

export const segments = pgTable(
  'segment',
  {
    id: id(),
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    key: text().notNull(),
    name: text().notNull(),
    by: text().notNull().default('targetingKey'),
    included: textArray().notNull().default(sql`'{}'`),
    excluded: textArray().notNull().default(sql`'{}'`),
    any: json().$type<Condition[]>().notNull().default([]),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('segment_key').on(t.projectId, sql`lower(${t.key})`)],
)

/** The segments an environment's config holds now: those that a published flag reaches. */
export const publishedSegments = pgTable(
  'published_segment',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    key: text().notNull(),
    segmentId: integer().notNull(),
    segmentVersion: integer().notNull(),
    bytes: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.key] })],
)

export const sdkKeys = pgTable(
  'sdk_key',
  {
    /** The public part of the key, e.g. `srv_3kf9x2`. */
    id: text().primaryKey(),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    kind: text().$type<KeyKind>().notNull(),
    mode: text().$type<KeyMode>(),
    name: text().notNull(),
    /** HMAC-SHA-256 of the whole key, hex. */
    hash: text().notNull(),
    createdBy: json().$type<EntryActor>().notNull(),
    createdAt: createdAt(),
    expiresAt: at(),
    revokedAt: at(),
    /** The origins of pages that may use a client key; empty: all. */
    origins: textArray().notNull().default(sql`'{}'`),
    /** To the minute. */
    usedAt: at(),
    /** The key that takes its place. */
    replacedBy: text(),
  },
  (t) => [index('sdk_key_environment').on(t.environmentId)],
)

/** Server keys that came out of a browser: delivery writes an hour a row, control makes an audit entry of each. */
export const misusedKeys = pgTable(
  'misused_key',
  {
    keyId: text()
      .notNull()
      .references(() => sdkKeys.id),
    hour: at().notNull(),
    /** The page's, as the browser named it. */
    origin: text().notNull(),
    recordedAt: at(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.hour] })],
)

/** By what somebody was known: a session and how it was signed in to, or a token. */
export type EntryVia = { session: string; method: string } | { token: string }

/** A version that a change published, as its entry names it. */
export type EntryVersion = { environment: number; epoch: number; version: number; hash: string }

/**
 * One row a change or an event, never changed: `hash = HMAC(prev_hash + the row)`, one chain a project and one for the
 * installation, docs/audit.md. Entries of before there were chains have no `seq`.
 */
export const auditEntries = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    at: createdAt(),
    actor: json().$type<EntryActor>().notNull(),
    via: json().$type<EntryVia>(),
    action: text().notNull(),
    projectId: integer().references(() => projects.id),
    /** The thing changed, e.g. `flag:checkout`. */
    target: text().notNull(),
    environment: text(),
    before: json().$type<JsonValue>(),
    after: json().$type<JsonValue>(),
    reason: text(),
    requestId: text().notNull(),
    ip: text(),
    userAgent: text(),
    published: json().$type<EntryVersion[]>(),
    /** Its place in its chain, from 1. */
    seq: bigint({ mode: 'number' }),
    prevHash: text(),
    hash: text(),
  },
  (t) => [
    index('audit_project').on(t.projectId, t.id),
    index('audit_at').on(t.projectId, t.at),
    index('audit_request').on(t.requestId),
    uniqueIndex('audit_chain').on(sql`coalesce(${t.projectId}, 0)`, t.seq),
  ],
)

/** The end of each chain of audit entries. Its row lock orders them, and is taken last in a transaction. */
export const auditHeads = pgTable('audit_head', {
  /** The project's id; 0: the installation. */
  chain: integer().primaryKey(),
  seq: bigint({ mode: 'number' }).notNull(),
  hash: text().notNull(),
  /** What the first entry follows: a hash over the entries that were there before the chain, of which `formerTo` is the last. */
  begun: text().notNull(),
  formerTo: bigint({ mode: 'number' }).notNull(),
  /** When the heads of all chains went to the log last; kept by the installation's. */
  shippedAt: at(),
})

/** Answers kept 24 h, encrypted with a key derived from the Idempotency-Key, of which only a hash is kept. */
export const idempotency = pgTable(
  'idempotency',
  {
    principal: text().notNull(),
    keyHash: text().notNull(),
    requestHash: text().notNull(),
    answer: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.principal, t.keyHash] }), index('idempotency_age').on(t.createdAt)],
)

/** What each delivery node has sent: one row a node and environment, refreshed after each publish. */
export const receipts = pgTable(
  'receipt',
  {
    node: text().notNull(),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    epoch: integer().notNull(),
    version: integer().notNull(),
    /** Streams open now. */
    connected: integer().notNull(),
    /** Streams whose socket has taken every byte up to this version. */
    drained: integer().notNull(),
    /** Milliseconds from commit until the last socket had drained; null while some have not. */
    elapsedMs: integer(),
    /** Providers on servers that were asked to say what they have applied, and how many said this version. */
    asked: integer().notNull().default(0),
    acked: integer().notNull().default(0),
    /** Browsers that told so with their counts; they do within minutes, and nobody can hold them to it. */
    browsers: integer().notNull().default(0),
    at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.node, t.environmentId] })],
)
