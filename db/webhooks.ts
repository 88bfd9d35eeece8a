import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import type { JsonValue } from '../lib/evaluation/types'
import { at, createdAt, textArray } from './columns'
import { type EntryActor, projects } from './schema'

/** What is sent: the change as JSON, or words for a Slack channel. */
export type WebhookPayload = 'json' | 'slack'

export const webhooks = pgTable(
  'webhook',
  {
    id: text().primaryKey(),
    /** Null: the installation has it, and it is sent every entry of the audit trail. */
    projectId: integer().references(() => projects.id),
    name: text().notNull(),
    /** Sealed: the address of a Slack channel is a secret by itself. */
    url: text().notNull(),
    /** Patterns of actions, such as `flag.*`; `*` is all. */
    events: textArray().notNull(),
    /** Keys of environments; null: all. */
    environments: textArray(),
    payload: text().$type<WebhookPayload>().notNull(),
    enabled: boolean().notNull().default(true),
    /** Why Jackstaff turned it off; null where a person did. */
    problem: text(),
    /** Sealed. */
    secret: text().notNull(),
    /** Sealed: the one before, which signs as well until `previousUntil`. */
    previousSecret: text(),
    previousUntil: at(),
    /** Since when every attempt failed; null after one that did not. */
    failingSince: at(),
    /** Whose turn it is to send, and until when. */
    lease: text(),
    leasedUntil: at(),
    createdBy: json().$type<EntryActor>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('webhook_project').on(t.projectId)],
)

export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

/**
 * The outbox: one row for each audit entry and endpoint, written with the entry; and for an endpoint of the installation one
 * an hour for the ends of the chains. It refers to neither by a foreign key:
 * a kill would lock rows of the endpoints that it tells.
 */
export const webhookDeliveries = pgTable(
  'webhook_delivery',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    webhookId: text().notNull(),
    /** Null: it tells the ends of the audit chains. */
    auditId: bigint({ mode: 'number' }),
    heads: json().$type<JsonValue>(),
    /** What receivers know it by, at every attempt and every replay. */
    messageId: text().notNull().default(sql`'msg_' || gen_random_uuid()`),
    /** The delivery that this one repeats. */
    replayOf: bigint({ mode: 'number' }),
    status: text().$type<DeliveryStatus>().notNull().default('pending'),
    attempts: integer().notNull().default(0),
    nextAt: at().notNull().defaultNow(),
    /** Newer ones wait for it. */
    holds: boolean().notNull().default(false),
    lastAt: at(),
    /** Milliseconds that the last attempt took. */
    elapsedMs: integer(),
    /** The status code of the last answer; null where there was none. */
    answered: integer(),
    /** The beginning of the last answer, or why there was none. */
    answer: text(),
    createdAt: createdAt(),
  },
  (t) => [
    index('webhook_delivery_due').on(t.webhookId, t.id).where(sql`status = 'pending'`),
    index('webhook_delivery_list').on(t.webhookId, t.id),
    index('webhook_delivery_age').on(t.createdAt),
  ],
)
