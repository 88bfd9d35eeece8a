import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { sessions, users } from '@/db/people'
import { env } from '@/lib/env'

const SESSION_DAYS = 14
const IDLE_HOURS = 48
const USED_EVERY = sql`now() - interval '1 minute'` // a session in use costs a write a minute

const SESSION_SECONDS = SESSION_DAYS * 24 * 60 * 60

/** `__Host-` cookies need https; plain http is for loopback alone. */
export const isSecure = () => env.publicUrl.startsWith('https:')
export const sessionCookieName = () => (isSecure() ? '__Host-jackstaff.session' : 'jackstaff.session')

/** Only the hash is stored: a copy of the table signs nobody in. */
export const hashSession = (token: string) => createHash('sha256').update(token).digest('hex')

/** Signed in by a one-time link that the command line printed: whoever can print one owns the machine. */
export const LINK = 'link'

/** Signed in by a one-time link that an admin made: it says nothing about the machine. */
export const INVITE = 'invite'

/** How and from where somebody signed in. `method`: `link`, `invite`, `break-glass`, or the key of a connection. */
export type SignIn = {
  readonly method: string
  /** A shorter life than usual, in hours. */
  readonly hours?: number
  readonly ip: string | null
  readonly userAgent: string | null
}

export async function createSession(
  tx: Db | Tx,
  userId: string,
  { hours = SESSION_DAYS * 24, ...signIn }: SignIn,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await tx.insert(sessions).values({
    tokenHash: hashSession(token),
    id: `ses_${randomBytes(6).toString('hex')}`,
    userId,
    ...signIn,
    userAgent: signIn.userAgent?.slice(0, 300) ?? null,
    expires: sql`now() + make_interval(hours => ${hours})`,
  } as never)
  return token
}

export async function endSession(tx: Db | Tx, token: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.tokenHash, hashSession(token)))
}

/** The session of a cookie, with its person, while neither has ended. Looking at it counts as use, to the minute. */
export async function readSession(db: Db, token: string) {
  const tokenHash = hashSession(token)
  const [row] = await db
    .select({ user: users, session: sessions, isStale: sql<boolean>`${sessions.usedAt} < ${USED_EVERY}` })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.tokenHash, tokenHash),
        gt(sessions.expires, sql`now()`),
        gt(sessions.usedAt, sql`now() - make_interval(hours => ${IDLE_HOURS})`),
        isNull(users.disabledAt),
      ),
    )
  if (!row) return null
  if (row.isStale)
    await db.update(sessions).set({ usedAt: sql`now()` }).where(eq(sessions.tokenHash, tokenHash))
  return { user: row.user, ...row.session }
}

/** `Set-Cookie` for a cookie that no script reads and no other site's request brings along. */
export const cookieLine = (name: string, value: string, seconds: number) =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure() ? '; Secure' : ''}`

/** `Set-Cookie` for a session, or one that clears it. */
export const sessionCookie = (token: string | null): string =>
  cookieLine(sessionCookieName(), token ?? '', token === null ? 0 : SESSION_SECONDS)
