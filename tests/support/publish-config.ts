import { createHash } from 'node:crypto'
import { connect } from '@/db/client'
import { configId } from '@/db/config-log'
import type { Config } from '@/lib/evaluation'

type Sql = ReturnType<typeof connect>
type Head = { environmentId: number; epoch: number; version: number; hash: string }

const ACTOR = JSON.stringify({ kind: 'system', id: 'test', name: 'Test' })

/** The head of an environment, which is created when it is not there. */
async function headOf(sql: Sql, flagSetId: string): Promise<Head> {
  const [project, environment] = flagSetId.split('/') as [string, string]
  const held = await sql<Head[]>`
    select h.environment_id as "environmentId", h.epoch, h.version, h.hash
    from env_head h join environment e on e.id = h.environment_id join project p on p.id = e.project_id
    where p.key = ${project} and e.key = ${environment} for update of h`
  if (held[0]) return held[0]
  await sql`insert into project (key, name) values (${project}, ${project}) on conflict do nothing`
  const [row] = await sql<{ id: number }[]>`
    insert into environment (project_id, key, name)
    select id, ${environment}, ${environment} from project where key = ${project} returning id`
  await sql`insert into env_head (environment_id) values (${row!.id})`
  return { environmentId: row!.id, epoch: 1, version: 0, hash: '' }
}

/**
 * Puts a config in front of every delivery node by writing the rows of its next version, as a publish does but without
 * NOTIFY. Nothing checks it: malformed flags travel too. Answers with the id of the version.
 */
export async function publishConfig(databaseUrl: string, config: Config): Promise<string> {
  const { flags, segments, killed, killedAt } = config
  const patch = JSON.stringify({ flags, segments, browser: {}, killed })
  const snapshot = JSON.stringify({ flags, segments, browser: [], killed, killedAt })
  const sql = connect(databaseUrl, { max: 1 })
  try {
    return await sql.begin(async (transaction) => {
      const tx = transaction as unknown as Sql
      const head = await headOf(tx, config.flagSetId)
      const { environmentId, epoch } = head
      const version = head.version + 1
      const hash = createHash('sha256').update(head.hash).update(patch).digest('hex')
      const [audit] = await tx<{ id: string }[]>`
        insert into audit (actor, action, target, request_id)
        values (${ACTOR}::json, 'config.write', ${config.flagSetId}, 'test') returning id`
      await tx`
        insert into config_version (environment_id, epoch, version, hash, patch, snapshot, audit_id)
        values (${environmentId}, ${epoch}, ${version}, ${hash}, ${patch}, ${snapshot}, ${audit!.id})`
      await tx`update env_head set version = ${version}, hash = ${hash} where environment_id = ${environmentId}`
      return configId({ epoch, version, hash })
    })
  } finally {
    await sql.end()
  }
}
