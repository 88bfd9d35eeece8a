import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import { redis } from '@/lib/redis/redis'
import { RateLimiterMemory, RateLimiterRedis } from './library'

/** KEYS: the counter. ARGV: points, seconds. Answers with the points taken and the milliseconds that it lives on. */
const COUNT = `
  redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
  local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
  return { taken, redis.call('PTTL', KEYS[1]) }`

const REST_MS = 1_000 // after a failure: a Redis that hangs costs one request a second its patience, not each of them

let restUntil = 0

async function run(script: string, keys: string[], args: string[]): Promise<unknown> {
  if (Date.now() < restUntil) throw new Error('Redis did not answer a moment ago')
  try {
    return await (await redis()!).run(script, keys, args)
  } catch (error) {
    restUntil = Date.now() + REST_MS
    throw error
  }
}

/** What the library asks of a client. */
const client = {
  rlflxIncr: ([key, points, seconds]: string[]) => run(COUNT, [key!], [points!, seconds!]),
  del: async (key: string) => Number(await run(`return redis.call('DEL', KEYS[1])`, [key], [])),
}

/**
 * Counts requests a key in windows of time. `shared`: by all nodes, in Redis where there is one; one that is away is
 * replaced by the memory of this node.
 */
export function counter(
  name: string,
  { quota, seconds }: { quota: number; seconds: number },
  shared: boolean,
): RateLimiterAbstract {
  const options = { keyPrefix: `jackstaff:limit:${name}`, points: quota, duration: seconds }
  const memory = new RateLimiterMemory(options)
  if (!shared || redis() === null) return memory
  return new RateLimiterRedis({ ...options, storeClient: client, insuranceLimiter: memory })
}

/** What is left of a budget, where that is why a request was not counted; null for any other failure. */
export function refusalOf(error: unknown): RateLimiterRes | null {
  // By its shape: routes are bundled apart, each with a class of its own.
  const { msBeforeNext } = (error ?? {}) as { msBeforeNext?: unknown }
  return typeof msBeforeNext === 'number' ? (error as RateLimiterRes) : null
}
