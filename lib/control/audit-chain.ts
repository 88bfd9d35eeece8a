import { createHmac } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { secretFor } from '@/lib/secrets'

// What an entry's hash covers, and how entries are read to check it: docs/audit.md. The key is not in the database.

/** The chain of entries that belong to no project. */
export const INSTALLATION_CHAIN = 0

/** An entry as Postgres spells it: what is hashed is what is stored, byte by byte. */
export type EntryText = {
  chain: number
  seq: number | null
  id: number
  /** UTC, to the microsecond. */
  at: string
  actor: string
  via: string | null
  action: string
  target: string
  environment: string | null
  before: string | null
  after: string | null
  reason: string | null
  requestId: string
  ip: string | null
  userAgent: string | null
  published: string | null
}

export type LinkedText = EntryText & { prevHash: string | null; hash: string | null }

/** How Postgres spells a time in an entry. */
export const spelled = (time: SQL) =>
  sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const hmac = (...parts: readonly string[]) => {
  const mac = createHmac('sha256', secretFor('audit'))
  for (const part of parts) mac.update(part)
  return mac.digest('hex')
}

/** The whole row but for its hashes, as a JSON array of texts: no two rows have the same. */
function canonical(row: EntryText): string {
  const { chain, seq, id, at, actor, via, action, target, environment } = row
  const { before, after, reason, requestId, ip, userAgent, published } = row
  const where = ['jackstaff.audit.entry', chain, seq, id, at]
  const what = [actor, via, action, target, environment, before, after, reason]
  return JSON.stringify([...where, ...what, requestId, ip, userAgent, published])
}

/** The hash of an entry, which follows the one with the hash `previous`. */
export const entryHash = (previous: string, row: EntryText): string => hmac(previous, canonical(row))

/** A head as it is told to the log: whoever has no key cannot make one up. */
export function headSignature(head: { chain: number; seq: number; hash: string; at: string }): string {
  return hmac(JSON.stringify(['jackstaff.audit.head', head.chain, head.seq, head.hash, head.at]))
}

const PAGE = 500 // rows in memory at once

type Raw = Omit<LinkedText, 'seq' | 'id'> & { seq: string | null; id: string }

async function readPage(db: Db | Tx, filter: SQL, order: SQL): Promise<LinkedText[]> {
  const rows = await db.execute<Raw>(sql`
    select coalesce(project_id, 0) as chain, seq::text, id::text, ${spelled(sql`at`)} as at, actor::text, via::text,
      action, target, environment, before::text, after::text, reason, request_id as "requestId", ip,
      user_agent as "userAgent", published::text, prev_hash as "prevHash", hash
    from audit where ${filter} order by ${order} limit ${sql.raw(String(PAGE))}`)
  return rows.map((row) => ({ ...row, seq: row.seq === null ? null : Number(row.seq), id: Number(row.id) }))
}

const inChain = (chain: number) =>
  chain === INSTALLATION_CHAIN ? sql`project_id is null` : sql`project_id = ${chain}`

/** The entries of a chain in its order, a page at a time. */
export async function* chained(db: Db | Tx, chain: number): AsyncGenerator<LinkedText> {
  let after = sql`true`
  for (;;) {
    const page = await readPage(
      db,
      sql`coalesce(project_id, 0) = ${chain} and seq is not null and ${after}`,
      sql`audit.seq, audit.id`, // the numbers: by their own names they are texts here
    )
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = sql`(seq, id) > (${last.seq}, ${last.id})`
  }
}

/** The entries of a project, or of none, that have no place in a chain. */
export async function* unchained(db: Db | Tx, chain: number): AsyncGenerator<LinkedText> {
  let after = -1
  for (;;) {
    const page = await readPage(db, sql`${inChain(chain)} and seq is null and id > ${after}`, sql`audit.id`)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.id
  }
}

/** What a chain begins with: a hash over the entries that were there before it, `to` the id of the last of them. */
export async function beginning(
  chain: number,
  entries: AsyncIterable<EntryText>,
): Promise<{ begun: string; formerTo: number }> {
  const mac = createHmac('sha256', secretFor('audit'))
  let count = 0
  let formerTo = 0
  for await (const entry of entries) {
    mac.update(canonical(entry)).update('\n')
    count++
    formerTo = entry.id
  }
  const begun = hmac(JSON.stringify(['jackstaff.audit.begin', chain, count, formerTo, mac.digest('hex')]))
  return { begun, formerTo }
}
