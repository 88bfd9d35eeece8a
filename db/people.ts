import { sql } from 'drizzle-orm'
import { check, index, integer, json, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, createdAt, id, textArray } from './columns'
import { type EntryActor, environments, projects } from './schema'
import { ssoConnections } from './sso'

/** Who made a row, and so who may take it away: the dashboard and the API, a log-in by SSO, or SCIM. */
export type Source = 'local' | 'sso' | 'scim'

export const users = pgTable(
  'app_user',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    email: text().notNull(),
    source: text().$type<Source>().notNull().default('local'),
    /** What SCIM's client calls this person. */
    externalId: text(),
    /** By what people know this person there; null: SCIM does not see them. */
    userName: text(),
    createdAt: createdAt(),
    disabledAt: at(),
  },
  (t) => [uniqueIndex('app_user_name').on(sql`lower(${t.userName})`)],
)

/** Whom an identity provider means: its issuer and its subject, never an e-mail address. */
export const identities = pgTable(
  'identity',
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    usedAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.subject] }), index('identity_user').on(t.userId)],
)

export const groups = pgTable(
  'user_group',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    source: text().$type<Source>().notNull().default('local'),
    externalId: text(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('user_group_name').on(sql`lower(${t.name})`)],
)

export const groupMembers = pgTable(
  'group_member',
  {
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: text()
      .notNull()
      .references(() => users.id),
    source: text().$type<Source>().notNull().default('local'),
    /** The connection whose last log-in said so. */
    connection: text().references(() => ssoConnections.key, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.userId] }), index('group_member_user').on(t.userId)],
)

/** A role of this installation's own: a name for some of the permissions. */
export const customRoles = pgTable('custom_role', {
  key: text().primaryKey(),
  name: text().notNull(),
  description: text().notNull().default(''),
  permissions: textArray().notNull(),
  createdAt: createdAt(),
})

/** What somebody may do where: exactly one of user, group and token holds it. No project: everywhere. */
export const roleGrants = pgTable(
  'role_grant',
  {
    id: id(),
    userId: text().references(() => users.id),
    groupId: text().references(() => groups.id, { onDelete: 'cascade' }),
    tokenId: text().references(() => apiTokens.id),
    role: text().notNull(),
    projectId: integer().references(() => projects.id),
    environmentId: integer().references(() => environments.id),
    /** Those of SSO are what the last log-in by their connection said. */
    source: text().$type<Source>().notNull().default('local'),
    connection: text().references(() => ssoConnections.key, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (t) => [
    check('role_grant_holder', sql`num_nonnulls(${t.userId}, ${t.groupId}, ${t.tokenId}) = 1`),
    check('role_grant_place', sql`${t.environmentId} is null or ${t.projectId} is not null`),
    uniqueIndex('role_grant_once').on(
      sql`coalesce(${t.userId}, ${t.groupId}, ${t.tokenId})`,
      t.role,
      sql`coalesce(${t.projectId}, 0)`,
      sql`coalesce(${t.environmentId}, 0)`,
      t.source,
      sql`coalesce(${t.connection}, '')`,
    ),
    index('role_grant_group').on(t.groupId),
  ],
)

export const sessions = pgTable(
  'session',
  {
    tokenHash: text().primaryKey(),
    /** What it is called in public. */
    id: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => users.id),
    /** How the person signed in: `link`, `invite`, `break-glass`, or the key of a connection. */
    method: text().notNull(),
    ip: text(),
    userAgent: text(),
    /** The absolute limit. */
    expires: at().notNull(),
    createdAt: createdAt(),
    usedAt: at().notNull().defaultNow(),
    /** When the person last proved who they are. */
    authenticatedAt: at().notNull().defaultNow(),
  },
  (t) => [index('session_user').on(t.userId)],
)

/** Set-up and sign-in links: single use, short-lived, only the hash is kept. */
export const oneTimeLinks = pgTable('one_time_link', {
  tokenHash: text().primaryKey(),
  purpose: text().$type<'setup' | 'sign-in' | 'invite'>().notNull(),
  userId: text().references(() => users.id),
  expiresAt: at().notNull(),
  createdAt: createdAt(),
})

export type ApiTokenKind = 'service' | 'personal'

/** Service tokens hold grants of their own; a personal one is its person, within \`scopes\`. */
export const apiTokens = pgTable(
  'api_token',
  {
    id: text().primaryKey(),
    kind: text().$type<ApiTokenKind>().notNull(),
    name: text().notNull(),
    userId: text().references(() => users.id),
    /** Permissions that a personal token is bounded to; null: all that its person has. */
    scopes: textArray(),
    hash: text().notNull(),
    createdBy: json().$type<EntryActor>().notNull(),
    createdAt: createdAt(),
    expiresAt: at(),
    revokedAt: at(),
    usedAt: at(),
    /** The token that takes its place. */
    replacedBy: text(),
  },
  (t) => [
    check('api_token_person', sql`(${t.kind} = 'personal') = (${t.userId} is not null)`),
    index('api_token_user').on(t.userId),
    uniqueIndex('api_token_hash').on(t.hash),
  ],
)
