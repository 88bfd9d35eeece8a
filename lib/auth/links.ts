import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { oneTimeLinks, users } from '@/db/people'
import { ControlError } from '@/lib/control/errors'
import { BREAK_GLASS } from '@/lib/control/people/authority'

/** How long a link works. */
export const LINK_MS = 30 * 60_000
const LINK_TTL = sql`now() + make_interval(secs => ${LINK_MS / 1_000})`

/** `invite` is `sign-in` by a link that the API made: whoever has it need not own the machine. */
type Purpose = 'setup' | 'sign-in' | 'invite'

// The token has 256 random bits: its plain hash tells nothing about it.
const hash = (token: string) => createHash('sha256').update(token).digest('hex')

/** Whether someone can sign in already: before that, the set-up link is the only door. */
export async function hasUsers(db: Db | Tx): Promise<boolean> {
  const people = db.select({ id: users.id }).from(users).where(ne(users.id, BREAK_GLASS))
  return (await people.limit(1)).length > 0
}

const SIGN_INS: readonly Purpose[] = ['sign-in', 'invite']

/** A link that works once, within 30 minutes. A new one for the same person, or for set-up, ends the ones before. */
export async function newLink(db: Db | Tx, purpose: Purpose, userId: string | null): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db
    .delete(oneTimeLinks)
    .where(
      and(
        inArray(oneTimeLinks.purpose, userId === null ? ['setup'] : [...SIGN_INS]),
        userId === null ? sql`${oneTimeLinks.userId} is null` : eq(oneTimeLinks.userId, userId),
      ),
    )
  await db
    .insert(oneTimeLinks)
    .values({ tokenHash: hash(token), purpose, userId, expiresAt: LINK_TTL as never })
  return token
}

const HOW_TO_GET_ONE = {
  setup: 'restart Jackstaff: it prints a new one while nobody is set up',
  'sign-in':
    'ask an admin for a new one, or run `npm run sign-in-link` on the machine that Jackstaff runs on',
}

type Used = { userId: string | null; purpose: Purpose }

/** Uses a link up. */
export async function useLink(tx: Tx, purpose: 'setup' | 'sign-in', token: string): Promise<Used> {
  const [row] = await tx
    .delete(oneTimeLinks)
    .where(
      and(
        eq(oneTimeLinks.tokenHash, hash(token)),
        inArray(oneTimeLinks.purpose, purpose === 'setup' ? ['setup'] : [...SIGN_INS]),
        gt(oneTimeLinks.expiresAt, sql`now()`),
      ),
    )
    .returning()
  if (row) return row
  throw new ControlError('forbidden', `this link was used already or has expired: ${HOW_TO_GET_ONE[purpose]}`)
}
