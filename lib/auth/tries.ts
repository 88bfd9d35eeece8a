import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { ControlError } from '@/lib/control/errors'
import { refusalOf } from '@/lib/limits/counter'
import { RateLimiterMemory } from '@/lib/limits/library'

// Each route is bundled apart: one process, one count.
const shared = globalThis as { jackstaffTries?: Map<string, RateLimiterAbstract> }
shared.jackstaffTries ??= new Map()
const limiters = shared.jackstaffTries

export type Tries = { take(key: string): Promise<void>; forgive(key: string): Promise<void> }

/**
 * So many tries by one key in so many seconds, counted by this process. `take` rejects whoever has none left.
 *
 * @example await tries('break-glass', { most: 5, seconds: 900 }).take(ip)
 */
export function tries(name: string, { most, seconds }: { most: number; seconds: number }): Tries {
  const limiter =
    limiters.get(name) ?? new RateLimiterMemory({ keyPrefix: name, points: most, duration: seconds })
  limiters.set(name, limiter)
  return {
    async take(key) {
      try {
        await limiter.consume(key)
      } catch (error) {
        const refused = refusalOf(error)
        if (!refused) throw error
        const wait = Math.ceil(refused.msBeforeNext / 1_000)
        throw new ControlError(
          'too_many',
          `${most} tries in ${seconds / 60} min are all there are: try again in ${wait} s`,
          [],
          { retryAfter: wait },
        )
      }
    },
    async forgive(key) {
      await limiter.delete(key)
    },
  }
}
