import { randomUUID } from 'node:crypto'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { identities, users } from '@/db/people'
import type { Person } from '../people/people'
import { type Arrival, textAt } from './claims'
import { type SsoRefusal, ssoRefused } from './refused'
import type { Connection } from './rows'

// Who somebody is, is what the provider's subject says, and nothing else: an e-mail address can be given to another.

export type Who =
  | { kind: 'known' | 'scim'; person: Person }
  | { kind: 'new' }
  | { kind: 'refused'; code: SsoRefusal }

async function byIdentity(db: Db | Tx, { issuer, subject }: Arrival): Promise<Person | null> {
  const [row] = await db
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
  return row?.user ?? null
}

/** Somebody whom SCIM keeps, by what an admin has said to be the same on both sides; only while no subject is theirs. */
async function byScim(db: Db | Tx, { scimMatch }: Connection, arrival: Arrival): Promise<Person | null> {
  const value =
    scimMatch && (scimMatch.claim === 'sub' ? arrival.subject : textAt(arrival.claims, scimMatch.claim))
  if (!scimMatch || !value) return null
  const named =
    scimMatch.field === 'externalId'
      ? eq(users.externalId, value)
      : sql`lower(${users.userName}) = lower(${value})`
  const rows = await db
    .select()
    .from(users)
    .where(
      and(
        named,
        eq(users.source, 'scim'),
        isNotNull(users.userName),
        sql`not exists (select 1 from ${identities} i where i.user_id = ${users.id} and i.issuer = ${arrival.issuer})`,
      ),
    )
  return rows.length === 1 ? rows[0]! : null
}

/** Who comes; nobody is made or changed. */
export async function whoIs(db: Db | Tx, connection: Connection, arrival: Arrival): Promise<Who> {
  const known = await byIdentity(db, arrival)
  const person = known ?? (await byScim(db, connection, arrival))
  if (person) {
    if (person.disabledAt) return { kind: 'refused', code: 'disabled' }
    return { kind: known ? 'known' : 'scim', person }
  }
  if (arrival.email === null) return { kind: 'refused', code: 'email-missing' }
  const [same] = await db
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${arrival.email})`)
  return same ? { kind: 'refused', code: 'email-taken' } : { kind: 'new' }
}

export async function insertIdentity(tx: Tx, { issuer, subject }: Arrival, userId: string): Promise<void> {
  await tx.insert(identities).values({ issuer, subject, userId })
}

/** The person who comes, made where they are new. Comes after `inTurn`. */
export async function arrive(
  tx: Tx,
  connection: Connection,
  arrival: Arrival,
): Promise<{ person: Person; made: boolean }> {
  const who = await whoIs(tx, connection, arrival)
  if (who.kind === 'refused') throw ssoRefused(who.code)
  if (who.kind === 'new') {
    const values = { id: randomUUID(), name: arrival.name, email: arrival.email!, source: 'sso' as const }
    const [person] = await tx.insert(users).values(values).returning()
    await insertIdentity(tx, arrival, person!.id)
    return { person: person!, made: true }
  }
  const { person } = who
  if (who.kind === 'scim') await insertIdentity(tx, arrival, person.id)
  await tx
    .update(identities)
    .set({ usedAt: sql`now()` })
    .where(and(eq(identities.issuer, arrival.issuer), eq(identities.subject, arrival.subject)))
  return { person: await renamed(tx, person, arrival), made: false }
}

/** Who was made by a log-in is called what the provider calls them now. An address of somebody else's is left out. */
async function renamed(tx: Tx, person: Person, { name, email }: Arrival): Promise<Person> {
  if (person.source !== 'sso' || (person.name === name && person.email === (email ?? person.email)))
    return person
  const free = sql`not exists (select 1 from ${users} o where lower(o.email) = lower(${email}) and o.id <> ${person.id})`
  const [row] = await tx
    .update(users)
    .set({
      name,
      email: sql`case when ${email}::text is not null and ${free} then ${email} else ${users.email} end`,
    })
    .where(eq(users.id, person.id))
    .returning()
  return row!
}
