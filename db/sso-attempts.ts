import { sql } from 'drizzle-orm'
import { index, json, pgTable, text } from 'drizzle-orm/pg-core'
import type { JsonValue } from '../lib/evaluation/types'
import { at, createdAt } from './columns'
import { users } from './people'

/** `again`: somebody signed in proves who they are. `link`: one more way in for them. `test`: nobody is signed in. */
export type SsoPurpose = 'sign-in' | 'again' | 'link' | 'test'

/** A log-in that is under way at a provider. Each is good for one answer, in the browser that began it. */
export const ssoAttempts = pgTable(
  'sso_attempt',
  {
    id: text().primaryKey(),
    /** What the answer must name: `state` of OpenID Connect, the id of a SAML request. */
    ref: text().notNull().unique(),
    /** Hash of the cookie that ties it to a browser. */
    browser: text().notNull(),
    connection: text().notNull(),
    purpose: text().$type<SsoPurpose>().notNull(),
    userId: text().references(() => users.id),
    /** The session that began it. */
    session: text(),
    next: text().notNull(),
    /** Encrypted by next-auth: the verifier of PKCE, state and nonce. */
    checks: json().$type<Record<string, string>>(),
    /** Sealed: a connection that is tried before it is saved. */
    draft: text(),
    /** What a provider has said by a POST from its own page, until our cookie has come along. */
    said: json().$type<JsonValue>(),
    /** Of a test: what came out. */
    outcome: json().$type<JsonValue>(),
    createdAt: createdAt(),
    expiresAt: at().notNull().default(sql`now() + interval '10 minutes'`),
    usedAt: at(),
  },
  (t) => [index('sso_attempt_expiry').on(t.expiresAt)],
)
