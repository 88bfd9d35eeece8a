import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
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

/** What an endpoint of the installation is sent: each entry, and each hour the ends of the chains. */
export const AUDIT_ENTRY = 'audit.entry'
export const AUDIT_HEAD = 'audit.head'

/** Endpoints of the project that listen to a change. None is told that it was created; of others it is. */
function listening({ projectId, action, target, ...rest }: Told): SQL {
  const environment = rest.environment ?? null
  const patterns = sql.join(
    patternsOf(action).map((pattern) => sql`${pattern}`),
    sql`, `,
  )
  return sql`project_id = ${projectId} and events && array[${patterns}]::text[]
    and (environments is null or ${environment}::text is null or ${environment}::text = any(environments))
    and not ('webhook:' || id = ${target} and ${action} = ${CREATED})`
}

type Told = Pick<AuditEntry, 'projectId' | 'action' | 'target' | 'environment'>

/**
 * Writes what is to be sent about an audit entry, in the transaction of both: one statement, one row for each endpoint
 * that listens. Endpoints of the installation are told of every entry, those of a project of its changes. What concerns a
 * whole project concerns each of its environments.
 */
export async function queueDeliveries(
  tx: Tx,
  auditId: number,
  entry: Told,
  { isChange = true } = {},
): Promise<void> {
  const isTest = entry.action === TEST_ACTION // queued already for the one that it is for
  const ofProject = isChange && !isTest && entry.projectId !== null ? listening(entry) : sql`false`
  const ofInstallation = isTest
    ? sql`project_id is null and 'webhook:' || id <> ${entry.target}`
    : sql`project_id is null`
  await tx.execute(sql`
    with queued as (
      insert into webhook_delivery (webhook_id, audit_id)
      select id, ${auditId}::bigint from webhook where enabled and ((${ofInstallation}) or (${ofProject}))
      returning id)
    select pg_notify(${WEBHOOK_CHANNEL}, '') where exists (select from queued)`)
}

/** Writes that the ends of the chains are to be told. */
export async function queueHeads(db: Db, heads: readonly object[]): Promise<void> {
  await db.execute(sql`
    with queued as (
      insert into webhook_delivery (webhook_id, heads)
      select id, ${JSON.stringify(heads)}::json from webhook where enabled and project_id is null
      returning id)
    select pg_notify(${WEBHOOK_CHANNEL}, '') where exists (select from queued)`)
}
