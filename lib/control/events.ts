import { sql } from 'drizzle-orm'
import { db } from '@/db/client'
import { INSTALLATION_CHAIN } from './audit-chain'
import { type AuditEntry, beginChain, type Origin, recordAudit } from './audit-log'
import { queueDeliveries } from './webhook-events'

/**
 * Records what is not a change: a refusal, a sign-in that failed, a sign-out elsewhere. An entry in a small transaction
 * of its own; a change records its own entry in its own.
 *
 * @example await recordEvent(ctx, { action: 'session.refused', target: 'sign-in', projectId: null, reason })
 */
export async function recordEvent(ctx: Origin, entry: AuditEntry): Promise<void> {
  await db().transaction((tx) =>
    recordAudit(tx, ctx, entry, [], (id) => queueDeliveries(tx, id, entry, { isChange: false })),
  )
}

/**
 * Begins the chains that an installation of before there were chains lacks, so that no request has to: what begins a
 * chain covers all entries that were there already.
 */
export async function beginChains(): Promise<void> {
  const missing = await db().execute<{ chain: number }>(sql`
    select chain from (select ${INSTALLATION_CHAIN}::int as chain union all select id from project) as wanted
    where chain not in (select chain from audit_head)`)
  for (const { chain } of missing) await beginChain(db(), chain)
}
