import { boolean, json, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt } from './columns'
import type { ActorRef } from './schema'

/** What being in a group of the provider's gives: a role somewhere, or membership of a group here. */
export type MappingRule =
  | { group: string; role: string; project: string | null; environment: string | null }
  | { group: string; joins: string }

/** What a provider has to say besides its issuer. */
export type SsoSettings =
  | { kind: 'oidc'; clientId: string; scopes: string[] }
  | { kind: 'saml'; entryPoint: string; certificates: string[] }

/** By what a person whom SCIM keeps is known at a provider. */
export type ScimMatch = { field: 'externalId' | 'userName'; claim: string }

/** `none`: whoever comes without a role stays outside. */
export type SsoFallback = 'none' | 'viewer'

export const ssoConnections = pgTable(
  'sso_connection',
  {
    /** Part of the addresses that the provider is told, so it never changes. */
    key: text().primaryKey(),
    name: text().notNull(),
    enabled: boolean().notNull(),
    /** Of OpenID Connect the issuer, of SAML the entity id: with the subject it is who somebody is. */
    issuer: text().notNull(),
    settings: json().$type<SsoSettings>().notNull(),
    /** Sealed: the client's secret; null: SAML has none. */
    secret: text(),
    groupsClaim: text().notNull(),
    /** What somebody gets whom no rule gives anything. */
    fallback: text().$type<SsoFallback>().notNull(),
    scimMatch: json().$type<ScimMatch>(),
    mapping: json().$type<MappingRule[]>().notNull(),
    createdBy: json().$type<ActorRef>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('sso_connection_issuer').on(t.issuer)],
)
