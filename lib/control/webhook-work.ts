import { randomBytes } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '@/db/client'
import { type WebhookPayload, webhookDeliveries, webhooks } from '@/db/webhooks'
import { env } from '@/lib/env'
import { targetFault } from '@/lib/outbound/target'
import { actorRef, keptActor, takeAuditId } from './audit-log'
import type { Ctx } from './context'
import { conflict, notFound } from './errors'
import { NO_CHANGE } from './mutation'
import { TEST_ACTION, WEBHOOK_CHANNEL } from './webhook-events'
import { deliveriesOf, deliveryView, type WebhookRow } from './webhook-rows'
import { newSecret, sealed } from './webhook-sealed'
import { changed, masked } from './webhook-views'

// What happens to an endpoint, whether a project has it or the installation.

const OVERLAP = sql`now() + interval '24 hours'`

export const url = z.string().superRefine((text, issue) => {
  const fault = targetFault(text, env.webhookAllow)
  if (fault) issue.addIssue({ code: 'custom', message: fault })
})

export const deliveryNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

type Fields = {
  name: string
  url: string
  events: string[]
  environments: string[] | null
  payload: WebhookPayload
  enabled: boolean
}

const entry = (action: string, { id, projectId }: Pick<WebhookRow, 'id' | 'projectId'>) => ({
  action,
  target: `webhook:${id}`,
  projectId,
})

const gone = ({ id }: WebhookRow) => notFound('webhook', id)

/** The secret is in this answer and nowhere else that can be read. */
export async function create(tx: Tx, ctx: Ctx, projectId: number | null, fields: Fields) {
  const id = `whk_${randomBytes(6).toString('hex')}`
  const secret = newSecret()
  const [row] = await tx
    .insert(webhooks)
    .values({
      ...fields,
      id,
      projectId,
      url: sealed('url', id, fields.url),
      secret: sealed('secret', id, secret),
      createdBy: keptActor(actorRef(ctx)),
    })
    .returning()
  return {
    result: { ...(await changed(tx, row!)), secret },
    audit: { ...entry('webhook.create', row!), after: masked(row!) },
    publish: [] as const,
  }
}

/** Turning it on again forgets why it was turned off; what waited is sent. */
export async function change(tx: Tx, before: WebhookRow, changes: Partial<Fields>) {
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
  if (!row) throw gone(before)
  return {
    result: await changed(tx, row),
    audit: { ...entry('webhook.update', row), before: masked(before), after: masked(row) },
    publish: [] as const,
  }
}

/** Nothing is sent any more, and what waited is forgotten. */
export async function remove(tx: Tx, row: WebhookRow) {
  await tx.delete(webhooks).where(eq(webhooks.id, row.id))
  await tx.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, row.id))
  return {
    result: null,
    audit: { ...entry('webhook.delete', row), before: masked(row) },
    publish: [] as const,
  }
}

/** A new secret. The one before signs as well for 24 hours, so that receivers can change over. */
export async function rotate(tx: Tx, before: WebhookRow) {
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
  if (!row) throw gone(before)
  return {
    result: { ...(await changed(tx, row)), secret },
    audit: { ...entry('webhook.rotate', row), after: { previousUntil: row.previousUntil } },
    publish: [] as const,
  }
}

/** Sends a message to this endpoint alone. Answers with its delivery, which is yet to be made. */
export async function test(tx: Tx, row: WebhookRow) {
  if (!row.enabled) throw conflict(`"${row.name}" is turned off: turn it on, then test it`)
  const auditId = await takeAuditId(tx)
  const audit = { ...entry(TEST_ACTION, row), id: auditId }
  const [sent] = await tx.insert(webhookDeliveries).values({ webhookId: row.id, auditId }).returning()
  await tx.execute(sql`select pg_notify(${WEBHOOK_CHANNEL}, '')`)
  const { action, target } = audit
  return { result: deliveryView(sent!, { action, target, environment: null }), audit, publish: [] as const }
}

/** Sends a message again, with the id it had: receivers that keep to it notice. */
export async function replay(tx: Tx, endpoint: WebhookRow, delivery: number) {
  if (!endpoint.enabled)
    throw conflict(`"${endpoint.name}" is turned off: turn it on, and what waits is sent`)
  const [earlier] = await tx
    .select()
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.id, delivery), eq(webhookDeliveries.webhookId, endpoint.id)))
  if (!earlier) throw notFound('delivery', String(delivery), `webhook "${endpoint.id}"`)
  if (earlier.status === 'pending')
    throw conflict(`delivery ${delivery} is under way: replay it once it was delivered, or has failed`)
  const { webhookId, auditId, heads, messageId } = earlier
  const [again] = await tx
    .insert(webhookDeliveries)
    .values({ webhookId, auditId, heads, messageId, replayOf: earlier.id })
    .returning({ id: webhookDeliveries.id })
  await tx.execute(sql`select pg_notify(${WEBHOOK_CHANNEL}, '')`)
  const [result] = await deliveriesOf(tx, eq(webhookDeliveries.id, again!.id), 1)
  return {
    result: result!,
    audit: { ...entry('webhook.replay', endpoint), after: { delivery: earlier.id, message: messageId } },
    publish: [] as const,
  }
}

/** Turned off by Jackstaff itself, which says why. */
export async function giveUp(tx: Tx, before: WebhookRow, problem: string) {
  if (!before.enabled) return { ...NO_CHANGE, result: null }
  await tx.update(webhooks).set({ enabled: false, problem }).where(eq(webhooks.id, before.id))
  return {
    result: null,
    audit: {
      ...entry('webhook.disable', before),
      before: { name: before.name, enabled: true },
      after: { name: before.name, enabled: false },
      reason: problem,
    },
    publish: [] as const,
  }
}
