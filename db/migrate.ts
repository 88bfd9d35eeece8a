import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator'
import { connect } from './client'

const MIGRATION_LOCK = 7_235_901 // any constant of our own: two processes that start together migrate once

type Journal = { entries: { tag: string; when: number }[] }

const journalOf = (folder: string) => join(folder, 'meta', '_journal.json')
const readJournal = (folder: string) => JSON.parse(readFileSync(journalOf(folder), 'utf8')) as Journal

/** What a release can do to a database, in order. */
export const migrationsIn = (folder: string) => readJournal(folder).entries

/** A copy of the migrations that ends with one of them. */
function endingWith(folder: string, last: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'jackstaff-migrations-'))
  cpSync(folder, copy, { recursive: true })
  const journal = readJournal(folder)
  const entries = journal.entries.slice(0, journal.entries.findIndex(({ tag }) => tag === last) + 1)
  writeFileSync(journalOf(copy), JSON.stringify({ ...journal, entries }))
  return copy
}

/**
 * Brings the schema up to date, or to one migration, one process at a time.
 *
 * @param folder where the SQL files are
 */
export async function migrate(url: string, folder: string, upTo?: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  const copy = upTo === undefined ? null : endingWith(folder, upTo)
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await apply(drizzle(sql), { migrationsFolder: copy ?? folder })
  } finally {
    await sql.end({ timeout: 2 })
    if (copy) rmSync(copy, { recursive: true })
  }
}
