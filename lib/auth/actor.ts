import { and, eq, isNull, sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { apiTokens, users } from '@/db/schema'
import { type Actor, anonymous } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { hashSecret, matchesHash } from '@/lib/secrets'
import { signedInUser } from './auth'

const BEARER = /^Bearer ([\x21-\x7e]{1,500})$/i

/** The service whose token this is. A token that is not accepted is an error, never "anonymous". */
async function serviceActor(token: string): Promise<Actor> {
  const [row] = await db()
    .select()
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.hash, hashSecret(token)),
        isNull(apiTokens.revokedAt),
        sql`(${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > now())`,
      ),
    )
  if (!row || !matchesHash(token, row.hash))
    throw new ControlError(
      'unauthenticated',
      'this token is not known, was revoked or has expired: create a new one',
    )
  return { kind: 'service', id: row.id, name: row.name, grants: [{ role: row.role, project: null }] }
}

async function userActor(): Promise<Actor> {
  const id = await signedInUser()
  if (id === null) return anonymous
  const [user] = await db()
    .select()
    .from(users)
    .where(and(eq(users.id, id), isNull(users.disabledAt)))
  return user
    ? { kind: 'user', id, name: user.name, grants: [{ role: user.role, project: null }] }
    : anonymous
}

/** Who sent a request: the token it carries, else the session of its cookie. */
export async function actorOf(authorization: string | null): Promise<Actor> {
  if (authorization === null) return userActor()
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw new ControlError('unauthenticated', 'send `Authorization: Bearer <token>`')
  return serviceActor(token)
}
