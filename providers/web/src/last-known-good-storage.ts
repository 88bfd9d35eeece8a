import type { Clock } from '../../sync/clock'
import { messageOf } from '../../sync/endpoint'
import type { LastKnownGood } from '../../sync/last-known-good'
import { hash } from './hash'
import type { ConfigStorage } from './options'

/** When it was saved, in epoch ms, on a line of its own; then the config. */
const ENTRY = /^(\d+)\n(.*)$/s

/**
 * Keeps the last config in the browser. `owner`: whose it is, by key and domain; the entry's name tells owners apart without
 * repeating them.
 */
export function lastKnownGoodStorage(
  { storage, maxAgeMs }: { storage: ConfigStorage; maxAgeMs: number },
  owner: () => string,
  clock: Clock,
  warn: (message: string) => void,
): LastKnownGood {
  const name = () => `jackstaff:${hash(owner())}`
  return {
    load() {
      try {
        const [, savedAt, config] = ENTRY.exec(storage.getItem(name()) ?? '') ?? []
        return config !== undefined && clock.wall() - Number(savedAt) < maxAgeMs ? config : null
      } catch {
        return null
      }
    },
    save(config) {
      try {
        storage.setItem(name(), `${clock.wall()}\n${config}`)
      } catch (error) {
        warn(`the last known good config was not saved: ${messageOf(error)}`)
      }
    },
  }
}
