import type { Db, Tx } from '@/db/client'
import { namesOf } from './actor-names'
import type { WebhookView } from './views'
import type { WebhookRow } from './webhook-rows'
import { maskedUrl, unsealed } from './webhook-sealed'

/** What an entry of the audit says of one: who made it is in the entry of that. */
type Told = Omit<WebhookView, 'createdBy'>

const view = (row: WebhookRow, address: string): Told => ({
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

/** For whoever may change it. */
export const whole = (row: WebhookRow) => view(row, addressOf(row))

/** For others, and for the audit. */
export const masked = (row: WebhookRow) => view(row, maskedUrl(addressOf(row)))

/** Webhooks as `seen` shows them, with what those who made them are called now. */
export async function withMakers(
  db: Db | Tx,
  rows: readonly WebhookRow[],
  seen: (row: WebhookRow) => Told,
): Promise<WebhookView[]> {
  const named = await namesOf(
    db,
    rows.map(({ createdBy }) => createdBy),
  )
  return rows.map((row) => ({ ...seen(row), createdBy: named(row.createdBy) }))
}

/** For whoever has just changed it. */
export async function changed(tx: Tx, row: WebhookRow): Promise<WebhookView> {
  const [view] = await withMakers(tx, [row], whole)
  return view!
}
