import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drizzle } from 'drizzle-orm/postgres-js'
import { connect, type Db } from '@/db/client'
import * as schema from '@/db/schema'
import { checkToldHeads, toldHeads } from '@/lib/control/audit-heads'
import { type ChainReport, verifyChains } from '@/lib/control/audit-verify'
import { verifyVersions } from '@/lib/control/audit-versions'
import { env } from '@/lib/env'
import { reportFailure, withInstallation } from './installation'

const { values } = parseArgs({ options: { head: { type: 'string' } } })

const say = (line: string) => process.stdout.write(`${line}\n`)
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

async function verify(db: Db): Promise<number> {
  let problems = 0
  for await (const chain of verifyChains(db)) problems += reportChain(chain)
  const versions = await verifyVersions(db)
  problems += report(counted(versions.versions, 'version', 'versions'), versions.problems)
  if (values.head === undefined) return problems
  const told = toldHeads(readFileSync(values.head, 'utf8'))
  if (told.length === 0)
    throw new Error(`${values.head} tells no head: pass the log, or its lines of "audit":"head"`)
  return (
    problems +
    report(`${counted(told.length, 'head', 'heads')} of ${values.head}`, await checkToldHeads(db, told))
  )
}

/** Reads one snapshot, on a connection without a time limit. */
async function verifyNow(): Promise<void> {
  const sql = connect(env.databaseUrl!, { max: 1 })
  try {
    await sql.unsafe('begin isolation level repeatable read read only')
    const problems = await verify(drizzle(sql, { schema, casing: 'snake_case' }))
    await sql.unsafe('rollback')
    if (problems > 0) process.exitCode = 1
  } finally {
    await sql.end()
  }
}

withInstallation(verifyNow).catch(reportFailure)
