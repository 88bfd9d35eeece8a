import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { sessions, users } from '@/db/schema'
import { env } from '@/lib/env'

const SESSION_DAYS = 14
export const SESSION_SECONDS = SESSION_DAYS * 24 * 60 * 60

/** `__Host-` cookies need https; plain http is for loopback alone. */
export const isSecure = () => env.publicUrl.startsWith('https:')
export const sessionCookieName = () => (isSecure() ? '__Host-jackstaff.session' : 'jackstaff.session')

/** Only the hash is stored: a copy of the table signs nobody in. */
export const hashSession = (token: string) => createHash('sha256').update(token).digest('hex')

export async function createSession(tx: Tx, userId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await tx.insert(sessions).values({
    tokenHash: hashSession(token),
    userId,
    expires: sql`now() + make_interval(days => ${SESSION_DAYS})`,
  } as never)
  return token
}

export async function endSession(tx: Db | Tx, token: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.tokenHash, hashSession(token)))
}

export async function readSession(db: Db, token: string) {
  const [row] = await db
    .select({ user: users, expires: sessions.expires })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.tokenHash, hashSession(token)),
        gt(sessions.expires, sql`now()`),
        isNull(users.disabledAt),
      ),
    )
  return row ?? null
}

/** `Set-Cookie` for a session, or one that clears it. */
export function sessionCookie(token: string | null): string {
  const life = token === null ? 0 : SESSION_SECONDS
  const secure = isSecure() ? '; Secure' : ''
  return `${sessionCookieName()}=${token ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${life}${secure}`
}
