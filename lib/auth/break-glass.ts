import { and, eq, isNull, sql } from 'drizzle-orm'
import { argon2Verify } from 'hash-wasm'
import { z } from 'zod'
import { db } from '@/db/client'
import { roleGrants, users } from '@/db/people'
import { systemContext } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { mutation, NO_CHANGE } from '@/lib/control/mutation'
import { action } from '@/lib/control/operation'
import { BREAK_GLASS, inTurn } from '@/lib/control/people/authority'
import { shutOut } from '@/lib/control/people/people'
import { text } from '@/lib/control/schemas'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { HOME, nextPath } from './next-path'
import type { SignedIn } from './people'
import { createSession } from './session'
import { tries } from './tries'

// An admin for when no identity provider answers. It is off unless the environment holds the hash of its passphrase.

const SESSION_HOURS = 1
const NAME = 'Break-glass admin'

const byAddress = tries('break-glass', { most: 5, seconds: 15 * 60 })
const altogether = tries('break-glass-all', { most: 50, seconds: 15 * 60 })

export const isBreakGlassOn = () => env.breakGlassHash !== null

/** Makes the admin of the passphrase where there is none, and opens a session that ends within the hour. */
const open = mutation({
  permission: 'anyone',
  input: z.strictObject({ reason: text, next: z.string() }),
  touches: () => null,
  run: async (tx, { reason, next }, { ctx }) => {
    await inTurn(tx)
    await tx
      .insert(users)
      .values({ id: BREAK_GLASS, name: NAME, email: BREAK_GLASS })
      .onConflictDoUpdate({ target: users.id, set: { disabledAt: null } })
    await tx.insert(roleGrants).values({ userId: BREAK_GLASS, role: 'admin' }).onConflictDoNothing()
    const { ip, userAgent } = ctx
    const signIn = { method: BREAK_GLASS, hours: SESSION_HOURS, ip, userAgent }
    return {
      result: { session: await createSession(tx, BREAK_GLASS, signIn), redirect: next } satisfies SignedIn,
      audit: {
        action: 'session.break_glass',
        actor: { kind: 'user', id: BREAK_GLASS, name: NAME },
        target: `user:${BREAK_GLASS}`,
        projectId: null,
        reason,
      },
      publish: [],
    }
  },
})

/** Signs the break-glass admin in, by the passphrase alone: no identity provider is asked. */
export const breakGlass = action({
  permission: 'anyone',
  input: z.strictObject({
    passphrase: z.string().min(1, 'type the passphrase').max(200, 'at most 200 characters'),
    reason: text.trim().min(1, 'say why: it stands in the audit trail'),
    next: z.string().max(4_000).optional(),
  }),
  run: async ({ passphrase, reason, next }, ctx): Promise<SignedIn> => {
    const { breakGlassHash: hash } = env
    if (hash === null) throw new ControlError('not_found', 'there is no break-glass account: it is off')
    const address = ctx.ip ?? 'unknown'
    await byAddress.take(address)
    await altogether.take('all')
    const about = { breakGlass: true, ip: ctx.ip, requestId: ctx.requestId }
    if (!(await argon2Verify({ password: passphrase.trim(), hash }))) {
      log.warn(about, 'BREAK GLASS: a wrong passphrase')
      throw new ControlError('forbidden', 'this is not the break-glass passphrase', [
        { path: 'passphrase', message: 'this is not the break-glass passphrase' },
      ])
    }
    const opened = await open({ ...ctx, idempotencyKey: null }, { reason, next: nextPath(next) ?? HOME })
    await byAddress.forgive(address)
    log.error({ ...about, reason }, 'BREAK GLASS: somebody signed in as the break-glass admin')
    return opened
  },
})

/** Shuts the break-glass admin out. */
const close = mutation({
  permission: 'member:write',
  input: z.strictObject({}),
  touches: () => null,
  run: async (tx) => {
    await inTurn(tx)
    const gone = await tx
      .update(users)
      .set({ disabledAt: sql`now()` })
      .where(and(eq(users.id, BREAK_GLASS), isNull(users.disabledAt)))
      .returning()
    if (gone.length === 0) return { ...NO_CHANGE, result: null }
    await shutOut(tx, BREAK_GLASS)
    await tx.delete(roleGrants).where(eq(roleGrants.userId, BREAK_GLASS))
    const audit = { action: 'break_glass.close', target: `user:${BREAK_GLASS}`, projectId: null }
    return { result: null, audit, publish: [] }
  },
})

/** At a start without the hash nothing is left of an earlier use. */
export async function closeBreakGlass(): Promise<void> {
  if (isBreakGlassOn()) return
  const [row] = await db().select({ id: users.id }).from(users).where(eq(users.id, BREAK_GLASS))
  if (row) await close(systemContext('start'), {})
}
