import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import { listed, quoted } from './backup'
import { type Header, type Line, readBackup } from './backup-file'
import { connect } from './client'
import { migrate, migrationsIn } from './migrate'

type Sql = ReturnType<typeof connect>

/** Pools that only a process with the dashboard opens; edges have theirs, and may run on. */
const OF_THE_APP = ['jackstaff-read', 'jackstaff-edit', 'jackstaff-kill', 'jackstaff-jobs']

async function assertAlone(sql: Sql): Promise<void> {
  const [busy] = await sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = any(${OF_THE_APP})`
  if (busy!.count > 0)
    throw new Error(
      `Jackstaff is running on this database, with ${busy!.count} connections: stop it first. Edges may run on`,
    )
}

const tables = (sql: Sql) => sql<{ name: string }[]>`
  select table_name::text as name from information_schema.tables
  where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`

async function assertEmpty(sql: Sql): Promise<void> {
  for (const { name } of await tables(sql)) {
    const [found] = await sql.unsafe(`select 1 from ${quoted(name)} limit 1`)
    if (found)
      throw new Error(
        `the database is not empty (its table "${name}" has rows): name an empty one, or give up what it holds with --replace`,
      )
  }
}

/** The newest epoch of each environment, of those that clients may hold; nothing where there are no tables yet. */
async function epochsOf(sql: Sql): Promise<Map<string, number>> {
  if (!(await tables(sql)).some(({ name }) => name === 'env_head')) return new Map()
  const rows = await sql<{ place: string; epoch: number }[]>`
    select p.key || '/' || e.key as place, h.epoch from env_head h
    join environment e on e.id = h.environment_id join project p on p.id = e.project_id`
  return new Map(rows.map(({ place, epoch }) => [place, epoch]))
}

async function* rowsOf(lines: AsyncGenerator<Line>): AsyncGenerator<Buffer> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.kind !== 'row') return
    yield next.value.bytes
  }
}

/** All or nothing: one transaction. */
async function load(sql: Sql, file: string): Promise<void> {
  await sql.begin(async (tx: postgres.TransactionSql) => {
    const lines = readBackup(file)
    let header: Header | undefined
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      const line = next.value
      if (line.kind === 'header') header = line.header
      if (line.kind !== 'table') continue
      const target = await tx.unsafe(`copy ${listed(line.head)} from stdin`).writable()
      await pipeline(Readable.from(rowsOf(lines)), target)
    }
    for (const [name, last] of Object.entries(header!.sequences))
      await tx`select setval(${quoted(name)}::regclass, ${last}::bigint)`
  })
}

/**
 * Puts a checked backup into a database, in the tables that it was taken from, and brings these up to date.
 *
 * @returns the epochs that the database had before, by `project/environment`
 */
export async function loadBackup(
  url: string,
  file: string,
  header: Header,
  { migrations, replace }: { migrations: string; replace: boolean },
): Promise<Map<string, number>> {
  if (!migrationsIn(migrations).some(({ tag }) => tag === header.migration))
    throw new Error(
      `the backup is of a later release (${header.migration}): install that one, and restore with it`,
    )
  const sql = connect(url, { max: 1 })
  try {
    await assertAlone(sql)
    if (!replace) await assertEmpty(sql)
    const epochs = await epochsOf(sql)
    await sql.unsafe(
      'drop schema if exists drizzle cascade; drop schema public cascade; create schema public',
    )
    await migrate(url, migrations, header.migration)
    await load(sql, file)
    await migrate(url, migrations)
    await sql.unsafe('analyze') // else questions are planned as if the tables were empty, until Postgres looks by itself
    return epochs
  } finally {
    await sql.end({ timeout: 1 })
  }
}
