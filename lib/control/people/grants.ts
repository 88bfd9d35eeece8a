import { and, eq, inArray, isNull, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '@/db/client'
import { apiTokens, roleGrants, users } from '@/db/people'
import type { Ctx } from '../context'
import { conflict, invalid, notFound } from '../errors'
import { mutation } from '../mutation'
import { query } from '../operation'
import { INSTALLATION, inProject, type Place } from '../roles'
import { ref } from '../schemas'
import type { Page } from '../views'
import { assertCovers, assertHolds, assertMay, inTurn, keepingAnAdmin } from './authority'
import { findRole } from './custom-roles'
import { findGroup } from './groups'
import { alive, grantsWhere, type Held } from './held'
import { findPerson } from './people'
import { findPlace } from './places'
import type { GrantView } from './views'

async function grantViews(db: Db | Tx, held: readonly Held[]): Promise<GrantView[]> {
  const people = held.flatMap(({ userId }) => userId ?? [])
  const tokens = held.flatMap(({ tokenId }) => tokenId ?? [])
  const named = people.length
    ? await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, people))
    : []
  const called = tokens.length
    ? await db
        .select({ id: apiTokens.id, name: apiTokens.name })
        .from(apiTokens)
        .where(inArray(apiTokens.id, tokens))
    : []
  const names = new Map([...named, ...called].map(({ id, name }) => [id, name]))
  return held.map(({ userId, tokenId, group, ...grant }) => {
    const kind = userId !== null ? 'person' : tokenId !== null ? 'token' : 'group'
    const id = userId ?? tokenId ?? group!.id
    return {
      id: grant.id,
      holder: { kind, id, name: group?.name ?? names.get(id) ?? id },
      role: grant.role,
      project: grant.project,
      environment: grant.environment,
      source: grant.source,
      createdAt: grant.createdAt.toISOString(),
    }
  })
}

async function listed(db: Db, where: SQL | undefined): Promise<Page<GrantView>> {
  const items = await grantViews(db, await grantsWhere(db, where))
  return { items, next: null, total: items.length }
}

/** Every grant there is. */
export const listGrants = query({
  permission: 'member:read',
  input: z.strictObject({ person: ref.optional(), group: ref.optional(), token: ref.optional() }),
  run: (db, { person, group, token }): Promise<Page<GrantView>> =>
    listed(
      db,
      and(
        alive,
        person === undefined ? undefined : eq(roleGrants.userId, person),
        group === undefined ? undefined : eq(roleGrants.groupId, group),
        token === undefined ? undefined : eq(roleGrants.tokenId, token),
      ),
    ),
})

/** Those of a project and its environments, and those held everywhere, which count in it, too. */
export const listProjectGrants = query({
  permission: 'member:read',
  input: z.strictObject({ project: ref }),
  run: async (db, { project }): Promise<Page<GrantView>> => {
    const { projectId } = await findPlace(db, inProject(project))
    return listed(db, and(alive, or(isNull(roleGrants.projectId), eq(roleGrants.projectId, projectId!))))
  },
})

const holder = { person: ref.optional(), group: ref.optional(), token: ref.optional() }
type Holder = { person?: string; group?: string; token?: string }

async function findHolder(tx: Tx, { person, group, token }: Holder) {
  if ([person, group, token].filter((given) => given !== undefined).length !== 1)
    throw invalid('person', 'name one of person, group and token')
  const none = { userId: null, groupId: null, tokenId: null }
  if (person !== undefined) return { ...none, userId: (await findPerson(tx, person)).id }
  if (group !== undefined) return { ...none, groupId: (await findGroup(tx, group)).id }
  const [row] = await tx.select().from(apiTokens).where(eq(apiTokens.id, token!))
  if (row?.kind !== 'service') throw notFound('service token', token!)
  if (row.revokedAt) throw conflict(`token "${row.name}" was revoked: create a new one`)
  return { ...none, tokenId: row.id }
}

/** A role for somebody at a place. Who asks must hold all of it there. */
export async function insertGrant(
  tx: Tx,
  ctx: Ctx,
  held: { userId: string | null; groupId: string | null; tokenId: string | null },
  { role, ...place }: Place & { role: string },
) {
  const { permissions } = await findRole(tx, role)
  assertHolds(ctx.actor, permissions, place)
  const ids = await findPlace(tx, place)
  const [row] = await tx
    .insert(roleGrants)
    .values({ ...held, role, ...ids })
    .onConflictDoNothing()
    .returning()
  if (!row) throw conflict(`"${role}" is held there already`)
  return row
}

async function add(tx: Tx, ctx: Ctx, input: Holder & { role: string; place: Place }) {
  await inTurn(tx)
  const found = await findHolder(tx, input)
  const row = await insertGrant(tx, ctx, found, { role: input.role, ...input.place })
  const [view] = await grantViews(tx, await grantsWhere(tx, eq(roleGrants.id, row.id)))
  return {
    result: view!,
    audit: { action: 'grant.create', ...about(view!), projectId: row.projectId, after: entry(view!) },
    publish: [] as const,
  }
}

const about = ({ holder, environment }: GrantView) => ({
  target: `${holder.kind === 'person' ? 'user' : holder.kind}:${holder.id}`,
  ...(environment === null ? {} : { environment }),
})

const entry = ({ id, role, project, environment }: GrantView) => ({ grant: id, role, project, environment })

/** A role everywhere, in a project, or in one of its environments. */
export const createGrant = mutation({
  permission: 'member:write',
  input: z.strictObject({
    ...holder,
    role: ref,
    project: ref.optional(),
    environment: ref.optional(),
  }),
  touches: () => null,
  run: async (tx, { project = null, environment = null, ...input }, { ctx }) => {
    assertMay(ctx.actor, 'member:write', INSTALLATION)
    if (project === null && environment !== null) throw invalid('project', 'name the project, too')
    return add(tx, ctx, { ...input, place: { project, environment } })
  },
})

export const createProjectGrant = mutation({
  permission: 'member:write',
  input: z.strictObject({ ...holder, project: ref, role: ref, environment: ref.optional() }),
  touches: () => null,
  run: async (tx, { project, environment = null, ...input }, { ctx }) => {
    assertMay(ctx.actor, 'member:write', inProject(project)) // not of the environment alone
    return add(tx, ctx, { ...input, place: { project, environment } })
  },
})

async function remove(tx: Tx, ctx: Ctx, id: number, project: string | null) {
  await inTurn(tx)
  const [held] = await grantsWhere(tx, eq(roleGrants.id, id))
  if (!held || (project !== null && held.project !== project)) throw notFound('grant', String(id))
  assertCovers(ctx.actor, [held])
  if (held.source === 'sso')
    throw conflict('this role comes by SSO, which would give it again: change the mapping of its connection')
  const [view] = await grantViews(tx, [held])
  const [gone] = await keepingAnAdmin(tx, () =>
    tx.delete(roleGrants).where(eq(roleGrants.id, id)).returning(),
  )
  return {
    result: null,
    audit: { action: 'grant.delete', ...about(view!), projectId: gone!.projectId, before: entry(view!) },
    publish: [] as const,
  }
}

const grantId = z.coerce.number().int().min(1).max(2_147_483_647)

export const deleteGrant = mutation({
  permission: 'member:write',
  input: z.strictObject({ grant: grantId }),
  touches: () => null,
  run: (tx, input, { ctx }) => remove(tx, ctx, input.grant, null),
})

export const deleteProjectGrant = mutation({
  permission: 'member:write',
  input: z.strictObject({ project: ref, grant: grantId }),
  touches: () => null,
  run: (tx, input, { ctx }) => remove(tx, ctx, input.grant, input.project),
})
