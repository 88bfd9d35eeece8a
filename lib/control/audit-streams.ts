import { asc, count, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { webhookDeliveries, webhooks } from '@/db/webhooks'
import type { Actor } from './context'
import { conflict } from './errors'
import { mutation } from './mutation'
import { query } from './operation'
import { paging } from './pages'
import { assertMay } from './people/authority'
import { can, INSTALLATION } from './roles'
import { name, ref } from './schemas'
import type { Page, WebhookDeliveryView, WebhookView } from './views'
import { deliveryFilters, pageOfDeliveries } from './webhook-deliveries'
import { AUDIT_ENTRY, AUDIT_HEAD } from './webhook-events'
import { findWebhook } from './webhook-rows'
import { masked, whole, withMakers } from './webhook-views'
import { change, create, deliveryNumber, giveUp, remove, replay, rotate, test, url } from './webhook-work'

// Endpoints of the installation: each is sent every entry of the audit trail, and each hour the ends of its chains.

const MOST = 5

const fields = { name, url, enabled: z.boolean() }
const path = { webhook: ref }
const nothing = () => null

/** Whoever sends the whole trail away must be allowed to read it, with addresses and sessions. */
function assertSeesAll({ actor }: { actor: Actor }): void {
  assertMay(actor, 'audit:read', INSTALLATION)
  assertMay(actor, 'member:write', INSTALLATION)
}

const seenBy = (actor: Actor) => (can(actor.grants, 'webhook:write', INSTALLATION) ? whole : masked)

export const listStreams = query({
  permission: 'webhook:read',
  input: z.strictObject({}),
  run: async (db, _, { actor }): Promise<Page<WebhookView>> => {
    const rows = await db
      .select()
      .from(webhooks)
      .where(isNull(webhooks.projectId))
      .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
    return { items: await withMakers(db, rows, seenBy(actor)), next: null, total: rows.length }
  },
})

export const getStream = query({
  permission: 'webhook:read',
  input: z.strictObject(path),
  run: async (db, { webhook }, { actor }): Promise<WebhookView> => {
    const [view] = await withMakers(db, [await findWebhook(db, null, webhook)], seenBy(actor))
    return view!
  },
})

export const createStream = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject({ ...fields, enabled: fields.enabled.default(true) }),
  touches: nothing,
  run: async (tx, input, { ctx }) => {
    assertSeesAll(ctx)
    const [held] = await tx.select({ endpoints: count() }).from(webhooks).where(isNull(webhooks.projectId))
    if ((held?.endpoints ?? 0) >= MOST)
      throw conflict(`an installation has at most ${MOST} of these: delete one that is not needed`)
    const events = [AUDIT_ENTRY, AUDIT_HEAD]
    return create(tx, ctx, null, { ...input, events, environments: null, payload: 'json' })
  },
})

export const updateStream = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject({
    ...path,
    name: fields.name.optional(),
    url: fields.url.optional(),
    enabled: fields.enabled.optional(),
  }),
  touches: nothing,
  run: async (tx, { webhook, ...changes }, { ctx }) => {
    assertSeesAll(ctx)
    return change(tx, await findWebhook(tx, null, webhook), changes)
  },
})

export const deleteStream = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: nothing,
  run: async (tx, { webhook }) => remove(tx, await findWebhook(tx, null, webhook)),
})

export const rotateStream = mutation({
  permission: 'webhook:write',
  fresh: true,
  input: z.strictObject(path),
  touches: nothing,
  run: async (tx, { webhook }) => rotate(tx, await findWebhook(tx, null, webhook)),
})

export const testStream = mutation({
  permission: 'webhook:write',
  input: z.strictObject(path),
  touches: nothing,
  run: async (tx, { webhook }) => test(tx, await findWebhook(tx, null, webhook)),
})

export const giveUpStream = mutation({
  permission: 'webhook:write',
  input: z.strictObject({ ...path, problem: z.string().max(500) }),
  touches: nothing,
  run: async (tx, { webhook, problem }) => giveUp(tx, await findWebhook(tx, null, webhook), problem),
})

export const listStreamDeliveries = query({
  permission: 'webhook:read',
  input: z.strictObject({ ...path, ...deliveryFilters, ...paging }),
  run: async (db, { webhook, ...input }): Promise<Page<WebhookDeliveryView>> => {
    const { id } = await findWebhook(db, null, webhook)
    return pageOfDeliveries(db, eq(webhookDeliveries.webhookId, id), input)
  },
})

export const replayStreamDelivery = mutation({
  permission: 'webhook:write',
  input: z.strictObject({ ...path, delivery: deliveryNumber }),
  touches: nothing,
  run: async (tx, { webhook, delivery }) => replay(tx, await findWebhook(tx, null, webhook), delivery),
})
