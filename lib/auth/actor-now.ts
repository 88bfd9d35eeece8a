import { and, eq, isNull, sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { apiTokens, users } from '@/db/people'
import type { EntryActor } from '@/db/schema'
import { type Actor, systemContext } from '@/lib/control/context'
import { grantsOf } from './grants'

/** Whoever planned something, as they are now: null where they have gone. */
export async function actorNow({ kind, id }: EntryActor): Promise<Actor | null> {
  if (kind === 'system') return systemContext('planned').actor
  if (kind === 'service') {
    const active = and(
      eq(apiTokens.id, id),
      isNull(apiTokens.revokedAt),
      sql`(${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > now())`,
    )
    const [token] = await db().select().from(apiTokens).where(active)
    return token ? { kind, id, name: token.name, grants: await grantsOf(db(), { tokenId: id }) } : null
  }
  const [user] = await db()
    .select()
    .from(users)
    .where(and(eq(users.id, id), isNull(users.disabledAt)))
  return user ? { kind, id, name: user.name, grants: await grantsOf(db(), { userId: id }) } : null
}
