import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { environments, projects } from '@/db/schema'
import { webhooks } from '@/db/webhooks'
import type { Actor } from './context'
import { conflict, invalid, notFound } from './errors'
import { mutation } from './mutation'
import { query } from './operation'
import { can, inProject } from './roles'
import { name, ref } from './schemas'
import type { Page, WebhookView } from './views'
import { findWebhook } from './webhook-rows'
import { masked, whole, withMakers } from './webhook-views'
import { change, create, giveUp, remove, rotate, test, url } from './webhook-work'

const MOST_A_PROJECT = 20

const pattern = z
  .string()
  .max(100)
  .regex(/^(\*|[a-z_]+\.(\*|[a-z_]+))$/, 'use an action such as flag.create, a family such as flag.*, or *')

const fields = {
  name,
  url,
  events: z.array(pattern).min(1, 'name at least one event, or * for all').max(50),
  environments: z
    .array(ref)
    .min(1, 'name at least one environment, or leave it out for all')
    .max(100)
    .nullable(),
  payload: z.enum(['json', 'slack']),
  enabled: z.boolean(),
}

const path = { project: ref, webhook: ref }
/** No head is locked: nothing is published. */
const projectAlone = ({ project }: { project: string }) => ({ project, environments: [] })

/** As somebody may see it. */
const seenBy = (actor: Actor, project: string) =>
  can(actor.grants, 'webhook:write', inProject(project)) ? whole : masked

async function assertEnvironments(tx: Tx, projectId: number, keys: readonly string[] | null): Promise<void> {
  if (keys === null) return
  const alive = await tx
    .select({ key: environments.key })
    .from(environments)
    .where(
      and(
        eq(environments.projectId, projectId),
        isNull(environments.deletedAt),
        inArray(environments.key, [...keys]),
      ),
    )
  const missing = keys.find((key) => !alive.some((row) => row.key === key))
  if (missing !== undefined) throw invalid('environments', `this project has no environment "${missing}"`)
}

export const listWebhooks = query({
  permission: 'webhook:read',
  input: z.strictObject({ project: ref }),
  run: async (db, { project }, { actor }): Promise<Page<WebhookView>> => {
    const [found] = await db.select().from(projects).where(eq(projects.key, project))
    if (!found) throw notFound('project', project)
    const rows = await db
      .select()
      .from(webhooks)
      .where(eq(webhooks.projectId, found.id))
      .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
    const items = await withMakers(db, rows, seenBy(actor, project))
    return { items, next: null, total: rows.length }
  },
})

export const getWebhook = query({
  permission: 'webhook:read',
  input: z.strictObject(path),
  run: async (db, { project, webhook }, { actor }): Promise<WebhookView> => {
    const row = await findWebhook(db, project, webhook)
    const [view] = await withMakers(db, [row], seenBy(actor, project))
    return view!
  },
})

export const createWebhook = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject({
    project: ref,
    ...fields,
    events: fields.events.default(['*']),
    environments: fields.environments.default(null),
    payload: fields.payload.default('json'),
    enabled: fields.enabled.default(true),
  }),
  touches: projectAlone,
  run: async (tx, { project: _, ...input }, { ctx, locked }) => {
    const projectId = locked.project.id
    const [held] = await tx
      .select({ endpoints: count() })
      .from(webhooks)
      .where(eq(webhooks.projectId, projectId))
    if ((held?.endpoints ?? 0) >= MOST_A_PROJECT)
      throw conflict(`a project has at most ${MOST_A_PROJECT} webhooks: delete one that is not needed`)
    await assertEnvironments(tx, projectId, input.environments)
    return create(tx, ctx, projectId, input)
  },
})

export const updateWebhook = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject({
    ...path,
    name: fields.name.optional(),
    url: fields.url.optional(),
    events: fields.events.optional(),
    environments: fields.environments.optional(),
    payload: fields.payload.optional(),
    enabled: fields.enabled.optional(),
  }),
  touches: projectAlone,
  run: async (tx, { project, webhook, ...changes }, { locked }) => {
    const before = await findWebhook(tx, project, webhook)
    if (changes.environments !== undefined)
      await assertEnvironments(tx, locked.project.id, changes.environments)
    return change(tx, before, changes)
  },
})

export const deleteWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }) => remove(tx, await findWebhook(tx, project, webhook)),
})

export const rotateWebhook = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }) => rotate(tx, await findWebhook(tx, project, webhook)),
})

export const testWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }) => test(tx, await findWebhook(tx, project, webhook)),
})

export const giveUpWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject({ ...path, problem: z.string().max(500) }),
  touches: projectAlone,
  run: async (tx, { project, webhook, problem }) =>
    giveUp(tx, await findWebhook(tx, project, webhook), problem),
})
