import type { ActorRef } from '@/db/schema'
import type { MappingRule, ScimMatch, SsoFallback, SsoSettings } from '@/db/sso'
import type { JsonValue } from '@/lib/evaluation/types'

/** What to tell the provider of us. `entityId`, `metadata`: of SAML alone. */
export type SsoAddresses = { callback: string; entityId?: string; metadata?: string }

/** A way in through an identity provider. Its secret is never read back. */
export type SsoConnectionView = {
  key: string
  name: string
  enabled: boolean
  issuer: string
  groupsClaim: string
  fallback: SsoFallback
  scimMatch: ScimMatch | null
  mapping: MappingRule[]
  /** When the first of the certificates ends; null: OpenID Connect fetches keys itself. */
  certificateUntil: string | null
  addresses: SsoAddresses
  createdBy: ActorRef
  createdAt: string
} & SsoSettings

/** A button of the sign-in page. */
export type SsoChoice = { key: string; name: string }

/** What a log-in would have given. */
export type SsoTestOutcome =
  | { ok: false; problem: string; claims: Readonly<Record<string, JsonValue>> | null }
  | {
      ok: true
      issuer: string
      subject: string
      name: string
      email: string | null
      /** Who that would be here. */
      person: { kind: 'known' | 'new'; name: string } | { kind: 'refused'; problem: string }
      groups: string[]
      roles: { group: string | null; role: string; project: string | null; environment: string | null }[]
      joins: { group: string; name: string }[]
      claims: Readonly<Record<string, JsonValue>>
    }

/** `outcome`: null until the provider has answered. */
export type SsoTestView = { id: string; connection: string; at: string; outcome: SsoTestOutcome | null }

/** One of a person's own ways in. */
export type IdentityView = {
  connection: string
  name: string
  subject: string
  createdAt: string
  usedAt: string
}
