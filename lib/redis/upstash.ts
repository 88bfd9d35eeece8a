import { Redis as Upstash } from '@upstash/redis'
import { ANSWER_MS, KEEP_NEWEST, type Redis } from './port'

/** A Redis over REST, for hosts that hold no connections: a cache, without messages. */
export function overRest(url: string, token: string): Redis {
  const upstash = new Upstash({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
    responseEncoding: false,
    retry: false,
    signal: () => AbortSignal.timeout(ANSWER_MS),
  })
  const script = upstash.createScript(KEEP_NEWEST)
  return {
    get: (key) => upstash.get<string>(key),
    async keepNewest(key, order, value) {
      return Number(await script.exec([key, `${key}:order`], [value, String(order)])) === 1
    },
    run: (script, keys, args) => upstash.createScript(script).exec(keys, args),
    async publish(channel, message) {
      await upstash.publish(channel, message)
    },
    subscribe: async () => false,
    close: async () => {},
  }
}
