import { murmur3 } from '../../../lib/evaluation'
import type { Clock } from '../../sync/clock'
import { messageOf } from '../../sync/endpoint'
import type { LastKnownGood } from '../../sync/last-known-good'
import { parseJson } from '../../sync/messages'
import type { ConfigStorage } from './options'

/** Keeps the last config in the browser. The entry's name tells the keys of one origin apart without repeating them. */
export function lastKnownGoodStorage(
  { storage, maxAgeMs }: { storage: ConfigStorage; maxAgeMs: number },
  key: string,
  clock: Clock,
  warn: (message: string) => void,
): LastKnownGood {
  const name = `jackstaff:${murmur3(new TextEncoder().encode(key)).toString(16)}`
  return {
    load() {
      try {
        const saved = parseJson(storage.getItem(name) ?? '') as
          | { savedAt?: number; config?: unknown }
          | undefined
        const ageMs = clock.wall() - (saved?.savedAt ?? Number.NEGATIVE_INFINITY)
        return ageMs < maxAgeMs ? saved?.config : null
      } catch {
        return null
      }
    },
    save(config) {
      try {
        storage.setItem(name, JSON.stringify({ savedAt: clock.wall(), config }))
      } catch (error) {
        warn(`the last known good config was not saved: ${messageOf(error)}`)
      }
    },
  }
}
