import { and, eq, isNull, sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { apiTokens, users } from '@/db/people'
import { type Actor, anonymous } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import type { Grant, Permission } from '@/lib/control/roles'
import { hashSecret, matchesHash } from '@/lib/secrets'
import { grantsOf } from './grants'
import { signedIn } from './signed-in'

const BEARER = /^Bearer ([\x21-\x7e]{1,500})$/i

const USED_EVERY = sql`now() - interval '1 minute'` // a token that is used all the time costs a write a minute

/** When a token was used last, to the minute. */
async function noteUse(id: string): Promise<void> {
  await db()
    .update(apiTokens)
    .set({ usedAt: sql`now()` })
    .where(
      and(eq(apiTokens.id, id), sql`(${apiTokens.usedAt} is null or ${apiTokens.usedAt} < ${USED_EVERY})`),
    )
}

/** What a personal token leaves of its person's grants. */
function within(grants: readonly Grant[], scopes: readonly string[] | null): readonly Grant[] {
  if (scopes === null) return grants
  const has = (permission: Permission) => scopes.includes(permission)
  return grants.map((grant) => ({ ...grant, permissions: grant.permissions.filter(has) }))
}

/** Who a token acts for. One that is not accepted is an error, never "anonymous". */
async function tokenActor(token: string): Promise<Actor> {
  const [row] = await db()
    .select({ token: apiTokens, user: users })
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        eq(apiTokens.hash, hashSecret(token)),
        isNull(apiTokens.revokedAt),
        isNull(users.disabledAt),
        sql`(${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > now())`,
      ),
    )
  if (!row || !matchesHash(token, row.token.hash))
    throw new ControlError(
      'unauthenticated',
      'this token is not known, was revoked or has expired: create a new one',
    )
  const { id, name, scopes } = row.token
  noteUse(id).catch(() => {}) // not worth a refusal
  if (!row.user) return { kind: 'service', id, name, grants: await grantsOf(db(), { tokenId: id }) }
  const grants = within(await grantsOf(db(), { userId: row.user.id }), scopes)
  return { kind: 'user', id: row.user.id, name: row.user.name, grants, via: { token: id } }
}

async function userActor(): Promise<Actor> {
  const session = await signedIn()
  if (!session) return anonymous
  const { user } = session
  const grants = await grantsOf(db(), { userId: user.id })
  const via = {
    session: session.id,
    method: session.method,
    authenticatedAt: session.authenticatedAt.getTime(),
  }
  return { kind: 'user', id: user.id, name: user.name, grants, via }
}

/** Who sent a request: the token it carries, else the session of its cookie. */
export async function actorOf(authorization: string | null): Promise<Actor> {
  if (authorization === null) return userActor()
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new ControlError('unauthenticated', 'send `Authorization: Bearer <token>`')
  return tokenActor(token)
}
