import { X509Certificate } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { type SsoSettings, ssoConnections } from '@/db/sso'
import { env } from '@/lib/env'
import { seal, unseal } from '@/lib/sealed'
import { notFound } from '../errors'
import type { ConnectionInput } from './fields'
import type { SsoAddresses, SsoChoice, SsoConnectionView } from './views'

export type ConnectionRow = typeof ssoConnections.$inferSelect

/** A connection as log-ins use it, saved or not. */
export type Connection = Omit<ConnectionRow, 'createdBy' | 'createdAt'>

/** The addresses of ours that a provider is told. */
export function addressesOf(key: string, kind: SsoSettings['kind']): SsoAddresses {
  if (kind === 'oidc') return { callback: `${env.publicUrl}/api/auth/callback/${key}` }
  const saml = `${env.publicUrl}/api/auth/saml/${key}`
  return { callback: saml, entityId: `${saml}/metadata`, metadata: `${saml}/metadata` }
}

export const sealedSecret = (key: string, secret: string) => seal('sso', `secret ${key}`, secret)
export const unsealedSecret = (key: string, column: string) => unseal('sso', `secret ${key}`, column)

/** What an input says, without its secret. */
export function connectionOf(input: ConnectionInput): Omit<Connection, 'secret'> {
  const { key, name, enabled, issuer, groupsClaim, fallback, scimMatch, mapping } = input
  const settings: SsoSettings =
    input.kind === 'oidc'
      ? { kind: 'oidc', clientId: input.clientId, scopes: input.scopes }
      : { kind: 'saml', entryPoint: input.entryPoint, certificates: input.certificates }
  return { key, name, enabled, issuer, groupsClaim, fallback, scimMatch, mapping, settings }
}

function certificateUntil(settings: SsoSettings): string | null {
  if (settings.kind === 'oidc') return null
  const ends = settings.certificates.map((pem) => Date.parse(new X509Certificate(pem).validTo))
  return new Date(Math.min(...ends)).toISOString()
}

export function connectionView({ secret: _, settings, ...row }: ConnectionRow): SsoConnectionView {
  return {
    ...row,
    ...settings,
    certificateUntil: certificateUntil(settings),
    addresses: addressesOf(row.key, settings.kind),
    createdAt: row.createdAt.toISOString(),
  }
}

export async function findConnection(db: Db | Tx, key: string): Promise<ConnectionRow> {
  const [row] = await db.select().from(ssoConnections).where(eq(ssoConnections.key, key))
  if (!row) throw notFound('SSO connection', key)
  return row
}

/** Those that people may come in by, by name. */
export function enabledConnections(db: Db): Promise<SsoChoice[]> {
  return db
    .select({ key: ssoConnections.key, name: ssoConnections.name })
    .from(ssoConnections)
    .where(eq(ssoConnections.enabled, true))
    .orderBy(asc(ssoConnections.name))
}
