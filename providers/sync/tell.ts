import type { Clock } from './clock'
import type { Endpoint } from './endpoint'

const TIMEOUT_MS = 10_000
const KEEPALIVE_BYTES = 60_000 // of the 64 KB that a browser still sends for a page that is gone

/** `crypto.randomUUID` is missing in pages that came by plain HTTP. */
export function uuid(random: () => number): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (Number(digit) ^ ((random() * 16) >> (Number(digit) / 4))).toString(16),
  )
}

/** Sends something to `/telemetry`. Status 0: there was no answer. */
export async function post(endpoint: Endpoint, body: string, clock: Clock, abort: AbortController) {
  const cancel = clock.after(TIMEOUT_MS, () => abort.abort())
  const keepalive = new TextEncoder().encode(body).length < KEEPALIVE_BYTES
  return endpoint
    .send('/telemetry', { method: 'POST', body, keepalive, signal: abort.signal })
    .then(endpoint.failureOf, endpoint.failureOf)
    .finally(() => {
      cancel()
      abort.abort() // an unread body would keep its socket
    })
}
