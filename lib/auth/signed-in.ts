import { cookies } from 'next/headers'
import { db } from '@/db/client'
import { readSession, sessionCookieName } from './session'

/** The session of the browser that sent this request, with its person, or null. */
export async function signedIn() {
  const token = (await cookies()).get(sessionCookieName())?.value
  return token === undefined ? null : readSession(db(), token)
}
