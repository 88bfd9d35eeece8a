import { and, count, eq, lt, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '@/db/client'
import { type DeliveryStatus, webhookDeliveries } from '@/db/webhooks'
import { mutation } from './mutation'
import { query } from './operation'
import { page, paging, readCursor } from './pages'
import { ref } from './schemas'
import type { Page, WebhookDeliveryView } from './views'
import { deliveriesOf, findWebhook } from './webhook-rows'
import { deliveryNumber, replay } from './webhook-work'

export const deliveryFilters = { status: z.enum(['pending', 'delivered', 'failed']).optional() }

type Wanted = { status?: DeliveryStatus | undefined; cursor?: string | undefined; limit: number }

/** A page of the deliveries that `mine` names, newest first. */
export async function pageOfDeliveries(
  db: Db,
  mine: SQL,
  { status, cursor, limit }: Wanted,
): Promise<Page<WebhookDeliveryView>> {
  const filter = and(mine, status === undefined ? undefined : eq(webhookDeliveries.status, status))
  const before = readCursor(cursor, z.int())
  const older = before === null ? undefined : lt(webhookDeliveries.id, before)
  const [rows, [counted]] = await Promise.all([
    deliveriesOf(db, and(filter, older), limit + 1),
    db.select({ total: count() }).from(webhookDeliveries).where(filter),
  ])
  return page(
    rows,
    limit,
    counted?.total ?? 0,
    (row) => row,
    (row) => row.id,
  )
}

/** What was sent to an endpoint and what waits, newest first. */
export const listDeliveries = query({
  permission: 'webhook:read',
  input: z.strictObject({ project: ref, webhook: ref, ...deliveryFilters, ...paging }),
  run: async (db, { project, webhook, ...input }): Promise<Page<WebhookDeliveryView>> => {
    const { id } = await findWebhook(db, project, webhook)
    return pageOfDeliveries(db, eq(webhookDeliveries.webhookId, id), input)
  },
})

export const replayDelivery = mutation({
  permission: 'webhook:write',
  input: z.strictObject({ project: ref, webhook: ref, delivery: deliveryNumber }),
  touches: ({ project }) => ({ project, environments: [] }),
  run: async (tx, { project, webhook, delivery }) =>
    replay(tx, await findWebhook(tx, project, webhook), delivery),
})
