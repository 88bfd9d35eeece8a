import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { cookies } from 'next/headers'
import { db } from '@/db/client'
import { type SsoPurpose, ssoAttempts } from '@/db/sso-attempts'
import type { Claims } from '@/lib/control/sso/claims'
import { ssoRefused } from '@/lib/control/sso/refused'
import { type Connection, findConnection } from '@/lib/control/sso/rows'
import type { JsonValue } from '@/lib/evaluation'
import { seal, unseal } from '@/lib/sealed'
import { cookieLine, isSecure } from '../session'

const SECONDS = 10 * 60

/** What a provider says of whoever logged in there, once it is proved. `authenticatedAt`: in epoch ms, where it says so. */
export type Said = { subject: string; claims: Claims; authenticatedAt: number | null }

export type Attempt = typeof ssoAttempts.$inferSelect

const cookieName = () => (isSecure() ? '__Host-jackstaff.sso' : 'jackstaff.sso')
const hash = (token: string) => createHash('sha256').update(token).digest('hex')

const cookieOf = async () => (await cookies()).get(cookieName())?.value

/** `Set-Cookie` for what ties log-ins to this browser. It comes along on the way back: a top-level GET. */
export const browserCookie = (token: string) => cookieLine(cookieName(), token, SECONDS)

export type NewAttempt = {
  ref: string
  connection: Connection
  purpose: SsoPurpose
  next: string
  userId: string | null
  session: string | null
  checks: Record<string, string> | null
  /** The connection is not saved, or not like this. */
  isDraft: boolean
}

/** Begins a log-in. Answers with its id and the browser's token, which the cookie keeps. */
export async function openAttempt({ connection, isDraft, ...rest }: NewAttempt) {
  const known = await cookieOf()
  const browser = known && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  const id = `sso_${randomBytes(12).toString('hex')}`
  const draft = isDraft ? seal('sso', `draft ${id}`, JSON.stringify(connection)) : null
  await db().delete(ssoAttempts).where(lt(ssoAttempts.expiresAt, sql`now()`))
  await db()
    .insert(ssoAttempts)
    .values({ ...rest, id, connection: connection.key, browser: hash(browser), draft })
  return { id, browser }
}

const live = (connection: string) =>
  and(
    eq(ssoAttempts.connection, connection),
    isNull(ssoAttempts.usedAt),
    gt(ssoAttempts.expiresAt, sql`now()`),
  )

/** Uses up the attempt that an answer names, if this browser began it: whatever comes second finds nothing. */
export async function useAttempt(connection: string, ref: string): Promise<Attempt> {
  const browser = await cookieOf()
  if (browser === undefined) throw ssoRefused('expired', 'no cookie of a log-in')
  const [attempt] = await db()
    .update(ssoAttempts)
    .set({ usedAt: sql`now()` })
    .where(and(live(connection), eq(ssoAttempts.ref, ref), eq(ssoAttempts.browser, hash(browser))))
    .returning()
  if (!attempt) throw ssoRefused('expired', 'no log-in of this browser waits for this answer')
  return attempt
}

/** An attempt that still waits, whoever asks: for answers that come from a page of the provider, without our cookie. */
export async function waitingAttempt(connection: string, ref: string): Promise<Attempt | null> {
  const [attempt] = await db()
    .select()
    .from(ssoAttempts)
    .where(and(live(connection), eq(ssoAttempts.ref, ref)))
  return attempt ?? null
}

/** Keeps what a provider said, once, until the browser comes along by itself. */
export async function keepSaid(id: string, said: JsonValue): Promise<void> {
  const kept = await db()
    .update(ssoAttempts)
    .set({ said })
    .where(and(eq(ssoAttempts.id, id), isNull(ssoAttempts.said), isNull(ssoAttempts.usedAt)))
    .returning({ id: ssoAttempts.id })
  if (kept.length === 0) throw ssoRefused('expired', 'this answer came before')
}

export async function keepOutcome(id: string, outcome: JsonValue): Promise<void> {
  await db().update(ssoAttempts).set({ outcome }).where(eq(ssoAttempts.id, id))
}

/** Forgets a log-in that has ended, with what the provider said. */
export async function forgetAttempt(id: string): Promise<void> {
  await db().delete(ssoAttempts).where(eq(ssoAttempts.id, id))
}

/** What an attempt is made with: the connection as it is now, or the draft that is tried. */
export async function connectionOfAttempt({ id, connection, draft, purpose }: Attempt): Promise<Connection> {
  if (draft !== null) return JSON.parse(unseal('sso', `draft ${id}`, draft)) as Connection
  const row = await findConnection(db(), connection)
  if (!row.enabled && purpose !== 'test') throw ssoRefused('off')
  return row
}
