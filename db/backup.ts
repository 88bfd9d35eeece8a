import { createHash } from 'node:crypto'
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type postgres from 'postgres'
import {
  END_OF_TABLE,
  endLine,
  FORMAT,
  type Header,
  headerLine,
  type TableHead,
  tableLine,
} from './backup-file'
import { connect } from './client'
import { migrationsIn } from './migrate'

type Tx = postgres.TransactionSql

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
export const listed = ({ table, columns }: TableHead) =>
  `${quoted(table)} (${columns.map(quoted).join(', ')})`

/** Every table, each after those that it refers to. */
async function tablesOf(tx: Tx): Promise<TableHead[]> {
  const columns = await tx<TableHead[]>`
    select table_name as table, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER' group by 1 order by 1`
  const references = await tx<{ from: string; to: string }[]>`
    select f.relname as from, t.relname as to from pg_constraint c
    join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and f.oid <> t.oid`
  const ordered: TableHead[] = []
  const waiting = new Map(columns.map((head) => [head.table, head]))
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ table }) => !references.some(({ from, to }) => from === table && waiting.has(to)),
    )
    if (ready.length === 0) throw new Error(`tables refer to each other: ${[...waiting.keys()].join(', ')}`)
    for (const head of ready) waiting.delete(head.table)
    ordered.push(...ready)
  }
  return ordered
}

async function headerOf(tx: Tx, migrations: string, secret: string): Promise<Header> {
  const [now] = await tx<{ at: Date }[]>`select now() as at`
  const [last] = await tx<{ when: string }[]>`
    select max(created_at)::text as when from drizzle.__drizzle_migrations`
  const migration = migrationsIn(migrations).find(({ when }) => String(when) === last?.when)
  if (!migration)
    throw new Error(
      'the database has seen migrations that this release does not know: use the release that runs on it',
    )
  const sequences = await tx<{ name: string; last: string }[]>`
    select sequencename::text as name, last_value::text as last from pg_sequences
    where schemaname = 'public' and last_value is not null`
  return {
    jackstaff: 'backup',
    format: FORMAT,
    at: now!.at.toISOString(),
    migration: migration.tag,
    secret,
    sequences: Object.fromEntries(sequences.map(({ name, last }) => [name, last])),
  }
}

async function* contentOf(tx: Tx, header: Header, counted: { tables: number }): AsyncGenerator<Buffer> {
  yield Buffer.from(headerLine(header))
  for (const head of await tablesOf(tx)) {
    counted.tables++
    yield Buffer.from(tableLine(head))
    yield* (await tx.unsafe(`copy ${listed(head)} to stdout`).readable()) as AsyncIterable<Buffer>
    yield Buffer.from(END_OF_TABLE)
  }
}

async function* sealedBy(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  yield Buffer.from(endLine(hash.digest('hex')))
}

/**
 * Writes all there is to a file that appears whole or not at all, from one snapshot, while everything runs on.
 *
 * @example await writeBackup(env.databaseUrl, 'monday.backup', { migrations: 'db/migrations', secret: '…' })
 */
export async function writeBackup(
  url: string,
  file: string,
  { migrations, secret }: { migrations: string; secret: string },
): Promise<Header & { tables: number }> {
  const sql = connect(url, { max: 1 })
  const unfinished = `${file}.${process.pid}.unfinished`
  const counted = { tables: 0 }
  try {
    const header = await sql.begin(async (tx) => {
      await tx`set transaction isolation level repeatable read, read only`
      const written = await headerOf(tx, migrations, secret)
      const content = sealedBy(contentOf(tx, written, counted))
      await pipeline(content, createGzip(), createWriteStream(unfinished, { mode: 0o600, flags: 'wx' }))
      return written
    })
    renameSync(unfinished, file)
    return { ...header, ...counted }
  } finally {
    rmSync(unfinished, { force: true })
    await sql.end({ timeout: 1 })
  }
}
