import { log } from '@/lib/log'
import type { Ctx } from './context'
import type { ControlError } from './errors'
import { recordEvent } from './events'
import type { Needed } from './operation'

// Refusals are entries, too. Whoever is refused may ask again as often as it likes: so they are counted, and few recorded.

const WINDOW_MS = 60_000
const MOST_BY_ONE = 10 // entries a minute of one principal, whatever it asks for
const MOST = 60 // entries a minute altogether
const TARGET_CHARS = 200

type Recorded = { principal: string; route: string; at: number }

let recent: Recorded[] = [] // of the last minute
let unrecorded = 0

/** Whether a refusal gets an entry: one a principal, route and minute. */
function isDue(principal: string, route: string): boolean {
  const now = performance.now()
  recent = recent.filter(({ at }) => now - at < WINDOW_MS)
  const own = recent.filter((one) => one.principal === principal)
  if (recent.length >= MOST || own.length >= MOST_BY_ONE || own.some((one) => one.route === route)) {
    unrecorded++
    return false
  }
  recent.push({ principal, route, at: now })
  return true
}

/** Reads that are forbidden change nothing; but a browser comes back from an identity provider by a GET. */
const isWorthy = (ctx: Ctx, error: ControlError, needed: Needed) =>
  ['forbidden', 'too_many'].includes(error.kind) &&
  error.extra.code !== 'sign_in_again' &&
  (needed === 'anyone' || !ctx.route.startsWith('GET '))

/** Records that a write was forbidden, that somebody could not sign in or asked too often. What was passed over since is counted. */
export async function recordRefusal(ctx: Ctx, error: ControlError, needed: Needed): Promise<void> {
  if (!isWorthy(ctx, error, needed)) return
  const { kind, id } = ctx.actor
  const route = ctx.route.slice(0, TARGET_CHARS)
  if (!isDue(kind === 'anonymous' ? `ip:${ctx.ip}` : `${kind}:${id}`, route)) return
  const passedOver = unrecorded
  unrecorded = 0
  try {
    await recordEvent(ctx, {
      action: needed === 'anyone' ? 'session.refused' : 'access.refused',
      target: `route:${route}`,
      projectId: null,
      after: { needed, ...(passedOver > 0 && { unrecorded: passedOver }) },
      reason: error.message,
    })
  } catch (failure) {
    unrecorded += passedOver + 1
    log.warn({ err: failure, requestId: ctx.requestId }, 'a refusal was not recorded')
  }
}
