import { and, count, eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { webhookDeliveries } from '@/db/webhooks'
import { conflict, notFound } from './errors'
import { mutation } from './mutation'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref } from './schemas'
import type { Page, WebhookDeliveryView } from './views'
import { WEBHOOK_CHANNEL } from './webhook-events'
import { deliveriesOf, findWebhook } from './webhook-rows'

/** What was sent to an endpoint and what waits, newest first. */
export const listDeliveries = query({
  permission: 'webhook:read',
  input: z.strictObject({
    project: ref,
    webhook: ref,
    status: z.enum(['pending', 'delivered', 'failed']).optional(),
    ...paging,
  }),
  run: async (db, input): Promise<Page<WebhookDeliveryView>> => {
    const { id } = await findWebhook(db, input.project, input.webhook)
    const filter = and(
      eq(webhookDeliveries.webhookId, id),
      input.status === undefined ? undefined : eq(webhookDeliveries.status, input.status),
    )
    const before = readCursor(input.cursor, z.int())
    const older = before === null ? undefined : lt(webhookDeliveries.id, before)
    const [rows, [counted]] = await Promise.all([
      deliveriesOf(db, and(filter, older), input.limit + 1),
      db.select({ total: count() }).from(webhookDeliveries).where(filter),
    ])
    return page(
      rows,
      input.limit,
      counted?.total ?? 0,
      (row) => row,
      (row) => row.id,
    )
  },
})

/** Sends a message again, with the id it had: receivers that keep to it notice. */
export const replayDelivery = mutation({
  permission: 'webhook:write',
  input: z.strictObject({
    project: ref,
    webhook: ref,
    delivery: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  }),
  touches: ({ project }) => ({ project, environments: [] }),
  run: async (tx, { project, webhook, delivery }, { locked }) => {
    const endpoint = await findWebhook(tx, project, webhook)
    if (!endpoint.enabled)
      throw conflict(`"${endpoint.name}" is turned off: turn it on, and what waits is sent`)
    const [earlier] = await tx
      .select()
      .from(webhookDeliveries)
      .where(and(eq(webhookDeliveries.id, delivery), eq(webhookDeliveries.webhookId, endpoint.id)))
    if (!earlier) throw notFound('delivery', String(delivery), `webhook "${webhook}"`)
    if (earlier.status === 'pending')
      throw conflict(`delivery ${delivery} is under way: replay it once it was delivered, or has failed`)
    const { webhookId, auditId, messageId } = earlier
    const [again] = await tx
      .insert(webhookDeliveries)
      .values({ webhookId, auditId, messageId, replayOf: earlier.id })
      .returning({ id: webhookDeliveries.id })
    await tx.execute(sql`select pg_notify(${WEBHOOK_CHANNEL}, '')`)
    const [result] = await deliveriesOf(tx, eq(webhookDeliveries.id, again!.id), 1)
    return {
      result: result!,
      audit: {
        action: 'webhook.replay',
        target: `webhook:${endpoint.id}`,
        projectId: locked.project.id,
        after: { delivery: earlier.id, message: messageId },
      },
      publish: [],
    }
  },
})
