import { inArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db, Tx } from '@/db/client'
import { users } from '@/db/people'
import type { ActorRef, EntryActor } from '@/db/schema'

const GONE = 'former member'

/**
 * What those whom entries name are called now. Entries keep the ids of people: whoever is gone, or had the name erased,
 * is a former member.
 *
 * @example const name = await namesOf(db, rows.map((row) => row.actor)); name(row.actor).name
 */
export async function namesOf(
  db: Db | Tx,
  actors: readonly EntryActor[],
): Promise<(actor: EntryActor) => ActorRef> {
  const ids = [...new Set(actors.filter(({ kind }) => kind === 'user').map(({ id }) => id))]
  const rows =
    ids.length === 0
      ? []
      : await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return ({ kind, id, name }) => ({
    kind,
    id,
    name: kind === 'user' ? names.get(id) || GONE : (name ?? id),
  })
}

/** A column of those whom rows name, to be selected with what they are called now. */
export const calledNow = (column: PgColumn): SQL<ActorRef> =>
  sql<ActorRef>`case when ${column} ->> 'kind' = 'user' then json_build_object(
    'kind', 'user', 'id', ${column} ->> 'id', 'name', coalesce(
      (select nullif(${users.name}, '') from ${users} where ${users.id} = ${column} ->> 'id'), ${GONE}))
    else ${column} end`.mapWith(column) as SQL<ActorRef>
