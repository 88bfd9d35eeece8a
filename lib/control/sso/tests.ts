import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { ssoAttempts } from '@/db/sso-attempts'
import { notFound } from '../errors'
import { query } from '../operation'
import { ref } from '../schemas'
import type { SsoTestOutcome, SsoTestView } from './views'

/** What came of a log-in that was only a test, for whoever began it and ten minutes. */
export const getTest = query({
  permission: 'sso:write',
  input: z.strictObject({ test: ref }),
  run: async (db, { test }, ctx): Promise<SsoTestView> => {
    const [row] = await db
      .select()
      .from(ssoAttempts)
      .where(
        and(
          eq(ssoAttempts.id, test),
          eq(ssoAttempts.purpose, 'test'),
          eq(ssoAttempts.userId, ctx.actor.id),
          sql`${ssoAttempts.expiresAt} > now()`,
        ),
      )
    if (!row) throw notFound('test', test)
    return {
      id: row.id,
      connection: row.connection,
      at: row.createdAt.toISOString(),
      outcome: row.outcome as SsoTestOutcome | null,
    }
  },
})
