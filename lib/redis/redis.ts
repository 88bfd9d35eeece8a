import { env } from '@/lib/env'
import type { Redis } from './port'

// Next bundles this module apart from the entry: one process, one connection.
const shared = globalThis as { jackstaffRedis?: Promise<Redis> | null }

async function open(): Promise<Redis> {
  if (env.redisUrl) return (await import('./tcp')).overTcp(env.redisUrl)
  const { url, token } = env.upstash!
  return (await import('./upstash')).overRest(url, token)
}

/** The Redis that the environment names; null where it names none. */
export function redis(): Promise<Redis> | null {
  if (!env.redisUrl && !env.upstash) return null
  shared.jackstaffRedis ??= open()
  return shared.jackstaffRedis
}

export async function closeRedis(): Promise<void> {
  const held = shared.jackstaffRedis
  shared.jackstaffRedis = null
  await (await held)?.close()
}
