import { and, asc, eq, inArray, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { apiTokens, groupMembers, groups, oneTimeLinks, roleGrants, sessions, users } from '@/db/people'
import { conflict, notFound } from '../errors'
import { mutation, NO_CHANGE } from '../mutation'
import { query } from '../operation'
import { page, paging, readCursor } from '../pages'
import { inProject } from '../roles'
import { name, ref } from '../schemas'
import type { Page } from '../views'
import { assertCovers, assertMay, inTurn, keepingAnAdmin } from './authority'
import { grantsWhere, type Held, heldByPerson } from './held'
import type { PersonView, RoleView } from './views'

export type Person = typeof users.$inferSelect

export async function findPerson(db: Db | Tx, id: string): Promise<Person> {
  const [row] = await db.select().from(users).where(eq(users.id, id))
  if (!row) throw notFound('person', id)
  return row
}

export const roleView = ({ id, role, project, environment, group, source }: Held): RoleView => ({
  grant: id,
  role,
  project,
  environment,
  group,
  source,
})

/** People with their groups and roles, in a fixed number of questions. */
export async function personViews(db: Db | Tx, rows: readonly Person[]): Promise<PersonView[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const memberships = await db
    .select({ userId: groupMembers.userId, id: groups.id, name: groups.name })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.id, groupMembers.groupId))
    .where(inArray(groupMembers.userId, ids))
    .orderBy(asc(groups.name))
  const groupIds = [...new Set(memberships.map(({ id }) => id))]
  const held = await grantsWhere(
    db,
    or(
      inArray(roleGrants.userId, ids),
      groupIds.length > 0 ? inArray(roleGrants.groupId, groupIds) : undefined,
    ),
  )
  return rows.map((row) => {
    const mine = memberships.filter(({ userId }) => userId === row.id)
    const isMine = ({ userId, group }: Held) =>
      userId === row.id || (group !== null && mine.some(({ id }) => id === group.id))
    return {
      id: row.id,
      name: row.name,
      email: row.email,
      userName: row.userName,
      source: row.source,
      createdAt: row.createdAt.toISOString(),
      disabledAt: row.disabledAt?.toISOString() ?? null,
      groups: mine.map(({ id, name }) => ({ id, name })),
      roles: held.filter(isMine).map(roleView),
    }
  })
}

/** A text as part of a `like` pattern. */
const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const position = z.string().transform((text) => z.tuple([z.string(), z.string()]).parse(JSON.parse(text)))

/** Everybody, by name. With `project`: for whoever chooses members of that project. */
export const listPeople = query({
  permission: 'member:read',
  input: z.strictObject({ q: z.string().max(200).optional(), project: ref.optional(), ...paging }),
  run: async (db, input, { actor }): Promise<Page<PersonView>> => {
    if (input.project !== undefined) assertMay(actor, 'member:write', inProject(input.project))
    const q = input.q?.trim()
    const sought = q
      ? sql`(${users.name} ilike ${containing(q)} or ${users.email} ilike ${containing(q)})`
      : undefined
    const after = readCursor(input.cursor, position)
    const order = sql<string>`lower(${users.name})`
    const later = after === null ? undefined : sql`(${order}, ${users.id}) > (${after[0]}, ${after[1]})`
    const [rows, [counted]] = await Promise.all([
      db
        .select({ user: users, order })
        .from(users)
        .where(and(sought, later))
        .orderBy(order, users.id)
        .limit(input.limit + 1),
      db.select({ total: sql<number>`count(*)::int` }).from(users).where(sought),
    ])
    const views = await personViews(
      db,
      rows.slice(0, input.limit).map(({ user }) => user),
    )
    const byId = new Map(views.map((view) => [view.id, view]))
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      ({ user }) => byId.get(user.id)!,
      ({ user, order }) => JSON.stringify([order, user.id]),
    )
  },
})

export const getPerson = query({
  permission: 'member:read',
  input: z.strictObject({ person: ref }),
  run: async (db, input): Promise<PersonView> =>
    (await personViews(db, [await findPerson(db, input.person)]))[0]!,
})

/** Ends all that a person could still come in by: sessions, personal tokens, links. */
export async function shutOut(tx: Tx, userId: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.userId, userId))
  await tx.delete(oneTimeLinks).where(eq(oneTimeLinks.userId, userId))
  await tx
    .update(apiTokens)
    .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, now())` })
    .where(eq(apiTokens.userId, userId))
}

/**
 * Renames a person, lets them in or shuts them out, or hands them to SCIM by the name that it has for them. Somebody
 * shut out is refused from the next request on; their tokens stay revoked when they are let in again.
 */
export const updatePerson = mutation({
  permission: 'member:write',
  input: z.strictObject({
    person: ref,
    name: name.optional(),
    disabled: z.boolean().optional(),
    userName: z.string().trim().min(1).max(200).optional(),
  }),
  touches: () => null,
  run: async (tx, { person, name, disabled, userName }, { ctx }) => {
    await inTurn(tx)
    const before = await findPerson(tx, person)
    assertCovers(ctx.actor, await heldByPerson(tx, person))
    if (userName !== undefined) await assertFreeUserName(tx, userName, person)
    const changes = {
      ...(name === undefined || name === before.name ? {} : { name }),
      ...(disabled === undefined || disabled === (before.disabledAt !== null)
        ? {}
        : { disabledAt: disabled ? sql`now()` : null }),
      ...(userName === undefined || userName === before.userName
        ? {}
        : { userName, source: 'scim' as const }),
    }
    const view = async () => (await personViews(tx, [await findPerson(tx, person)]))[0]!
    if (Object.keys(changes).length === 0) return { ...NO_CHANGE, result: await view() }
    await keepingAnAdmin(tx, async () => {
      await tx.update(users).set(changes).where(eq(users.id, person))
      if (disabled) await shutOut(tx, person)
    })
    return {
      result: await view(),
      audit: {
        action: 'person.update',
        target: `user:${person}`,
        projectId: null,
        before: { disabled: before.disabledAt !== null },
        after: { disabled: disabled ?? before.disabledAt !== null, changed: Object.keys(changes) }, // never a name
      },
      publish: [],
    }
  },
})

/** Two people never share what SCIM calls them. */
export async function assertFreeUserName(tx: Tx, userName: string, except?: string): Promise<void> {
  const [taken] = await tx
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.userName}) = lower(${userName})`)
  if (taken && taken.id !== except) throw conflict(`somebody else has the user name "${userName}" already`)
}

/** Whether somebody has this e-mail address: one address, one person. */
export async function assertFreeEmail(tx: Tx, email: string): Promise<void> {
  const [taken] = await tx
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${email})`)
  if (taken)
    throw conflict(`somebody with the e-mail address ${email} is here already: look among the members`)
}
