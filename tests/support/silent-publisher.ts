import { createHash } from 'node:crypto'
import { connect } from '@/db/client'
import { configId, type StoredPatch } from '@/db/config-log'

/**
 * Publishes version after version of an environment by its rows alone, without NOTIFY: what a node then learns, it has
 * learned some other way, unless it is told. Nothing checks what is written.
 */
export async function silentPublisher(databaseUrl: string, environmentKey: string) {
  const sql = connect(databaseUrl, { max: 1 })
  const [head] = await sql`
    select h.environment_id as id, h.epoch, h.version, h.hash from env_head h
    join environment e on e.id = h.environment_id where e.key = ${environmentKey}`
  const [audit] = await sql`
    insert into audit (actor, action, target, request_id)
    values ('{"kind":"system","id":"test","name":"Test"}', 'config.write', 'test', 'test') returning id`
  const { id, epoch } = head as { id: number; epoch: number }
  let { version, hash } = head as { version: number; hash: string }
  return {
    /** Resolves with the id once it is committed. */
    async publish(change: Partial<StoredPatch>): Promise<string> {
      const patch = JSON.stringify({ flags: {}, segments: {}, browser: {}, ...change })
      hash = createHash('sha256').update(hash).update(patch).digest('hex')
      version++
      const row = { environment_id: id, epoch, version, hash, patch, audit_id: audit!.id }
      const killed = change.killed && { killed: change.killed, killed_at: configId({ epoch, version, hash }) }
      await sql.begin(async (tx) => {
        await tx`insert into config_version ${tx(row)}`
        await tx`update env_head set ${tx({ version, hash, ...killed })} where environment_id = ${id}`
      })
      return configId({ epoch, version, hash })
    },
    /** Has every node look now. */
    notify: () => sql.notify('jackstaff', 'published'),
    close: () => sql.end(),
  }
}
