import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { groupMembers, groups, roleGrants, users } from '@/db/people'
import { env } from '@/lib/env'
import { ControlError, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { parse, query } from '../operation'
import { inTurn, keepingAnAdmin } from '../people/authority'
import { type Person, shutOut } from '../people/people'
import { assertProvisioner, taken } from './access'
import {
  byId,
  changed,
  created,
  type ListResponse,
  listResponse,
  ofList,
  patchBody,
  removed,
  USER_SCHEMA,
  type UserValues,
  userValues,
} from './documents'
import { type Comparison, parseFilter } from './filter'
import { patchUser, spread } from './patch'

export type ScimUser = ReturnType<typeof view>

type Membership = { userId: string; id: string; name: string }

function view(row: Person, memberships: readonly Membership[]) {
  const { id, userName, externalId, name, email } = row
  return {
    schemas: [USER_SCHEMA],
    id,
    ...(externalId === null ? {} : { externalId }),
    userName: userName!,
    displayName: name,
    name: { formatted: name },
    emails: [{ value: email, type: 'work', primary: true }],
    active: row.disabledAt === null,
    groups: memberships
      .filter(({ userId }) => userId === id)
      .map(({ id, name }) => ({ value: id, display: name })),
    meta: {
      resourceType: 'User',
      created: row.createdAt.toISOString(),
      location: `${env.publicUrl}/scim/v2/Users/${id}`,
    },
  }
}

async function views(db: Db | Tx, rows: readonly Person[]): Promise<ScimUser[]> {
  const ids = rows.map(({ id }) => id)
  const memberships = ids.length
    ? await db
        .select({ userId: groupMembers.userId, id: groups.id, name: groups.name })
        .from(groupMembers)
        .innerJoin(groups, and(eq(groups.id, groupMembers.groupId), eq(groups.source, 'scim')))
        .where(inArray(groupMembers.userId, ids))
    : []
  return rows.map((row) => view(row, memberships))
}

/** Those that SCIM keeps; nobody else is seen by it. */
const visible = isNotNull(users.userName)

async function find(db: Db | Tx, id: string): Promise<Person> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(visible, eq(users.id, id)))
  if (!row) throw notFound('user', id)
  return row
}

const conditions: Record<string, (value: string) => SQL> = {
  id: (value) => eq(users.id, value),
  externalid: (value) => eq(users.externalId, value),
  username: (value) => sql`lower(${users.userName}) = lower(${value})`,
  displayname: (value) => sql`lower(${users.name}) = lower(${value})`,
  'emails.value': (value) => sql`lower(${users.email}) = lower(${value})`,
  active: (value) =>
    value === 'true' ? sql`${users.disabledAt} is null` : sql`${users.disabledAt} is not null`,
}

/** What a comparison asks of the rows of a table. */
export function conditionOf(table: Record<string, (value: string) => SQL>, { attribute, value }: Comparison) {
  const name = attribute.replace(/\[.*\]/, '')
  const condition = Object.hasOwn(table, name) ? table[name] : undefined
  if (condition) return condition(value)
  const known = Object.keys(table).join(', ')
  const extra = { scimType: 'invalidFilter' }
  throw new ControlError('malformed', `filter: "${attribute}" is none of ${known}`, [], extra)
}

export const listUsers = query({
  permission: 'scim:write',
  input: ofList,
  run: async (db, { query: { filter, startIndex, count } }, ctx): Promise<ListResponse<ScimUser>> => {
    assertProvisioner(ctx)
    const asked = filter === undefined ? [] : parseFilter(filter)
    const where = and(visible, ...asked.map((one) => conditionOf(conditions, one)))
    const rows = await db
      .select()
      .from(users)
      .where(where)
      .orderBy(asc(users.createdAt), asc(users.id))
      .limit(count)
      .offset(startIndex - 1)
    const [counted] = await db.select({ total: sql<number>`count(*)::int` }).from(users).where(where)
    return listResponse(await views(db, rows), counted!.total, startIndex)
  },
})

export const getUser = query({
  permission: 'scim:write',
  input: byId,
  run: async (db, { id }, ctx): Promise<ScimUser> => {
    assertProvisioner(ctx)
    return (await views(db, [await find(db, id)]))[0]!
  },
})

/** Refuses a user name or an address that is somebody else's. */
async function assertFree(tx: Tx, { userName, email }: UserValues, except: string | null): Promise<void> {
  const others = await tx
    .select()
    .from(users)
    .where(
      sql`(lower(${users.userName}) = lower(${userName}) or lower(${users.email}) = lower(${email}))
        and ${users.id} is distinct from ${except}`,
    )
  if (others.some((other) => other.userName?.toLowerCase() === userName.toLowerCase()))
    throw taken(`a user "${userName}" exists already`)
  if (others.length > 0)
    throw taken(
      `somebody with the address ${email} is here already: hand them to SCIM by PATCH /api/v1/people/${others[0]!.id} with their userName`,
    )
}

/** Somebody whom SCIM had deleted, and who comes back as who they were. */
async function former(tx: Tx, email: string): Promise<Person | null> {
  const [row] = await tx
    .select()
    .from(users)
    .where(
      sql`${users.source} = 'scim' and ${users.userName} is null and lower(${users.email}) = lower(${email})`,
    )
  return row ?? null
}

export const createUser = mutation({
  permission: 'scim:write',
  input: created,
  touches: () => null,
  run: async (tx, { resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    const values = parse(userValues, resource)
    const known = await former(tx, values.email)
    await assertFree(tx, values, known?.id ?? null)
    const { active, ...kept } = values
    const id = known?.id ?? randomUUID()
    const row = { ...kept, source: 'scim' as const, disabledAt: active ? null : sql`now()` }
    const [made] = await tx
      .insert(users)
      .values({ id, ...row })
      .onConflictDoUpdate({ target: users.id, set: row })
      .returning()
    return {
      result: (await views(tx, [made!]))[0]!,
      audit: {
        action: 'person.create',
        target: `user:${id}`,
        projectId: null,
        after: { source: 'scim', disabled: !active },
      },
      publish: [],
    }
  },
})

async function update(tx: Tx, before: Person, values: UserValues) {
  await assertFree(tx, values, before.id)
  const { active, ...kept } = values
  const wasActive = before.disabledAt === null
  const changes = {
    ...Object.fromEntries(
      Object.entries(kept).filter(([name, value]) => before[name as keyof Person] !== value),
    ),
    ...(active === wasActive ? {} : { disabledAt: active ? null : sql`now()` }),
  }
  const fields = Object.keys(changes)
  const result = async () => (await views(tx, [await find(tx, before.id)]))[0]!
  if (fields.length === 0) return { ...NO_CHANGE, result: await result() }
  await keepingAnAdmin(tx, async () => {
    await tx.update(users).set(changes).where(eq(users.id, before.id))
    if (!active) await shutOut(tx, before.id)
  })
  return {
    result: await result(),
    audit: {
      action: 'person.update',
      target: `user:${before.id}`,
      projectId: null,
      before: { disabled: !wasActive },
      after: { disabled: !active, changed: fields }, // never a name
    },
    publish: [] as const,
  }
}

export const replaceUser = mutation({
  permission: 'scim:write',
  input: changed,
  touches: () => null,
  run: async (tx, { id, resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    return update(tx, await find(tx, id), parse(userValues, resource))
  },
})

export const patchUserById = mutation({
  permission: 'scim:write',
  input: changed,
  touches: () => null,
  run: async (tx, { id, resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    const before = await find(tx, id)
    const { Operations } = parse(patchBody, resource)
    const document = patchUser(view(before, []), spread(Operations))
    return update(tx, before, parse(userValues, document))
  },
})

/** SCIM does not see them any more, and they hold nothing; the history and their id stay. */
export const deleteUser = mutation({
  permission: 'scim:write',
  input: removed,
  touches: () => null,
  run: async (tx, { id }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    await find(tx, id)
    await keepingAnAdmin(tx, async () => {
      const disabledAt = sql`coalesce(${users.disabledAt}, now())`
      await tx.update(users).set({ userName: null, externalId: null, disabledAt }).where(eq(users.id, id))
      await tx.delete(groupMembers).where(eq(groupMembers.userId, id))
      await tx.delete(roleGrants).where(eq(roleGrants.userId, id))
      await shutOut(tx, id)
    })
    return {
      result: null,
      audit: { action: 'person.delete', target: `user:${id}`, projectId: null },
      publish: [],
    }
  },
})
