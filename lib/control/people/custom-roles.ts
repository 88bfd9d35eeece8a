import { and, asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { customRoles, roleGrants } from '@/db/people'
import { conflict, invalid, notFound } from '../errors'
import { mutation } from '../mutation'
import { query } from '../operation'
import { INSTALLATION, isBuiltIn, permissions, roles } from '../roles'
import { key, name, ref, text } from '../schemas'
import type { Page } from '../views'
import { assertHolds, inTurn } from './authority'
import { alive, grantsWhere } from './held'
import type { RoleDefinition } from './views'

export const permission = z.enum(permissions).meta({ title: 'Permission' })

export const permissionList = z
  .array(permission)
  .min(1, 'name at least one permission')
  .max(permissions.length)
  .transform((list) => permissions.filter((one) => list.includes(one)))

type Row = typeof customRoles.$inferSelect

const built = {
  viewer: ['Viewer', 'Sees flags, their history and who is who'],
  editor: ['Editor', 'Prepares flags and segments, publishes nothing'],
  publisher: ['Publisher', 'Publishes, approves and kills'],
  admin: ['Admin', 'Everything, people and keys too'],
} as const satisfies Record<keyof typeof roles, readonly [string, string]>

const builtIn = Object.entries(built).map(
  ([key, [name, description]]): RoleDefinition => ({
    key,
    name,
    description,
    permissions: roles[key as keyof typeof roles],
    builtIn: true,
  }),
)

function view({ key, name, description, permissions: kept }: Row): RoleDefinition {
  const list = permissions.filter((one) => kept.includes(one))
  return { key, name, description, permissions: list, builtIn: false }
}

/** What a role allows, built-in or of this installation. */
export async function findRole(db: Db | Tx, role: string): Promise<RoleDefinition> {
  const known = builtIn.find(({ key }) => key === role)
  if (known) return known
  const [row] = await db.select().from(customRoles).where(eq(customRoles.key, role))
  if (!row) throw notFound('role', role)
  return view(row)
}

async function findCustom(tx: Tx, role: string): Promise<Row> {
  if (isBuiltIn(role))
    throw conflict(`"${role}" is a role that every installation has: make one of your own beside it`)
  const [row] = await tx.select().from(customRoles).where(eq(customRoles.key, role))
  if (!row) throw notFound('role', role)
  return row
}

export const listRoles = query({
  permission: 'signed in',
  input: z.strictObject({}),
  run: async (db): Promise<Page<RoleDefinition>> => {
    const rows = await db.select().from(customRoles).orderBy(asc(customRoles.key))
    const items = [...builtIn, ...rows.map(view)]
    return { items, next: null, total: items.length }
  },
})

export const getRole = query({
  permission: 'signed in',
  input: z.strictObject({ role: ref }),
  run: (db, input): Promise<RoleDefinition> => findRole(db, input.role),
})

const entry = ({ name, permissions }: RoleDefinition) => ({ name, permissions })

export const createRole = mutation({
  permission: 'member:write',
  input: z.strictObject({ key, name, description: text.default(''), permissions: permissionList }),
  touches: () => null,
  run: async (tx, input, { ctx }) => {
    await inTurn(tx)
    if (isBuiltIn(input.key.toLowerCase())) throw invalid('key', 'every installation has a role of this name')
    assertHolds(ctx.actor, input.permissions, INSTALLATION)
    const [same] = await tx
      .select()
      .from(customRoles)
      .where(sql`lower(${customRoles.key}) = lower(${input.key})`)
    if (same) throw conflict(`a role "${same.key}" exists already: keys are unique, ignoring case`)
    const [row] = await tx.insert(customRoles).values(input).returning()
    const result = view(row!)
    return {
      result,
      audit: { action: 'role.create', target: `role:${row!.key}`, projectId: null, after: entry(result) },
      publish: [],
    }
  },
})

/** Changes what all who hold the role may do, from their next request on. */
export const updateRole = mutation({
  permission: 'member:write',
  input: z.strictObject({
    role: ref,
    name: name.optional(),
    description: text.optional(),
    permissions: permissionList.optional(),
  }),
  touches: () => null,
  run: async (tx, { role, ...changes }, { ctx }) => {
    await inTurn(tx)
    const before = view(await findCustom(tx, role))
    assertHolds(ctx.actor, [...before.permissions, ...(changes.permissions ?? [])], INSTALLATION)
    const [row] = await tx
      .update(customRoles)
      .set({ ...changes, name: changes.name ?? before.name })
      .where(eq(customRoles.key, role))
      .returning()
    const result = view(row!)
    return {
      result,
      audit: {
        action: 'role.update',
        target: `role:${role}`,
        projectId: null,
        before: entry(before),
        after: entry(result),
      },
      publish: [],
    }
  },
})

export const deleteRole = mutation({
  permission: 'member:write',
  input: z.strictObject({ role: ref }),
  touches: () => null,
  run: async (tx, { role }, { ctx }) => {
    await inTurn(tx)
    const before = view(await findCustom(tx, role))
    assertHolds(ctx.actor, before.permissions, INSTALLATION)
    const { length } = await grantsWhere(tx, and(eq(roleGrants.role, role), alive))
    if (length > 0) throw conflict(`role "${role}" is held ${length} times: take those grants away first`)
    await tx.delete(customRoles).where(eq(customRoles.key, role))
    return {
      result: null,
      audit: { action: 'role.delete', target: `role:${role}`, projectId: null, before: entry(before) },
      publish: [],
    }
  },
})
