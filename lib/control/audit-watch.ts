import { drizzle } from 'drizzle-orm/postgres-js'
import { connect } from '@/db/client'
import * as schema from '@/db/schema'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { metrics } from '@/lib/metrics/metrics'
import { verifyChains } from './audit-verify'

const MOST_SAID = 20 // `npm run audit:verify` says them all

/** Checks every chain of audit entries in one snapshot, and tells the log and the metrics. */
export async function watchChains(): Promise<void> {
  const sql = connect(env.databaseUrl!, { max: 1 }) // without the time limits of the pools
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    const problems: string[] = []
    for await (const chain of verifyChains(drizzle(sql, { schema, casing: 'snake_case' })))
      problems.push(...chain.problems.map((problem) => `${chain.name}: ${problem}`))
    await sql.unsafe('rollback')
    metrics().auditChainOk.set(problems.length === 0 ? 1 : 0)
    if (problems.length > 0)
      log.error(
        { problems: problems.slice(0, MOST_SAID), count: problems.length },
        'the audit trail was changed: run `npm run audit:verify`',
      )
  } finally {
    await sql.end()
  }
}
