import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { apiTokens } from '@/db/people'
import { notFound } from '../errors'
import { mutation } from '../mutation'
import { query } from '../operation'
import { name, ref } from '../schemas'
import type { Page } from '../views'
import { permissionList } from './custom-roles'
import { self, selfSignedIn } from './sessions'
import { insertToken, later, liveTokens, revoke, tokenView, withSecret } from './tokens'
import type { TokenView } from './views'

const DAY_MS = 86_400_000
const USUAL_DAYS = 90
const MOST_DAYS = 366

export const listMyTokens = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: (db, _, ctx): Promise<Page<TokenView>> => liveTokens(db, eq(apiTokens.userId, self(ctx))),
})

/** A token that acts as its person: with all of their roles, as they are at the time, or within `scopes` of them. */
export const createMyToken = mutation({
  permission: 'signed in',
  fresh: true,
  input: z.strictObject({
    name,
    scopes: permissionList.optional(),
    expiresAt: later
      .refine((time) => Date.parse(time) <= Date.now() + MOST_DAYS * DAY_MS, 'at most a year from now')
      .optional(),
  }),
  touches: () => null,
  run: async (tx, { name, scopes, expiresAt }, { ctx }) => {
    const { id: userId } = selfSignedIn(ctx)
    const ends = new Date(expiresAt ?? Date.now() + USUAL_DAYS * DAY_MS)
    const values = { kind: 'personal', name, userId, scopes, expiresAt: ends } as const
    const { row, token } = await insertToken(tx, ctx, values)
    const view = tokenView(row, [])
    return {
      result: await withSecret(tx, view, token),
      audit: { action: 'token.create', target: `token:${row.id}`, projectId: null, after: view },
      publish: [],
    }
  },
})

export const revokeMyToken = mutation({
  permission: 'signed in',
  input: z.strictObject({ token: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const { id } = selfSignedIn(ctx)
    const mine = and(eq(apiTokens.id, input.token), eq(apiTokens.userId, id), isNull(apiTokens.revokedAt))
    const [row] = await tx.select().from(apiTokens).where(mine)
    if (!row) throw notFound('token', input.token)
    await revoke(tx, row.id)
    const before = tokenView(row, [])
    return {
      result: null,
      audit: { action: 'token.revoke', target: `token:${row.id}`, projectId: null, before },
      publish: [],
    }
  },
})
