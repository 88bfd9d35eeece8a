import { drizzle } from 'drizzle-orm/postgres-js'
import { connect } from '@/db/client'
import * as schema from '@/db/schema'
import { verifyChains } from '@/lib/control/audit-verify'
import { verifyVersions } from '@/lib/control/audit-versions'
import { provide } from '@/lib/env'
import type { Jackstaff } from './jackstaff'

/** Everything that is wrong with the audit trail of a running product, as `npm run audit:verify` says it. */
export async function auditProblems({
  databaseUrl,
  env,
}: Pick<Jackstaff, 'databaseUrl' | 'env'>): Promise<string[]> {
  provide('JACKSTAFF_SECRET', env.JACKSTAFF_SECRET!)
  const sql = connect(databaseUrl, { max: 1 })
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    const db = drizzle(sql, { schema, casing: 'snake_case' })
    const problems: string[] = []
    for await (const chain of verifyChains(db)) problems.push(...chain.problems)
    return [...problems, ...(await verifyVersions(db)).problems]
  } finally {
    await sql.end()
  }
}
