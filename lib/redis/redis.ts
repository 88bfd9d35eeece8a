import { breaker } from '@/lib/breaker'
import { env } from '@/lib/env'
import type { Redis } from './port'

// Next bundles this module apart from the entry: one process, one connection.
const shared = globalThis as { jackstaffRedis?: Promise<Redis> | null }

/** Whoever asks has another way: a Redis that fails again and again costs nobody the wait for it. */
function guarded(inner: Redis): Redis {
  const policy = breaker('redis')
  return {
    get: (key) => policy.execute(() => inner.get(key)),
    keepNewest: (key, order, value) => policy.execute(() => inner.keepNewest(key, order, value)),
    run: (script, keys, args) => policy.execute(() => inner.run(script, keys, args)),
    publish: (channel, message) => policy.execute(() => inner.publish(channel, message)),
    subscribe: (channel, heard) => inner.subscribe(channel, heard),
    close: () => inner.close(),
  }
}

async function open(): Promise<Redis> {
  if (env.redisUrl) return (await import('./tcp')).overTcp(env.redisUrl)
  const { url, token } = env.upstash!
  return (await import('./upstash')).overRest(url, token)
}

/** The Redis that the environment names; null where it names none. */
export function redis(): Promise<Redis> | null {
  if (!env.redisUrl && !env.upstash) return null
  shared.jackstaffRedis ??= open().then(guarded)
  return shared.jackstaffRedis
}

export async function closeRedis(): Promise<void> {
  const held = shared.jackstaffRedis
  shared.jackstaffRedis = null
  await (await held)?.close()
}
