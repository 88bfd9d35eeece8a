import type { Tx } from '@/db/client'
import { type ActorRef, auditEntries } from '@/db/schema'
import type { JsonValue } from '@/lib/evaluation'
import type { Ctx } from './context'

/** What a change says about itself. `target` names the thing, e.g. `flag:checkout`. */
export type AuditEntry = {
  action: string
  target: string
  projectId: number | null
  environment?: string
  before?: unknown
  after?: unknown
  reason?: string | null
}

export function actorRef(ctx: Ctx): ActorRef {
  const { kind, id, name } = ctx.actor
  return kind === 'anonymous'
    ? { kind: 'system', id: 'anonymous', name: 'not signed in' }
    : { kind, id, name }
}

/** Writes the entry in the transaction of the change it describes, and answers with its id. */
export async function recordAudit(tx: Tx, ctx: Ctx, entry: AuditEntry): Promise<number> {
  const [row] = await tx
    .insert(auditEntries)
    .values({
      ...entry,
      actor: actorRef(ctx),
      before: (entry.before ?? null) as JsonValue,
      after: (entry.after ?? null) as JsonValue,
      requestId: ctx.requestId,
      ip: ctx.ip,
    })
    .returning({ id: auditEntries.id })
  return row!.id
}
