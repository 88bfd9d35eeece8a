import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { customRoles, groupMembers, roleGrants } from '@/db/people'
import { environments, projects } from '@/db/schema'
import { type Grant, isBuiltIn, type Permission, permissions, roles } from '@/lib/control/roles'

const known: ReadonlySet<string> = new Set(permissions)

/** What a role allows; one that is gone allows nothing. */
function permissionsOf(role: string, custom: readonly string[] | null): readonly Permission[] {
  if (isBuiltIn(role)) return roles[role]
  return (custom ?? []).filter((name): name is Permission => known.has(name))
}

/** What somebody holds: a person by name and by groups, or a service token. */
export async function grantsOf(
  db: Db | Tx,
  holder: { userId: string } | { tokenId: string },
): Promise<Grant[]> {
  const held =
    'tokenId' in holder
      ? eq(roleGrants.tokenId, holder.tokenId)
      : or(
          eq(roleGrants.userId, holder.userId),
          inArray(
            roleGrants.groupId,
            db
              .select({ id: groupMembers.groupId })
              .from(groupMembers)
              .where(eq(groupMembers.userId, holder.userId)),
          ),
        )
  const rows = await db
    .select({
      role: roleGrants.role,
      projectId: roleGrants.projectId,
      project: projects.key,
      environmentId: roleGrants.environmentId,
      environment: environments.key,
      custom: customRoles.permissions,
    })
    .from(roleGrants)
    .leftJoin(projects, eq(projects.id, roleGrants.projectId))
    .leftJoin(
      environments,
      and(eq(environments.id, roleGrants.environmentId), isNull(environments.deletedAt)),
    )
    .leftJoin(customRoles, eq(customRoles.key, roleGrants.role))
    .where(held)
  return rows
    .filter(({ environmentId, environment }) => environmentId === null || environment !== null)
    .map(({ role, project, environment, custom }) => ({
      role,
      permissions: permissionsOf(role, custom),
      project,
      environment,
    }))
}
