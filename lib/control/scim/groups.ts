import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { groupMembers, groups, users } from '@/db/people'
import { env } from '@/lib/env'
import { ControlError, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { parse, query } from '../operation'
import { inTurn, keepingAnAdmin } from '../people/authority'
import type { Group } from '../people/groups'
import { assertProvisioner, taken } from './access'
import {
  byId,
  changed,
  created,
  GROUP_SCHEMA,
  groupValues,
  type ListResponse,
  listResponse,
  ofList,
  patchBody,
  removed,
} from './documents'
import { parseFilter } from './filter'
import { membersOf, patchGroup, spread } from './patch'
import { conditionOf } from './users'

export type ScimGroup = ReturnType<typeof view>

const ROWS_AT_ONCE = 1_000 // a statement takes at most 65,535 parameters

function view({ id, name, externalId, createdAt }: Group, members?: { id: string; name: string }[]) {
  return {
    schemas: [GROUP_SCHEMA],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName: name,
    ...(members && { members: members.map(({ id, name }) => ({ value: id, display: name })) }),
    meta: {
      resourceType: 'Group',
      created: createdAt.toISOString(),
      location: `${env.publicUrl}/scim/v2/Groups/${id}`,
    },
  }
}

async function views(db: Db | Tx, rows: readonly Group[], withMembers: boolean): Promise<ScimGroup[]> {
  const ids = rows.map(({ id }) => id)
  if (!withMembers || ids.length === 0) return rows.map((row) => view(row))
  const members = await db
    .select({ groupId: groupMembers.groupId, id: users.id, name: users.name })
    .from(groupMembers)
    .innerJoin(users, eq(users.id, groupMembers.userId))
    .where(inArray(groupMembers.groupId, ids))
    .orderBy(asc(users.id))
  return rows.map((row) =>
    view(
      row,
      members.filter(({ groupId }) => groupId === row.id),
    ),
  )
}

const visible = eq(groups.source, 'scim')

async function find(db: Db | Tx, id: string): Promise<Group> {
  const [row] = await db
    .select()
    .from(groups)
    .where(and(visible, eq(groups.id, id)))
  if (!row) throw notFound('group', id)
  return row
}

const conditions: Record<string, (value: string) => SQL> = {
  id: (value) => eq(groups.id, value),
  externalid: (value) => eq(groups.externalId, value),
  displayname: (value) => sql`lower(${groups.name}) = lower(${value})`,
}

const excludes = (attributes: string) =>
  attributes.split(',').some((name) => name.trim().toLowerCase() === 'members')

export const listScimGroups = query({
  permission: 'scim:write',
  input: ofList,
  run: async (db, { query }, ctx): Promise<ListResponse<ScimGroup>> => {
    assertProvisioner(ctx)
    const asked = query.filter === undefined ? [] : parseFilter(query.filter)
    const where = and(visible, ...asked.map((one) => conditionOf(conditions, one)))
    const rows = await db
      .select()
      .from(groups)
      .where(where)
      .orderBy(asc(groups.createdAt), asc(groups.id))
      .limit(query.count)
      .offset(query.startIndex - 1)
    const [counted] = await db.select({ total: sql<number>`count(*)::int` }).from(groups).where(where)
    const items = await views(db, rows, !excludes(query.excludedAttributes))
    return listResponse(items, counted!.total, query.startIndex)
  },
})

export const getScimGroup = query({
  permission: 'scim:write',
  input: byId,
  run: async (db, { id, query }, ctx): Promise<ScimGroup> => {
    assertProvisioner(ctx)
    const { query: read } = parse(ofList, { query: query ?? {} })
    return (await views(db, [await find(db, id)], !excludes(read.excludedAttributes)))[0]!
  },
})

async function assertFreeName(tx: Tx, name: string, except: string | null): Promise<void> {
  const [other] = await tx
    .select()
    .from(groups)
    .where(sql`lower(${groups.name}) = lower(${name}) and ${groups.id} is distinct from ${except}`)
  if (!other) return
  const ours = other.source === 'scim' ? '' : ', and is not kept by SCIM: rename or delete it in Jackstaff'
  throw taken(`a group "${name}" exists already${ours}`)
}

async function assertKnown(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(isNotNull(users.userName), inArray(users.id, [...ids])))
  const known = new Set(rows.map(({ id }) => id))
  const missing = ids.find((id) => !known.has(id))
  if (missing === undefined) return
  const extra = { scimType: 'invalidValue' }
  throw new ControlError('malformed', `members: there is no user "${missing}"`, [], extra)
}

async function memberIds(tx: Tx, groupId: string): Promise<Set<string>> {
  const rows = await tx
    .select({ id: groupMembers.userId })
    .from(groupMembers)
    .where(eq(groupMembers.groupId, groupId))
  return new Set(rows.map(({ id }) => id))
}

/** Brings the members to what they should be, and answers with who came and who went. */
async function setMembers(tx: Tx, groupId: string, wanted: ReadonlySet<string>) {
  const before = await memberIds(tx, groupId)
  const added = [...wanted].filter((id) => !before.has(id))
  const gone = [...before].filter((id) => !wanted.has(id))
  await assertKnown(tx, added)
  for (let at = 0; at < added.length; at += ROWS_AT_ONCE) {
    const rows = added.slice(at, at + ROWS_AT_ONCE)
    await tx.insert(groupMembers).values(rows.map((userId) => ({ groupId, userId, source: 'scim' as const })))
  }
  for (let at = 0; at < gone.length; at += ROWS_AT_ONCE) {
    const rows = gone.slice(at, at + ROWS_AT_ONCE)
    await tx
      .delete(groupMembers)
      .where(and(eq(groupMembers.groupId, groupId), inArray(groupMembers.userId, rows)))
  }
  return { added, gone }
}

const member = (resource: unknown) => membersOf((resource as { members?: unknown } | null)?.members)

export const createScimGroup = mutation({
  permission: 'scim:write',
  input: created,
  touches: () => null,
  run: async (tx, { resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    const { displayName: name, externalId } = parse(groupValues, resource)
    await assertFreeName(tx, name, null)
    const [row] = await tx
      .insert(groups)
      .values({ id: randomUUID(), name, externalId, source: 'scim' })
      .returning()
    const { added } = await setMembers(tx, row!.id, member(resource))
    return {
      result: (await views(tx, [row!], true))[0]!,
      audit: {
        action: 'group.create',
        target: `group:${row!.id}`,
        projectId: null,
        after: { name, source: 'scim', added },
      },
      publish: [],
    }
  },
})

async function update(
  tx: Tx,
  before: Group,
  {
    displayName,
    externalId,
    members,
  }: { displayName: string; externalId: string | null; members: Set<string> },
) {
  await assertFreeName(tx, displayName, before.id)
  const { added, gone } = await keepingAnAdmin(tx, () => setMembers(tx, before.id, members))
  const isSame = displayName === before.name && externalId === before.externalId
  const [row] = isSame
    ? [before]
    : await tx
        .update(groups)
        .set({ name: displayName, externalId })
        .where(eq(groups.id, before.id))
        .returning()
  const result = (await views(tx, [row!], true))[0]!
  if (isSame && added.length + gone.length === 0) return { ...NO_CHANGE, result }
  return {
    result,
    audit: {
      action: 'group.update',
      target: `group:${before.id}`,
      projectId: null,
      before: { name: before.name },
      after: { name: displayName, added, removed: gone },
    },
    publish: [] as const,
  }
}

export const replaceScimGroup = mutation({
  permission: 'scim:write',
  input: changed,
  touches: () => null,
  run: async (tx, { id, resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    return update(tx, await find(tx, id), { ...parse(groupValues, resource), members: member(resource) })
  },
})

export const patchScimGroup = mutation({
  permission: 'scim:write',
  input: changed,
  touches: () => null,
  run: async (tx, { id, resource }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    const before = await find(tx, id)
    const { Operations } = parse(patchBody, resource)
    const held = { displayName: before.name, externalId: before.externalId, members: await memberIds(tx, id) }
    const { members, ...patched } = patchGroup(held, spread(Operations))
    return update(tx, before, { ...parse(groupValues, patched), members })
  },
})

/** Its members lose what they held by it, and the grants of the group go with it. */
export const deleteScimGroup = mutation({
  permission: 'scim:write',
  input: removed,
  touches: () => null,
  run: async (tx, { id }, { ctx }) => {
    assertProvisioner(ctx)
    await inTurn(tx)
    const before = await find(tx, id)
    await keepingAnAdmin(tx, () => tx.delete(groups).where(eq(groups.id, id)))
    return {
      result: null,
      audit: {
        action: 'group.delete',
        target: `group:${id}`,
        projectId: null,
        before: { name: before.name, source: 'scim' },
      },
      publish: [],
    }
  },
})
