import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { apiTokens, customRoles, groupMembers, groups, roleGrants, type Source } from '@/db/people'
import { environments, projects } from '@/db/schema'
import { type Grant, isBuiltIn, type Permission, permissions, roles } from '../roles'

const known: ReadonlySet<string> = new Set(permissions)

/** What a role allows; one that is gone allows nothing. */
function permissionsOf(role: string, custom: readonly string[] | null): readonly Permission[] {
  if (isBuiltIn(role)) return roles[role]
  return (custom ?? []).filter((name): name is Permission => known.has(name))
}

/** A grant as it is kept, with who holds it. */
export type Held = Grant & {
  readonly id: number
  readonly userId: string | null
  readonly tokenId: string | null
  /** The group by which it is held; null: by name. */
  readonly group: { readonly id: string; readonly name: string } | null
  readonly source: Source
  readonly createdAt: Date
}

/** A token that was revoked holds its roles to no purpose: nobody need see them. */
export const alive = sql`(${roleGrants.tokenId} is null or exists (
  select 1 from ${apiTokens} where ${apiTokens.id} = ${roleGrants.tokenId} and ${apiTokens.revokedAt} is null))`

/** Grants, oldest first; those in an environment that was deleted are left out. */
export async function grantsWhere(db: Db | Tx, where: SQL | undefined): Promise<Held[]> {
  const rows = await db
    .select({
      grant: roleGrants,
      project: projects.key,
      environment: environments.key,
      custom: customRoles.permissions,
      group: groups,
    })
    .from(roleGrants)
    .leftJoin(projects, eq(projects.id, roleGrants.projectId))
    .leftJoin(
      environments,
      and(eq(environments.id, roleGrants.environmentId), isNull(environments.deletedAt)),
    )
    .leftJoin(customRoles, eq(customRoles.key, roleGrants.role))
    .leftJoin(groups, eq(groups.id, roleGrants.groupId))
    .where(where)
    .orderBy(asc(roleGrants.id))
  return rows
    .filter(({ grant, environment }) => grant.environmentId === null || environment !== null)
    .map(({ grant, project, environment, custom, group }) => ({
      id: grant.id,
      role: grant.role,
      permissions: permissionsOf(grant.role, custom),
      project,
      environment,
      userId: grant.userId,
      tokenId: grant.tokenId,
      group: group && { id: group.id, name: group.name },
      source: grant.source,
      createdAt: grant.createdAt,
    }))
}

export const heldByToken = (db: Db | Tx, tokenId: string) => grantsWhere(db, eq(roleGrants.tokenId, tokenId))

export const heldByGroup = (db: Db | Tx, groupId: string) => grantsWhere(db, eq(roleGrants.groupId, groupId))

/** What a person holds, by name and by groups. */
export function heldByPerson(db: Db | Tx, userId: string): Promise<Held[]> {
  const mine = db
    .select({ id: groupMembers.groupId })
    .from(groupMembers)
    .where(eq(groupMembers.userId, userId))
  return grantsWhere(db, or(eq(roleGrants.userId, userId), inArray(roleGrants.groupId, mine)))
}
