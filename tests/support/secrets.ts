import { withSql } from './people'

/** What must be nowhere: name -> the secret, or the part of it that a reader could use. */
export type Secrets = Map<string, string>

/** The names of secrets that a text holds, as they are or as bytes in base64 or hexadecimal. */
export function foundIn(text: string, secrets: Secrets): string[] {
  return [...secrets]
    .filter(([, secret]) => {
      const bytes = Buffer.from(secret)
      const spelled = [
        secret,
        encodeURIComponent(secret),
        bytes.toString('hex'),
        bytes.toString('base64').replace(/=+$/, ''),
      ]
      return spelled.some((form) => text.includes(form))
    })
    .map(([name]) => name)
}

/** Every row of every table, as text. */
export function dumpOf(databaseUrl: string): Promise<string> {
  return withSql({ databaseUrl }, async (sql) => {
    const tables = await sql`select table_schema, table_name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
    const rows: string[] = []
    for (const { table_schema, table_name } of tables) {
      const found = await sql`select t::text as row from ${sql(table_schema)}.${sql(table_name)} t`
      rows.push(`${table_name}: ${found.length}`, ...found.map(({ row }) => row as string))
    }
    return rows.join('\n')
  })
}
