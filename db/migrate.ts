import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator'
import { connect } from './client'

const MIGRATION_LOCK = 7_235_901 // any constant of our own: two processes that start together migrate once

/** Brings the schema up to date, one process at a time. `folder`: where the SQL files are. */
export async function migrate(url: string, folder: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await apply(drizzle(sql), { migrationsFolder: folder })
  } finally {
    await sql.end({ timeout: 2 })
  }
}
