import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { at } from './columns'
import { environments, sdkKeys } from './schema'

// What delivery nodes tell about the applications that they serve.

/** How often flags were answered in which way, a minute a row. `variant`, `errorCode`: '' where there is none. */
export const evaluationCounts = pgTable(
  'evaluation_count',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    minute: at().notNull(),
    flag: text().notNull(),
    variant: text().notNull(),
    reason: text().notNull(),
    errorCode: text().notNull(),
    /** Told by a client key: whoever has it can tell anything. */
    browser: boolean().notNull(),
    client: text().notNull(),
    count: bigint({ mode: 'number' }).notNull(),
    /** When a node heard of it last; null: written before this was kept. */
    toldAt: at(),
  },
  (t) => [
    primaryKey({
      columns: [t.environmentId, t.minute, t.flag, t.variant, t.reason, t.errorCode, t.browser, t.client],
    }),
    index('evaluation_count_flag').on(t.environmentId, t.flag, t.minute),
    index('evaluation_count_unknown')
      .on(t.environmentId, t.minute)
      .where(sql`${t.errorCode} = 'FLAG_NOT_FOUND'`),
  ],
)

/** Which attributes evaluation contexts have, told by providers: paths and kinds, never values. */
export const seenAttributes = pgTable(
  'seen_attribute',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    name: text().notNull(),
    type: text({ enum: ['string', 'number', 'boolean', 'date', 'list'] }).notNull(),
    browser: boolean().notNull(),
    seenAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.name, t.type, t.browser] })],
)

/** What applications tracked, a minute a row. `total`: of the numeric values that came along. */
export const trackedEvents = pgTable(
  'tracked_event',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    minute: at().notNull(),
    name: text().notNull(),
    browser: boolean().notNull(),
    client: text().notNull(),
    count: bigint({ mode: 'number' }).notNull(),
    total: doublePrecision().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.minute, t.name, t.browser, t.client] })],
)

/** How an application asks: for configs, for answers, or for flagd's definitions. */
export type Protocol = 'config' | 'ofrep' | 'flagd'

/** Who asks a node, by key and by what they call themselves: a row each, renewed every few seconds while they do. */
export const connections = pgTable(
  'connection',
  {
    node: text().notNull(),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    keyId: text()
      .notNull()
      .references(() => sdkKeys.id),
    client: text().notNull(),
    protocol: text().$type<Protocol>().notNull(),
    /** Streams open now, and how many of them have taken every byte up to `version`. */
    open: integer().notNull(),
    current: integer().notNull(),
    /** Since when the oldest of them is open. */
    since: at(),
    /** When a request came last that was no stream. */
    askedAt: at(),
    epoch: integer().notNull(),
    version: integer().notNull(),
    at: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.node, t.environmentId, t.keyId, t.client, t.protocol] }),
    index('connection_environment').on(t.environmentId),
  ],
)

export type RefusedFor = 'absent' | 'malformed' | 'token' | 'in_url' | 'in_browser' | 'unknown' | 'origin'

/** Requests that were turned away, the last of each kind. `keyId`: '' where it names no key of this installation. */
export const refusedAsks = pgTable(
  'refused_ask',
  {
    reason: text().$type<RefusedFor>().notNull(),
    keyId: text().notNull(),
    client: text().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.reason, t.keyId] })],
)
