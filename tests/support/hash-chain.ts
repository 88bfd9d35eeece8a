import { createHash } from 'node:crypto'
import { connect } from '@/db/client'

type Row = {
  environment: number
  epoch: number
  version: number
  hash: string
  patch: string
  entries: number
}

/**
 * Walks every version of every environment: none is missing, each hash is that of the one before and its own patch,
 * each names exactly one audit entry, and the head names the last. Answers with how many there are.
 */
export async function verifyHistory(databaseUrl: string): Promise<number> {
  const sql = connect(databaseUrl, { max: 1 })
  try {
    const rows = await sql<Row[]>`
      select v.environment_id as environment, v.epoch, v.version, v.hash, v.patch,
        (select count(*)::int from audit a where a.id = v.audit_id) as entries
      from config_version v order by v.environment_id, v.epoch, v.version`
    const heads = new Map<number, Row>()
    for (const row of rows) {
      const { environment, version, hash, patch, entries } = row
      const before = heads.get(environment)
      const where = `environment ${environment}, version ${version}`
      if (version !== (before?.version ?? 0) + 1) throw new Error(`${where} follows ${before?.version}`)
      const expected = createHash('sha256')
        .update(before?.hash ?? '')
        .update(patch)
        .digest('hex')
      if (hash !== expected) throw new Error(`${where} has the hash ${hash}, not ${expected}`)
      if (entries !== 1) throw new Error(`${where} names ${entries} audit entries`)
      heads.set(environment, row)
    }
    const claimed = await sql<{ id: number; version: number; hash: string }[]>`
      select environment_id as id, version, hash from env_head`
    for (const { id, version, hash } of claimed) {
      const last = heads.get(id)
      if (last?.version !== version || last.hash !== hash)
        throw new Error(
          `environment ${id} has its head at ${version}, and its last version is ${last?.version}`,
        )
    }
    return rows.length
  } finally {
    await sql.end()
  }
}
