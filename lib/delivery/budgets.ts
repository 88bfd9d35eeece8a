import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Budget } from '@/lib/limits/budgets'
import { counter, refusalOf } from '@/lib/limits/counter'
import type { Key } from './keys'

const DELIVERED = ['config', 'streams', 'ofrep', 'telemetry'] as const

export type DeliveryLimit = (typeof DELIVERED)[number]

/** Of whom too much is asked: when to come back, in seconds, and the headers that say so. */
export type Refusal = { wait: number; headers: Record<string, string> }

type Counted = { budget: NonNullable<Budget>; limiter: RateLimiterAbstract }

/**
 * How much each key may ask of this node from one address. Counted in memory: each node protects itself, and no request
 * of an application waits for a Redis.
 */
export class Budgets {
  private readonly counted: ReadonlyMap<DeliveryLimit, Counted>

  constructor(budgets: Readonly<Record<DeliveryLimit, Budget>>) {
    this.counted = new Map(
      DELIVERED.flatMap((limit) => {
        const budget = budgets[limit]
        return budget ? [[limit, { budget, limiter: counter(limit, budget, false) }] as const] : []
      }),
    )
  }

  /** Takes one request of a client, an address as it is counted; answers with why not, where nothing is left. */
  async take(limit: DeliveryLimit, key: Key, client: string): Promise<Refusal | null> {
    const counted = this.counted.get(limit)
    if (!counted) return null
    try {
      await counted.limiter.consume(`${key.id} ${client}`)
      return null
    } catch (error) {
      const refused = refusalOf(error)
      if (!refused) throw error
      return refusal(limit, counted.budget, refused.msBeforeNext)
    }
  }
}

/** Caches keep answers of delivery for many clients: only a refusal tells of the budget of one. */
function refusal(limit: DeliveryLimit, { quota, seconds }: NonNullable<Budget>, ms: number): Refusal {
  const resetS = Math.ceil(ms / 1_000)
  const wait = Math.max(1, Math.ceil(resetS * (1 + Math.random() * 0.2))) // they must not come back together
  const headers = {
    'RateLimit-Policy': `"${limit}";q=${quota};w=${seconds}`,
    RateLimit: `"${limit}";r=0;t=${resetS}`,
    'Retry-After': String(wait),
  }
  return { wait, headers }
}
