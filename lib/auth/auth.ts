import { eq } from 'drizzle-orm'
import { cookies } from 'next/headers'
import type { NextAuthOptions } from 'next-auth'
import type { Adapter, AdapterSession, AdapterUser } from 'next-auth/adapters'
import { db } from '@/db/client'
import { sessions } from '@/db/people'
import { secretFor } from '@/lib/secrets'
import { endSession, hashSession, isSecure, readSession, SESSION_SECONDS, sessionCookieName } from './session'

// The one place that knows next-auth. Sessions are rows of ours; sign-in methods are added as its providers.

/** Reads and ends sessions. Users come from set-up and sign-in, never from a provider's say-so. */
const adapter: Adapter = {
  async getSessionAndUser(sessionToken) {
    const row = await readSession(db(), sessionToken)
    if (!row) return null
    const { id, email } = row.user
    const user: AdapterUser = { id, email, emailVerified: null, name: row.user.name }
    const session: AdapterSession = { sessionToken, userId: id, expires: row.expires }
    return { session, user }
  },
  async updateSession({ sessionToken, expires }) {
    if (expires)
      await db()
        .update(sessions)
        .set({ expires })
        .where(eq(sessions.tokenHash, hashSession(sessionToken)))
    return null
  },
  async deleteSession(sessionToken) {
    await endSession(db(), sessionToken)
  },
}

export function authOptions(): NextAuthOptions {
  return {
    adapter,
    providers: [],
    secret: secretFor('session').toString('hex'),
    session: { strategy: 'database', maxAge: SESSION_SECONDS, updateAge: 60 * 60 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() },
      },
    },
    callbacks: {
      session: ({ session, user }) => ({ ...session, user: { ...session.user, id: user.id } }),
    },
  }
}

/** The session of the browser that sent this request, with its person, or null. */
export async function signedIn() {
  const token = (await cookies()).get(sessionCookieName())?.value
  return token === undefined ? null : readSession(db(), token)
}
