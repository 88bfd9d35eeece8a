import { asc, count, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { sessions } from '@/db/people'
import { type MappingRule, ssoConnections } from '@/db/sso'
import { actorRef } from '../audit-log'
import type { Actor } from '../context'
import { ControlError, conflict, invalid } from '../errors'
import { mutation } from '../mutation'
import { query } from '../operation'
import { assertHolds, inTurn, keepingAnAdmin } from '../people/authority'
import { findRole } from '../people/custom-roles'
import { findGroup } from '../people/groups'
import { findPlace } from '../people/places'
import { INSTALLATION, permissions } from '../roles'
import { ref } from '../schemas'
import type { Page } from '../views'
import { type ConnectionInput, connectionInput } from './fields'
import { type ConnectionRow, connectionOf, connectionView, findConnection, sealedSecret } from './rows'
import type { SsoConnectionView } from './views'

const MOST = 20

/** Whoever says which provider is believed can come in as anybody: so they must be able to do everything already. */
export const assertTrusted = (actor: Actor) => assertHolds(actor, permissions, INSTALLATION)

async function assertRule(tx: Tx, rule: MappingRule): Promise<void> {
  if ('joins' in rule) {
    const group = await findGroup(tx, rule.joins)
    if (group.source !== 'scim') return
    throw new ControlError(
      'conflict',
      `group "${group.name}" is kept by SCIM, which would only change it back`,
    )
  }
  await findRole(tx, rule.role)
  await findPlace(tx, rule)
}

/** Every rule of a mapping must name what is there. */
export async function assertMapping(tx: Tx, mapping: readonly MappingRule[]): Promise<void> {
  for (const [index, rule] of mapping.entries())
    await assertRule(tx, rule).catch((error: unknown) => {
      throw error instanceof ControlError ? invalid(`mapping.${index}`, error.message) : error
    })
}

/** The secret of an input, or the one that is kept: which goes to nobody but the issuer that it was kept for. */
export function secretOf(input: ConnectionInput, kept: Pick<ConnectionRow, 'issuer' | 'secret'> | null) {
  if (input.kind === 'saml') return null
  if (input.clientSecret !== undefined) return sealedSecret(input.key, input.clientSecret)
  if (!kept?.secret) throw invalid('clientSecret', 'paste the client secret')
  if (kept.issuer !== input.issuer) throw invalid('clientSecret', 'paste it again: the issuer is another')
  return kept.secret
}

async function assertFreeIssuer(tx: Tx, issuer: string, except?: string): Promise<void> {
  const [same] = await tx.select().from(ssoConnections).where(eq(ssoConnections.issuer, issuer))
  if (same && same.key !== except)
    throw invalid('issuer', `connection "${same.name}" has this issuer already: one issuer, one connection`)
}

const entry = (action: string, key: string) => ({ action, target: `sso:${key}`, projectId: null })

export const listConnections = query({
  permission: 'sso:write',
  input: z.strictObject({}),
  run: async (db): Promise<Page<SsoConnectionView>> => {
    const rows = await db.select().from(ssoConnections).orderBy(asc(ssoConnections.name))
    return { items: rows.map(connectionView), next: null, total: rows.length }
  },
})

export const getConnection = query({
  permission: 'sso:write',
  input: z.strictObject({ connection: ref }),
  run: async (db, { connection }) => connectionView(await findConnection(db, connection)),
})

export const createConnection = mutation({
  permission: 'sso:write',
  fresh: true,
  input: connectionInput,
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    assertTrusted(ctx.actor)
    await inTurn(tx)
    const [held] = await tx.select({ connections: count() }).from(ssoConnections)
    if (held!.connections >= MOST)
      throw conflict(`there are ${MOST} connections already: delete one that is not needed`)
    const [same] = await tx.select().from(ssoConnections).where(eq(ssoConnections.key, input.key))
    if (same) throw invalid('key', `connection "${same.name}" has this key already`)
    await assertFreeIssuer(tx, input.issuer)
    await assertMapping(tx, input.mapping)
    const [row] = await tx
      .insert(ssoConnections)
      .values({ ...connectionOf(input), secret: secretOf(input, null), createdBy: actorRef(ctx) })
      .returning()
    const result = connectionView(row!)
    return { result, audit: { ...entry('sso.create', input.key), after: result }, publish: [] }
  },
})

/** Ends what people are signed in to by a connection. */
const endSessions = (tx: Tx, key: string) => tx.delete(sessions).where(eq(sessions.method, key))

/** Says a connection anew. Turned off, it signs nobody in, and whoever came by it is signed out. */
export const replaceConnection = mutation({
  permission: 'sso:write',
  fresh: true,
  input: z
    .looseObject({ connection: ref })
    .transform(({ connection, ...rest }) => ({ ...rest, key: connection }))
    .pipe(connectionInput),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    assertTrusted(ctx.actor)
    await inTurn(tx)
    const before = await findConnection(tx, input.key)
    if (before.settings.kind !== input.kind)
      throw invalid('kind', `this connection speaks "${before.settings.kind}": make another one`)
    await assertFreeIssuer(tx, input.issuer, input.key)
    await assertMapping(tx, input.mapping)
    const secret = secretOf(input, before)
    const [row] = await tx
      .update(ssoConnections)
      .set({ ...connectionOf(input), secret })
      .where(eq(ssoConnections.key, input.key))
      .returning()
    if (!input.enabled) await endSessions(tx, input.key)
    const result = connectionView(row!)
    const after = { ...result, ...(secret !== before.secret && { secret: 'changed' }) }
    return {
      result,
      audit: { ...entry('sso.update', input.key), before: connectionView(before), after },
      publish: [],
    }
  },
})

/** Whoever came by it is signed out and loses what it gave them. Who is who is kept, for when it is made again. */
export const deleteConnection = mutation({
  permission: 'sso:write',
  fresh: true,
  input: z.strictObject({ connection: ref }),
  touches: () => null,
  run: async (tx, { connection: key }, { ctx }) => {
    await inTurn(tx)
    const before = await findConnection(tx, key)
    assertTrusted(ctx.actor)
    await endSessions(tx, key)
    await keepingAnAdmin(tx, () => tx.delete(ssoConnections).where(eq(ssoConnections.key, key)))
    return {
      result: null,
      audit: { ...entry('sso.delete', key), before: connectionView(before) },
      publish: [],
    }
  },
})
