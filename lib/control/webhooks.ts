import { randomBytes } from 'node:crypto'
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { environments, projects } from '@/db/schema'
import { webhookDeliveries, webhooks } from '@/db/webhooks'
import { env } from '@/lib/env'
import { targetFault } from '@/lib/outbound/target'
import { actorRef, takeAuditId } from './audit-log'
import type { Actor } from './context'
import { conflict, invalid, notFound } from './errors'
import type { Locked } from './locks'
import { mutation, NO_CHANGE } from './mutation'
import { query } from './operation'
import { can, inProject } from './roles'
import { name, ref } from './schemas'
import type { Page, WebhookView } from './views'
import { TEST_ACTION, WEBHOOK_CHANNEL } from './webhook-events'
import { deliveryView, findWebhook, type WebhookRow } from './webhook-rows'
import { maskedUrl, newSecret, sealed, unsealed } from './webhook-sealed'

const MOST_A_PROJECT = 20
const OVERLAP = sql`now() + interval '24 hours'`

const url = z.string().superRefine((text, issue) => {
  const fault = targetFault(text, env.webhookAllow)
  if (fault) issue.addIssue({ code: 'custom', message: fault })
})
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

const view = (row: WebhookRow, address: string): WebhookView => ({
  id: row.id,
  name: row.name,
  url: address,
  events: row.events,
  environments: row.environments,
  payload: row.payload,
  enabled: row.enabled,
  problem: row.problem,
  failingSince: row.failingSince?.toISOString() ?? null,
  previousUntil:
    row.previousUntil && row.previousUntil.getTime() > Date.now() ? row.previousUntil.toISOString() : null,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
})

/** Empty where it was sealed by another JACKSTAFF_SECRET: one that cannot be read must not hide the others. */
function addressOf(row: WebhookRow): string {
  try {
    return unsealed('url', row.id, row.url)
  } catch {
    return ''
  }
}

const whole = (row: WebhookRow) => view(row, addressOf(row))
const masked = (row: WebhookRow) => view(row, maskedUrl(addressOf(row)))

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
    return { items: rows.map(seenBy(actor, project)), next: null, total: rows.length }
  },
})

export const getWebhook = query({
  permission: 'webhook:read',
  input: z.strictObject(path),
  run: async (db, { project, webhook }, { actor }): Promise<WebhookView> =>
    seenBy(actor, project)(await findWebhook(db, project, webhook)),
})

const entry = (action: string, row: WebhookRow, locked: Locked) => ({
  action,
  target: `webhook:${row.id}`,
  projectId: locked.project.id,
})

/** The secret is in this answer and nowhere else that can be read. */
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
    const id = `whk_${randomBytes(6).toString('hex')}`
    const secret = newSecret()
    const [row] = await tx
      .insert(webhooks)
      .values({
        ...input,
        id,
        projectId,
        url: sealed('url', id, input.url),
        secret: sealed('secret', id, secret),
        createdBy: actorRef(ctx),
      })
      .returning()
    return {
      result: { ...whole(row!), secret },
      audit: { ...entry('webhook.create', row!, locked), after: masked(row!) },
      publish: [],
    }
  },
})

/** Turning it on again forgets why it was turned off; what waited is sent. */
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
    const [row] = await tx
      .update(webhooks)
      .set({
        ...changes,
        name: changes.name ?? before.name, // something is set, whatever was sent
        ...(changes.url !== undefined && { url: sealed('url', before.id, changes.url) }),
        ...(changes.enabled && { problem: null, failingSince: null }),
      })
      .where(eq(webhooks.id, before.id))
      .returning()
    if (!row) throw notFound('webhook', webhook, `project "${project}"`)
    return {
      result: whole(row),
      audit: { ...entry('webhook.update', row, locked), before: masked(before), after: masked(row) },
      publish: [],
    }
  },
})

/** Nothing is sent any more, and what waited is forgotten. */
export const deleteWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }, { locked }) => {
    const row = await findWebhook(tx, project, webhook)
    await tx.delete(webhooks).where(eq(webhooks.id, row.id))
    await tx.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, row.id))
    return {
      result: null,
      audit: { ...entry('webhook.delete', row, locked), before: masked(row) },
      publish: [],
    }
  },
})

/** A new secret. The one before signs as well for 24 hours, so that receivers can change over. */
export const rotateWebhook = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }, { locked }) => {
    const before = await findWebhook(tx, project, webhook)
    const secret = newSecret()
    const [row] = await tx
      .update(webhooks)
      .set({
        secret: sealed('secret', before.id, secret),
        previousSecret: sql`${webhooks.secret}`,
        previousUntil: OVERLAP,
      })
      .where(eq(webhooks.id, before.id))
      .returning()
    if (!row) throw notFound('webhook', webhook, `project "${project}"`)
    return {
      result: { ...whole(row), secret },
      audit: { ...entry('webhook.rotate', row, locked), after: { previousUntil: row.previousUntil } },
      publish: [],
    }
  },
})

/** Sends a message to this endpoint alone. Answers with its delivery, which is yet to be made. */
export const testWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: projectAlone,
  run: async (tx, { project, webhook }, { locked }) => {
    const row = await findWebhook(tx, project, webhook)
    if (!row.enabled) throw conflict(`"${row.name}" is turned off: turn it on, then test it`)
    const auditId = await takeAuditId(tx)
    const audit = { ...entry(TEST_ACTION, row, locked), id: auditId }
    const [sent] = await tx.insert(webhookDeliveries).values({ webhookId: row.id, auditId }).returning()
    await tx.execute(sql`select pg_notify(${WEBHOOK_CHANNEL}, '')`)
    const { action, target } = audit
    return {
      result: deliveryView(sent!, { action, target, environment: null }),
      audit,
      publish: [],
    }
  },
})

/** Turned off by Jackstaff itself, which says why. */
export const giveUpWebhook = mutation({
  permission: 'webhook:write',
  input: z.strictObject({ ...path, problem: z.string().max(500) }),
  touches: projectAlone,
  run: async (tx, { project, webhook, problem }, { locked }) => {
    const before = await findWebhook(tx, project, webhook)
    if (!before.enabled) return { ...NO_CHANGE, result: null }
    await tx.update(webhooks).set({ enabled: false, problem }).where(eq(webhooks.id, before.id))
    return {
      result: null,
      audit: {
        ...entry('webhook.disable', before, locked),
        before: { name: before.name, enabled: true },
        after: { name: before.name, enabled: false },
        reason: problem,
      },
      publish: [],
    }
  },
})
