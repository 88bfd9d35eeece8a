import { sql } from 'drizzle-orm'
import type { Tx } from '@/db/client'
import type { AuditEntry } from './audit-log'

/** What Postgres is told when there is something to send. */
export const WEBHOOK_CHANNEL = 'jackstaff_webhooks'

/** The action that is for one endpoint alone, whatever it listens to: it is queued by whoever asks for it. */
export const TEST_ACTION = 'webhook.test'

/** What every endpoint but the new one is told. */
const CREATED = 'webhook.create'

const KILLS: ReadonlySet<string> = new Set(['flag.kill', 'flag.restore_killed'])

/**
 * All patterns that an action fits.
 *
 * @example patternsOf('flag.kill') // ['*', 'flag.*', 'flag.kill', 'kill.*']
 */
export function patternsOf(action: string): string[] {
  const family = `${action.split('.', 1)[0]}.*`
  return ['*', family, action, ...(KILLS.has(action) ? ['kill.*'] : [])]
}

/**
 * Writes what is to be sent about an audit entry, in the transaction of both: one statement, one row for each endpoint
 * that listens. What concerns a whole project concerns each of its environments.
 */
export async function queueDeliveries(tx: Tx, auditId: number, entry: AuditEntry): Promise<void> {
  if (entry.projectId === null || entry.action === TEST_ACTION) return
  const patterns = sql.join(
    patternsOf(entry.action).map((pattern) => sql`${pattern}`),
    sql`, `,
  )
  const environment = entry.environment ?? null
  const listens = sql`
    events && array[${patterns}]::text[]
    and (environments is null or ${environment}::text is null or ${environment}::text = any(environments))`
  // No endpoint is told that it was created; of other endpoints it is.
  const meant = sql`not ('webhook:' || id = ${entry.target} and ${entry.action} = ${CREATED}) and ${listens}`
  await tx.execute(sql`
    with queued as (
      insert into webhook_delivery (webhook_id, audit_id)
      select id, ${auditId}::bigint from webhook where project_id = ${entry.projectId} and enabled and ${meant}
      returning id)
    select pg_notify(${WEBHOOK_CHANNEL}, '') where exists (select from queued)`)
}
