import { and, desc, eq, isNull, type SQL } from 'drizzle-orm'
import type { Db, Tx } from '@/db/client'
import { auditEntries, projects } from '@/db/schema'
import { webhookDeliveries, webhooks } from '@/db/webhooks'
import { notFound } from './errors'
import type { WebhookDeliveryView } from './views'
import { AUDIT_HEAD } from './webhook-events'

export type WebhookRow = typeof webhooks.$inferSelect

/** An endpoint of a project, or of the installation (null), or the words for there being none. */
export async function findWebhook(db: Db | Tx, project: string | null, id: string): Promise<WebhookRow> {
  const mine = project === null ? isNull(webhooks.projectId) : eq(projects.key, project)
  const [row] = await db
    .select({ webhook: webhooks })
    .from(webhooks)
    .leftJoin(projects, eq(projects.id, webhooks.projectId))
    .where(and(eq(webhooks.id, id), mine))
  if (!row) throw notFound('webhook', id, project === null ? 'the installation' : `project "${project}"`)
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

/** What is told of no entry. */
const ENDS = { action: AUDIT_HEAD, target: 'audit', environment: null }

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
    .leftJoin(auditEntries, eq(auditEntries.id, webhookDeliveries.auditId))
    .where(filter)
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit)
  return rows.map(({ delivery, about }) => deliveryView(delivery, about ?? ENDS))
}
