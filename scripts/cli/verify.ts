import { readFileSync } from 'node:fs'
import { drizzle } from 'drizzle-orm/postgres-js'
import { connect, type Db } from '@/db/client'
import * as schema from '@/db/schema'
import { checkToldHeads, toldHeads } from '@/lib/control/audit-heads'
import { type ChainReport, verifyChains } from '@/lib/control/audit-verify'
import { verifyVersions } from '@/lib/control/audit-versions'
import { env } from '@/lib/env'
import { type Command, only, read, say, UsageError } from './command'
import { withInstallation } from './installation'

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

function report(what: string, problems: readonly string[]): number {
  say(
    `${what}: ${problems.length === 0 ? 'as it was written' : counted(problems.length, 'problem', 'problems')}`,
  )
  for (const problem of problems) say(`  ${problem}`)
  return problems.length
}

function reportChain({ name, entries, former, last, problems }: ChainReport): number {
  const before = former === 0 ? '' : `, and ${former} of before the chain`
  const end = last.seq === 0 ? '' : `, ends at ${last.seq} ${last.hash.slice(0, 12)}`
  return report(`${name}, ${counted(entries, 'entry', 'entries')}${before}${end}`, problems)
}

async function verifyAll(db: Db, log: string | undefined): Promise<number> {
  let problems = 0
  for await (const chain of verifyChains(db)) problems += reportChain(chain)
  const versions = await verifyVersions(db)
  problems += report(counted(versions.versions, 'version', 'versions'), versions.problems)
  if (log === undefined) return problems
  const told = toldHeads(readFileSync(log, 'utf8'))
  if (told.length === 0) throw new Error(`${log} tells no head: pass the log, or its lines of "audit":"head"`)
  return (
    problems + report(`${counted(told.length, 'head', 'heads')} of ${log}`, await checkToldHeads(db, told))
  )
}

/** Reads one snapshot, on a connection without a time limit. */
async function verifyNow(log: string | undefined): Promise<number> {
  const sql = connect(env.databaseUrl!, { max: 1 })
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    const problems = await verifyAll(drizzle(sql, { schema, casing: 'snake_case' }), log)
    await sql.unsafe('rollback')
    return problems > 0 ? 1 : 0
  } finally {
    await sql.end()
  }
}

export const verify: Command = {
  about: 'check that nothing in the audit trail was changed',
  usage: `jackstaff verify audit [--head LOG]

  --head  a log with lines of "audit":"head": also check that nothing was cut off since`,
  run(args) {
    const { values, positionals } = read(args, { head: { type: 'string' } })
    const what = only(positionals, 'what to verify: audit')
    if (what !== 'audit') throw new UsageError(`verify ${what}: there is audit`)
    return withInstallation(() => verifyNow(values.head))
  },
}
