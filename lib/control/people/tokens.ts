import { and, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { apiTokens, roleGrants } from '@/db/people'
import type { EntryActor } from '@/db/schema'
import { hashSecret } from '@/lib/secrets'
import { newToken } from '@/lib/token'
import { namesOf } from '../actor-names'
import { actorRef, keptActor } from '../audit-log'
import type { Ctx } from '../context'
import { conflict, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { query } from '../operation'
import { permissions } from '../roles'
import { name, ref } from '../schemas'
import type { Page } from '../views'
import { assertCovers, inTurn } from './authority'
import { insertGrant } from './grants'
import { grantsWhere, type Held, heldByToken } from './held'
import { roleView } from './people'
import type { NewToken, TokenView } from './views'

export type Token = typeof apiTokens.$inferSelect

export const later = z.iso
  .datetime({ offset: true, message: 'use an RFC 3339 time such as 2027-01-31T09:00:00Z' })
  .refine((time) => Date.parse(time) > Date.now(), 'this time is in the past')

export const overlapHours = z.number().min(0).max(168, 'at most a week').default(0)

/** As the audit keeps it. */
type Kept = Omit<TokenView, 'createdBy'> & { createdBy: EntryActor }

export function tokenView(row: Token, held: readonly Held[]): Kept {
  const { id, kind, name, scopes, createdBy, replacedBy } = row
  return {
    id,
    kind,
    name,
    scopes: scopes && permissions.filter((permission) => scopes.includes(permission)),
    roles: held.filter(({ tokenId }) => tokenId === id).map(roleView),
    createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    usedAt: row.usedAt?.toISOString() ?? null,
    replacedBy,
  }
}

/** With the names that those who made them have now. */
export async function shown(db: Db | Tx, views: readonly Kept[]): Promise<TokenView[]> {
  const named = await namesOf(
    db,
    views.map(({ createdBy }) => createdBy),
  )
  return views.map((view) => ({ ...view, createdBy: named(view.createdBy) }))
}

/** What is answered with its secret, once. */
export async function withSecret(tx: Tx, view: Kept, token: string): Promise<NewToken> {
  const [made] = await shown(tx, [view])
  return { ...made!, token }
}

/** Those that were not revoked, newest first. */
export async function liveTokens(db: Db, where: SQL): Promise<Page<TokenView>> {
  const rows = await db
    .select()
    .from(apiTokens)
    .where(and(where, isNull(apiTokens.revokedAt)))
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
  const ids = rows.map(({ id }) => id)
  const held = ids.length > 0 ? await grantsWhere(db, inArray(roleGrants.tokenId, ids)) : []
  const items = await shown(
    db,
    rows.map((row) => tokenView(row, held)),
  )
  return { items, next: null, total: items.length }
}

/** A row and the secret that belongs to it, of which only the hash is kept. */
export async function insertToken(
  tx: Tx,
  ctx: Ctx,
  values: Pick<Token, 'kind' | 'name'> & { userId?: string; scopes?: string[]; expiresAt: Date | SQL | null },
): Promise<{ row: Token; token: string }> {
  const { id, token } = newToken(values.kind === 'service' ? 'svc' : 'pat')
  const [row] = await tx
    .insert(apiTokens)
    .values({ ...values, id, hash: hashSecret(token), createdBy: keptActor(actorRef(ctx)) })
    .returning()
  return { row: row!, token }
}

export async function revoke(tx: Tx, id: string): Promise<void> {
  await tx.update(apiTokens).set({ revokedAt: sql`now()` }).where(eq(apiTokens.id, id))
}

async function findService(tx: Tx, id: string): Promise<Token> {
  const [row] = await tx
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.id, id), eq(apiTokens.kind, 'service')))
  if (!row) throw notFound('token', id)
  return row
}

export const listTokens = query({
  permission: 'token:write',
  input: z.strictObject({}),
  run: (db): Promise<Page<TokenView>> => liveTokens(db, eq(apiTokens.kind, 'service')),
})

/** A token for a machine, with roles of its own: none that its maker does not hold. */
export const createToken = mutation({
  permission: 'token:write',
  fresh: true,
  input: z.strictObject({
    name,
    grants: z
      .array(z.strictObject({ role: ref, project: ref.optional(), environment: ref.optional() }))
      .min(1, 'a token without a role opens nothing')
      .max(50)
      .refine(
        (grants) => grants.every(({ project, environment }) => !environment || project),
        'an environment is named with its project',
      ),
    expiresAt: later.optional(),
  }),
  touches: () => null,
  run: async (tx, { name, grants, expiresAt }, { ctx }) => {
    await inTurn(tx)
    const ends = expiresAt === undefined ? null : new Date(expiresAt)
    const { row, token } = await insertToken(tx, ctx, { kind: 'service', name, expiresAt: ends })
    const holder = { userId: null, groupId: null, tokenId: row.id }
    for (const { role, project = null, environment = null } of grants)
      await insertGrant(tx, ctx, holder, { role, project, environment })
    const view = tokenView(row, await heldByToken(tx, row.id))
    return {
      result: await withSecret(tx, view, token),
      audit: { action: 'token.create', target: `token:${row.id}`, projectId: null, after: view },
      publish: [],
    }
  },
})

/** From its next request on the token is refused. */
export const revokeToken = mutation({
  permission: 'token:write',
  input: z.strictObject({ token: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    const row = await findService(tx, input.token)
    const held = await heldByToken(tx, row.id)
    assertCovers(ctx.actor, held)
    if (row.revokedAt) return { ...NO_CHANGE, result: null }
    await revoke(tx, row.id)
    const before = tokenView(row, held)
    return {
      result: null,
      audit: { action: 'token.revoke', target: `token:${row.id}`, projectId: null, before },
      publish: [],
    }
  },
})

/** How a token ends that another replaces: never later than it would have anyway. */
const retired = (overlapHours: number, replacedBy: string) =>
  overlapHours === 0
    ? { replacedBy, revokedAt: sql`now()` }
    : {
        replacedBy,
        expiresAt: sql`least(${apiTokens.expiresAt}, now() + make_interval(secs => ${overlapHours * 3_600}))`,
      }

/** A new token with the same roles and as long a life; the old one works for `overlapHours` more. */
export const rotateToken = mutation({
  permission: 'token:write',
  fresh: true,
  input: z.strictObject({ token: ref, overlapHours }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    const old = await findService(tx, input.token)
    const held = await heldByToken(tx, old.id)
    assertCovers(ctx.actor, held) // who rotates a token can use it
    if (old.revokedAt) throw conflict(`token "${old.name}" was revoked: create a new one`)
    if (old.replacedBy) throw conflict(`token "${old.name}" was rotated already: rotate ${old.replacedBy}`)
    const expiresAt = sql`(select now() + (expires_at - created_at) from api_token where id = ${old.id})`
    const { row, token } = await insertToken(tx, ctx, { kind: 'service', name: old.name, expiresAt })
    await tx.execute(sql`
      insert into role_grant (token_id, role, project_id, environment_id, source)
      select ${row.id}, role, project_id, environment_id, source from role_grant where token_id = ${old.id}`)
    await tx.update(apiTokens).set(retired(input.overlapHours, row.id)).where(eq(apiTokens.id, old.id))
    return {
      result: await withSecret(tx, tokenView(row, await heldByToken(tx, row.id)), token),
      audit: {
        action: 'token.rotate',
        target: `token:${old.id}`,
        projectId: null,
        after: { replacedBy: row.id, overlapHours: input.overlapHours },
      },
      publish: [],
    }
  },
})
