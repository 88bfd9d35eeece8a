import { and, desc, eq, type SQL } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { auditEntries, projects } from '@/db/schema'
import { webhookDeliveries, webhooks } from '@/db/webhooks'
import { notFound } from './errors'
import type { WebhookDeliveryView } from './views'

export type WebhookRow = typeof webhooks.$inferSelect

/** An endpoint of a project, or the words for there being none. */
export async function findWebhook(db: Db | Tx, project: string, id: string): Promise<WebhookRow> {
  const [row] = await db
    .select({ webhook: webhooks })
    .from(webhooks)
    .innerJoin(projects, eq(projects.id, webhooks.projectId))
    .where(and(eq(webhooks.id, id), eq(projects.key, project)))
  if (!row) throw notFound('webhook', id, `project "${project}"`)
  return row.webhook
}

type Delivery = typeof webhookDeliveries.$inferSelect

export function deliveryView(
  delivery: Delivery,
  about: Pick<WebhookDeliveryView, 'action' | 'target' | 'environment'>,
): WebhookDeliveryView {
  return {
    ...about,
    id: delivery.id,
    message: delivery.messageId,
    status: delivery.status,
    attempts: delivery.attempts,
    replayOf: delivery.replayOf,
    createdAt: delivery.createdAt.toISOString(),
    nextAt: delivery.status === 'pending' ? delivery.nextAt.toISOString() : null,
    lastAt: delivery.lastAt?.toISOString() ?? null,
    elapsedMs: delivery.elapsedMs,
    answered: delivery.answered,
    answer: delivery.answer,
  }
}

/** Deliveries with what they are about, newest first. */
export async function deliveriesOf(
  db: Db | Tx,
  filter: SQL | undefined,
  limit: number,
): Promise<WebhookDeliveryView[]> {
  const { action, target, environment } = auditEntries
  const rows = await db
    .select({ delivery: webhookDeliveries, about: { action, target, environment } })
    .from(webhookDeliveries)
    .innerJoin(auditEntries, eq(auditEntries.id, webhookDeliveries.auditId))
    .where(filter)
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit)
  return rows.map(({ delivery, about }) => deliveryView(delivery, about))
}
