import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { sessions } from '@/db/people'
import type { Ctx } from '../context'
import { ControlError, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { query } from '../operation'
import { ref } from '../schemas'
import type { Page } from '../views'
import { assertCovers } from './authority'
import { heldByPerson } from './held'
import { findPerson } from './people'
import type { SessionView } from './views'

/** The person who asks. A service has neither sessions nor tokens of its own. */
export function self({ actor }: Ctx): string {
  if (actor.kind === 'user') return actor.id
  throw new ControlError(
    'forbidden',
    'this is about the person who asks, and a service token is none: sign in',
  )
}

/** The session that somebody acts by; null: a token. */
function sessionOf({ actor }: Ctx): string | null {
  return actor.kind !== 'anonymous' && actor.via && 'session' in actor.via ? actor.via.session : null
}

/** The person who asks, signed in: a token must not make others, which would outlive it, nor end sessions. */
export function selfSignedIn(ctx: Ctx): { id: string; session: string } {
  const id = self(ctx)
  const session = sessionOf(ctx)
  if (session !== null) return { id, session }
  throw new ControlError('forbidden', 'a personal token does not do this: sign in to the dashboard')
}

async function sessionsOf(db: Db, userId: string, current: string | null): Promise<Page<SessionView>> {
  const rows = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expires, sql`now()`)))
    .orderBy(desc(sessions.usedAt))
  const items = rows.map(
    (row): SessionView => ({
      id: row.id,
      method: row.method,
      ip: row.ip,
      userAgent: row.userAgent,
      createdAt: row.createdAt.toISOString(),
      usedAt: row.usedAt.toISOString(),
      expiresAt: row.expires.toISOString(),
      current: row.id === current,
    }),
  )
  return { items, next: null, total: items.length }
}

const end = (tx: Tx, where: ReturnType<typeof and>) =>
  tx.delete(sessions).where(where).returning({ id: sessions.id })

const ended = (userId: string, ids: readonly string[]) => ({
  action: 'session.end',
  target: `user:${userId}`,
  projectId: null,
  before: { sessions: ids },
})

export const listMySessions = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: (db, _, ctx): Promise<Page<SessionView>> => sessionsOf(db, self(ctx), sessionOf(ctx)),
})

export const endMySession = mutation({
  permission: 'signed in',
  input: z.strictObject({ id: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    const me = selfSignedIn(ctx)
    const gone = await end(tx, and(eq(sessions.userId, me.id), eq(sessions.id, input.id)))
    if (gone.length === 0) throw notFound('session', input.id)
    return { result: null, audit: ended(me.id, [input.id]), publish: [] }
  },
})

/** Signs the person out everywhere else. */
export const endMyOtherSessions = mutation({
  permission: 'signed in',
  input: z.strictObject({}),
  touches: () => null,
  run: async (tx, _, { ctx }) => {
    const me = selfSignedIn(ctx)
    const gone = await end(tx, and(eq(sessions.userId, me.id), ne(sessions.id, me.session)))
    const result = { ended: gone.length }
    if (gone.length === 0) return { ...NO_CHANGE, result }
    const ids = gone.map(({ id }) => id)
    return { result, audit: ended(me.id, ids), publish: [] }
  },
})

export const listPersonSessions = query({
  permission: 'member:write',
  input: z.strictObject({ person: ref }),
  run: async (db, input): Promise<Page<SessionView>> => {
    await findPerson(db, input.person)
    return sessionsOf(db, input.person, null)
  },
})

export const endPersonSessions = mutation({
  permission: 'member:write',
  input: z.strictObject({ person: ref }),
  touches: () => null,
  run: async (tx, { person }, { ctx }) => {
    await findPerson(tx, person)
    assertCovers(ctx.actor, await heldByPerson(tx, person))
    const gone = await end(tx, eq(sessions.userId, person))
    const result = { ended: gone.length }
    if (gone.length === 0) return { ...NO_CHANGE, result }
    const ids = gone.map(({ id }) => id)
    return { result, audit: ended(person, ids), publish: [] }
  },
})
