import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { customRoles, groupMembers, groups, roleGrants } from '@/db/people'
import { ControlError } from '../errors'
import { keepingAnAdmin } from '../people/authority'
import { grantsWhere } from '../people/held'
import { findPlace, type PlaceIds } from '../people/places'
import { isBuiltIn, type Place } from '../roles'
import { deserved } from './claims'
import { ssoRefused } from './refused'
import type { Connection } from './rows'
import type { SsoTestOutcome } from './views'

export type Gift = Place & { role: string; group: string | null }
export type Gifts = { roles: (Gift & PlaceIds)[]; joins: { group: string; id: string; name: string }[] }

const VIEWER = { group: null, role: 'viewer', project: null, environment: null }

/** A place that is gone since the rule was written gives nothing. */
async function placed(db: Db | Tx, gift: Gift): Promise<(Gift & PlaceIds)[]> {
  try {
    return [{ ...gift, ...(await findPlace(db, gift)) }]
  } catch (error) {
    if (error instanceof ControlError) return []
    throw error
  }
}

async function knownRoles(db: Db | Tx, roles: readonly string[]): Promise<ReadonlySet<string>> {
  const own = roles.filter((role) => !isBuiltIn(role))
  const rows = own.length > 0 ? await db.select().from(customRoles).where(inArray(customRoles.key, own)) : []
  return new Set([...roles.filter(isBuiltIn), ...rows.map(({ key }) => key)])
}

/** What the groups of somebody give by a connection, as things are now. */
export async function giftsOf(db: Db | Tx, connection: Connection, named: readonly string[]): Promise<Gifts> {
  const { roles, joins } = deserved(connection.mapping, named)
  const known = await knownRoles(
    db,
    roles.map(({ role }) => role),
  )
  const held: Gifts['roles'] = []
  for (const rule of roles.filter(({ role }) => known.has(role))) held.push(...(await placed(db, rule)))
  const rows =
    joins.length > 0
      ? await db
          .select()
          .from(groups)
          .where(and(inArray(groups.id, joins), ne(groups.source, 'scim')))
      : []
  const joined = connection.mapping.flatMap((rule) => {
    const group = 'joins' in rule && named.includes(rule.group) && rows.find(({ id }) => id === rule.joins)
    return group ? [{ group: rule.group, id: group.id, name: group.name }] : []
  })
  if (held.length === 0 && joined.length === 0 && connection.fallback === 'viewer')
    held.push(...(await placed(db, VIEWER)))
  return { roles: held, joins: joined }
}

const keyOf = ({ role, projectId, environmentId }: PlaceIds & { role: string }) =>
  JSON.stringify([role, projectId, environmentId])

export type Given = { given: string[]; taken: string[] }

const inWords = ({ role, project, environment }: Place & { role: string }) =>
  [role, project, environment].filter((part) => part !== null).join(' ')

async function syncRoles(tx: Tx, userId: string, connection: string, { roles }: Gifts): Promise<Given> {
  const mine = and(eq(roleGrants.userId, userId), eq(roleGrants.connection, connection))
  const rows = await tx.select().from(roleGrants).where(mine)
  const held = await grantsWhere(tx, mine)
  const wanted = new Map(roles.map((gift) => [keyOf(gift), gift]))
  const gone = rows.filter((row) => !wanted.has(keyOf(row)))
  const fresh = [...wanted].filter(([key]) => !rows.some((row) => keyOf(row) === key)).map(([, gift]) => gift)
  if (gone.length > 0)
    await tx.delete(roleGrants).where(
      inArray(
        roleGrants.id,
        gone.map(({ id }) => id),
      ),
    )
  if (fresh.length > 0)
    await tx.insert(roleGrants).values(
      fresh.map(({ role, projectId, environmentId }) => ({
        userId,
        role,
        projectId,
        environmentId,
        source: 'sso' as const,
        connection,
      })),
    )
  const taken = held.filter(({ id }) => gone.some((row) => row.id === id))
  return { given: fresh.map(inWords), taken: taken.map(inWords) }
}

async function syncGroups(tx: Tx, userId: string, connection: string, { joins }: Gifts): Promise<Given> {
  const mine = and(eq(groupMembers.userId, userId), eq(groupMembers.connection, connection))
  const rows = await tx.select().from(groupMembers).where(mine)
  const wanted = [...new Set(joins.map(({ id }) => id))]
  const gone = rows.filter(({ groupId }) => !wanted.includes(groupId)).map(({ groupId }) => groupId)
  if (gone.length > 0) await tx.delete(groupMembers).where(and(mine, inArray(groupMembers.groupId, gone)))
  const added =
    wanted.length === 0
      ? []
      : await tx
          .insert(groupMembers)
          .values(wanted.map((groupId) => ({ groupId, userId, source: 'sso' as const, connection })))
          .onConflictDoNothing()
          .returning()
  const group = (id: string) => `group ${id}`
  return { given: added.map(({ groupId }) => group(groupId)), taken: gone.map(group) }
}

/** Brings what a person holds by a connection to what their groups give now. Comes after `inTurn`. */
export async function give(tx: Tx, userId: string, connection: Connection, gifts: Gifts): Promise<Given> {
  try {
    return await keepingAnAdmin(tx, async () => {
      const roles = await syncRoles(tx, userId, connection.key, gifts)
      const joined = await syncGroups(tx, userId, connection.key, gifts)
      return { given: [...roles.given, ...joined.given], taken: [...roles.taken, ...joined.taken] }
    })
  } catch (error) {
    if (error instanceof ControlError && error.kind === 'conflict') throw ssoRefused('last-admin')
    throw error
  }
}

/** The gifts as a test shows them. */
export const shownGifts = ({
  roles,
  joins,
}: Gifts): Pick<Extract<SsoTestOutcome, { ok: true }>, 'roles' | 'joins'> => ({
  roles: roles.map(({ group, role, project, environment }) => ({ group, role, project, environment })),
  joins: joins.map(({ group, name }) => ({ group, name })),
})
