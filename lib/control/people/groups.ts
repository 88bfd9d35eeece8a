import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { groupMembers, groups, roleGrants, users } from '@/db/people'
import { conflict, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { query } from '../operation'
import { inProject } from '../roles'
import { name, ref } from '../schemas'
import type { Page } from '../views'
import { assertCovers, assertMay, inTurn, keepingAnAdmin } from './authority'
import { grantsWhere, heldByGroup } from './held'
import { findPerson, roleView } from './people'
import type { GroupView, GroupWithMembers } from './views'

export type Group = typeof groups.$inferSelect

export async function findGroup(db: Db | Tx, id: string): Promise<Group> {
  const [row] = await db.select().from(groups).where(eq(groups.id, id))
  if (!row) throw notFound('group', id)
  return row
}

/** What SCIM keeps, it would only change back. */
function assertOurs(group: Group): void {
  if (group.source !== 'scim') return
  throw conflict(`group "${group.name}" is kept by SCIM: change it where it comes from`)
}

async function views(db: Db | Tx, rows: readonly Group[]): Promise<GroupView[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const counts = await db
    .select({ id: groupMembers.groupId, count: sql<number>`count(*)::int` })
    .from(groupMembers)
    .where(inArray(groupMembers.groupId, ids))
    .groupBy(groupMembers.groupId)
  const held = await grantsWhere(db, inArray(roleGrants.groupId, ids))
  return rows.map(({ id, name, source, createdAt }) => ({
    id,
    name,
    source,
    createdAt: createdAt.toISOString(),
    memberCount: counts.find((count) => count.id === id)?.count ?? 0,
    roles: held.filter(({ group }) => group?.id === id).map(roleView),
  }))
}

async function withMembers(db: Db | Tx, group: Group): Promise<GroupWithMembers> {
  const members = await db
    .select({ user: users })
    .from(groupMembers)
    .innerJoin(users, eq(users.id, groupMembers.userId))
    .where(eq(groupMembers.groupId, group.id))
    .orderBy(asc(sql`lower(${users.name})`), asc(users.id))
  const [view] = await views(db, [group])
  return {
    ...view!,
    members: members.map(({ user: { id, name, email, disabledAt } }) => ({
      id,
      name,
      email,
      disabledAt: disabledAt?.toISOString() ?? null,
    })),
  }
}

/** All groups, by name. With `project`: for whoever chooses members of that project. */
export const listGroups = query({
  permission: 'member:read',
  input: z.strictObject({ project: ref.optional() }),
  run: async (db, input, { actor }): Promise<Page<GroupView>> => {
    if (input.project !== undefined) assertMay(actor, 'member:write', inProject(input.project))
    const rows = await db
      .select()
      .from(groups)
      .orderBy(asc(sql`lower(${groups.name})`))
    const items = await views(db, rows)
    return { items, next: null, total: items.length }
  },
})

export const getGroup = query({
  permission: 'member:read',
  input: z.strictObject({ group: ref }),
  run: async (db, input): Promise<GroupWithMembers> => withMembers(db, await findGroup(db, input.group)),
})

async function assertFreeName(tx: Tx, name: string, except?: string): Promise<void> {
  const [taken] = await tx
    .select({ id: groups.id })
    .from(groups)
    .where(sql`lower(${groups.name}) = lower(${name})`)
  if (taken && taken.id !== except)
    throw conflict(`a group "${name}" exists already: names are unique, ignoring case`)
}

export async function insertGroup(
  tx: Tx,
  values: Pick<Group, 'name' | 'source' | 'externalId'>,
): Promise<Group> {
  await inTurn(tx)
  await assertFreeName(tx, values.name)
  const [row] = await tx
    .insert(groups)
    .values({ id: randomUUID(), ...values })
    .returning()
  return row!
}

export const createGroup = mutation({
  permission: 'member:write',
  input: z.strictObject({ name }),
  touches: () => null,
  run: async (tx, input, _) => {
    const row = await insertGroup(tx, { name: input.name, source: 'local', externalId: null })
    const after = { name: row.name }
    return {
      result: await withMembers(tx, row),
      audit: { action: 'group.create', target: `group:${row.id}`, projectId: null, after },
      publish: [],
    }
  },
})

export async function renameGroup(tx: Tx, group: Group, name: string): Promise<Group> {
  await assertFreeName(tx, name, group.id)
  const [row] = await tx.update(groups).set({ name }).where(eq(groups.id, group.id)).returning()
  return row!
}

export const updateGroup = mutation({
  permission: 'member:write',
  input: z.strictObject({ group: ref, name }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    const group = await findGroup(tx, input.group)
    assertOurs(group)
    assertCovers(ctx.actor, await heldByGroup(tx, group.id))
    const row = await renameGroup(tx, group, input.name)
    return {
      result: await withMembers(tx, row),
      audit: {
        action: 'group.update',
        target: `group:${group.id}`,
        projectId: null,
        before: { name: group.name },
        after: { name: row.name },
      },
      publish: [],
    }
  },
})

/** Its members lose what they held by it. */
export const deleteGroup = mutation({
  permission: 'member:write',
  input: z.strictObject({ group: ref }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    const group = await findGroup(tx, input.group)
    const held = await heldByGroup(tx, group.id)
    assertCovers(ctx.actor, held)
    await keepingAnAdmin(tx, () => tx.delete(groups).where(eq(groups.id, group.id)))
    return {
      result: null,
      audit: {
        action: 'group.delete',
        target: `group:${group.id}`,
        projectId: null,
        before: { name: group.name, roles: held.map(roleView) },
      },
      publish: [],
    }
  },
})

const membershipInput = z.strictObject({ group: ref, person: ref })

export const addMember = mutation({
  permission: 'member:write',
  input: membershipInput,
  touches: () => null,
  run: async (tx, { group: id, person }, { ctx }) => {
    await inTurn(tx)
    const group = await findGroup(tx, id)
    assertOurs(group)
    const { id: userId } = await findPerson(tx, person)
    assertCovers(ctx.actor, await heldByGroup(tx, group.id))
    const added = await tx
      .insert(groupMembers)
      .values({ groupId: group.id, userId })
      .onConflictDoNothing()
      .returning()
    const result = await withMembers(tx, group)
    if (added.length === 0) return { ...NO_CHANGE, result }
    return {
      result,
      audit: {
        action: 'group.add_member',
        target: `group:${group.id}`,
        projectId: null,
        after: { person: userId },
      },
      publish: [],
    }
  },
})

export const removeMember = mutation({
  permission: 'member:write',
  input: membershipInput,
  touches: () => null,
  run: async (tx, { group: id, person }, { ctx }) => {
    await inTurn(tx)
    const group = await findGroup(tx, id)
    assertOurs(group)
    assertCovers(ctx.actor, await heldByGroup(tx, group.id))
    const membership = and(eq(groupMembers.groupId, group.id), eq(groupMembers.userId, person))
    const [held] = await tx.select().from(groupMembers).where(membership)
    if (held?.source === 'sso')
      throw conflict(
        'this membership comes by SSO, which would give it again: change the mapping of its connection',
      )
    const gone = await keepingAnAdmin(tx, () => tx.delete(groupMembers).where(membership).returning())
    if (gone.length === 0) throw notFound('member', person, `group "${group.name}"`)
    return {
      result: await withMembers(tx, group),
      audit: {
        action: 'group.remove_member',
        target: `group:${group.id}`,
        projectId: null,
        before: { person },
      },
      publish: [],
    }
  },
})
