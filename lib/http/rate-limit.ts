import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import type { Actor } from '@/lib/control/context'
import { ControlError } from '@/lib/control/errors'
import { env } from '@/lib/env'
import type { Limit } from '@/lib/limits/budgets'
import { countedAs } from '@/lib/limits/client-address'
import { counter, refusalOf } from '@/lib/limits/counter'

/** The budgets of the API. Those of `sign-in` are in `sign-in-throttle.ts`, those of delivery in `lib/delivery`. */
export type ApiLimit = Extract<
  Limit,
  'reads' | 'writes' | 'kills' | 'sign-in' | 'invites' | 'scim' | 'webhook-tests'
>

/** Whose requests are counted together. */
type Side = 'credential' | 'address' | 'account'

/** How many times the budget of one credential: an office has one address, a person many things done to it. */
const TIMES: Record<Side, number> = { credential: 1, address: 10, account: 0.05 }

/** What is left of a budget, for the headers of an answer. */
export type Taken = { name: string; quota: number; seconds: number; left: number; resetS: number }

// Next bundles routes apart: one process, one set of counters.
const shared = globalThis as { jackstaffCounters?: Map<string, RateLimiterAbstract> }

/** One that is made once. */
export function heldCounter(
  name: string,
  budget: { quota: number; seconds: number },
  isShared: boolean,
): RateLimiterAbstract {
  shared.jackstaffCounters ??= new Map()
  const held = shared.jackstaffCounters.get(name) ?? counter(name, budget, isShared)
  shared.jackstaffCounters.set(name, held)
  return held
}

/** Those who were told to wait must not come back together. */
const jittered = (ms: number) => Math.ceil((ms / 1_000) * (1 + Math.random() * 0.2))

/** `wait`: in milliseconds. */
export function tooMany(what: string, wait: number): ControlError {
  const retryAfter = Math.max(1, jittered(wait))
  return new ControlError('too_many', `${what}: wait ${retryAfter} s`, [], { retryAfter })
}

/** Takes one request from a budget, and notes what is left of it. Throws where nothing is. */
async function take(limit: ApiLimit, side: Side, key: string, taken: Taken[]): Promise<void> {
  const budget = env.limits[limit]
  if (budget === null) return
  const { seconds } = budget
  const quota = Math.max(1, Math.round(budget.quota * TIMES[side]))
  const name = side === 'credential' ? limit : `${limit}-${side}`
  // A kill waits for nobody, not even for the Redis that counts.
  const counted = heldCounter(name, { quota, seconds }, limit !== 'kills')
  const note = ({ remainingPoints, msBeforeNext }: RateLimiterRes) =>
    taken.push({ name, quota, seconds, left: remainingPoints, resetS: Math.ceil(msBeforeNext / 1_000) })
  try {
    note(await counted.consume(key))
  } catch (error) {
    const refused = refusalOf(error)
    if (!refused) throw error
    note(refused)
    throw tooMany(`"${name}" allows ${quota} requests in ${seconds} s`, refused.msBeforeNext)
  }
}

/** Before anybody is looked up. A kill is counted once it is known whose it is: neighbours must not use it up. */
export async function takeFromAddress(limit: ApiLimit, address: string, taken: Taken[]): Promise<void> {
  if (limit !== 'kills' && limit !== 'sign-in') await take(limit, 'address', countedAs(address), taken)
}

function credentialOf(actor: Actor, address: string): string {
  if (actor.kind === 'anonymous') return `address ${countedAs(address)}`
  if (!actor.via) return `${actor.kind} ${actor.id}`
  return 'session' in actor.via ? actor.via.session : actor.via.token
}

/** Of whoever asks, and of the account that is asked about. */
export async function takeFromCredential(
  limit: ApiLimit,
  { actor, address, account }: { actor: Actor; address: string; account: string | null },
  taken: Taken[],
): Promise<void> {
  if (limit === 'sign-in') return
  await take(limit, 'credential', credentialOf(actor, address), taken)
  if (account !== null) await take(limit, 'account', account.toLowerCase(), taken)
}

/** The fields of draft-ietf-httpapi-ratelimit-headers: what is allowed, and what is left of it. */
export function rateLimitHeaders(taken: readonly Taken[]): Record<string, string> {
  if (taken.length === 0) return {}
  return {
    'RateLimit-Policy': taken
      .map(({ name, quota, seconds }) => `"${name}";q=${quota};w=${seconds}`)
      .join(', '),
    RateLimit: taken.map(({ name, left, resetS }) => `"${name}";r=${left};t=${resetS}`).join(', '),
  }
}
