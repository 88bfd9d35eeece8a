import { createClient } from '@redis/client'
import { log } from '@/lib/log'
import { inTime, KEEP_NEWEST, type Redis } from './port'

const CONNECT_MS = 2_000
const SILENCE_MS = 5_000 // whoever hears nothing for this long connects anew: the cable may be cut
const LONGEST_BACKOFF_MS = 1_000

function client(url: string) {
  const opened = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_BACKOFF_MS),
    },
  })
  let away = false
  opened.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  opened.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'Redis is away: nothing rests on it')
    away = true
  })
  // It goes on trying for ever; nobody waits for it.
  opened.connect().catch(() => {})
  return opened
}

/** A Redis over its own protocol: cache and messages. */
export function overTcp(url: string): Redis {
  const commands = client(url)
  const listeners: ReturnType<typeof client>[] = []
  const run = (script: string, keys: string[], args: string[]): Promise<unknown> =>
    inTime(commands.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args]))
  return {
    get: (key) => inTime(commands.get(key)),
    async keepNewest(key, order, value) {
      return Number(await run(KEEP_NEWEST, [key, `${key}:order`], [value, String(order)])) === 1
    },
    run,
    async publish(channel, message) {
      await inTime(commands.publish(channel, message))
    },
    async subscribe(channel, heard) {
      const listener = client(url) // one that listens may do nothing else
      listeners.push(listener)
      let listening = false // from then on it renews that itself
      listener.on('ready', async () => {
        if (!listening)
          listening = await listener.subscribe(channel, heard).then(
            () => true,
            () => false,
          )
      })
      return true
    },
    async close() {
      for (const held of [commands, ...listeners]) held.destroy()
    },
  }
}
