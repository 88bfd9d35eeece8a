import type { WebhookView } from './views'
import type { WebhookRow } from './webhook-rows'
import { maskedUrl, unsealed } from './webhook-sealed'

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

/** For whoever may change it. */
export const whole = (row: WebhookRow) => view(row, addressOf(row))

/** For others, and for the audit. */
export const masked = (row: WebhookRow) => view(row, maskedUrl(addressOf(row)))
