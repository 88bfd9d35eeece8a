import { index, integer, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { JsonValue } from '../lib/evaluation/types'
import { at, createdAt } from './columns'
import { type EntryActor, environments, projects } from './schema'

/** One operation of the API as part of a change: its name, its body, and the version that it was made from. */
export type ChangePart = { op: string; ifMatch?: string; input: { [name: string]: JsonValue } }

export type ProposalStatus =
  | 'draft'
  | 'open'
  | 'scheduled'
  | 'published'
  | 'rejected'
  | 'withdrawn'
  /** Scheduled, and something was in the way. */
  | 'held'

/** Changes that are not published yet, or were not published at once. */
export const proposals = pgTable(
  'proposal',
  {
    id: text().primaryKey(),
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    author: json().$type<EntryActor>().notNull(),
    changes: json().$type<ChangePart[]>().notNull(),
    /** SHA-256 of the changes: what people approve. */
    hash: text().notNull(),
    comment: text().notNull().default(''),
    status: text().$type<ProposalStatus>().notNull(),
    /** When it publishes itself. */
    at: at(),
    /** Why it is held. */
    problem: text(),
    /** Raised by every edit: the ETag. */
    version: integer().notNull().default(1),
    /** Environment key -> config id. */
    published: json().$type<Record<string, string>>(),
    /** As exact as it is told, for it orders lists. */
    createdAt: timestamp({ withTimezone: true, mode: 'date', precision: 3 }).notNull().defaultNow(),
    updatedAt: createdAt(),
  },
  (t) => [
    index('proposal_environment').on(t.environmentId, t.status),
    index('proposal_due').on(t.status, t.at),
  ],
)

/** What a person said about a proposal, as it was then: another content is another question. */
export const approvals = pgTable(
  'approval',
  {
    proposalId: text()
      .notNull()
      .references(() => proposals.id),
    person: text().notNull(),
    actor: json().$type<EntryActor>().notNull(),
    hash: text().notNull(),
    verdict: text().$type<'approve' | 'reject'>().notNull(),
    comment: text().notNull().default(''),
    at: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.person] })],
)
