import type { Clock } from '../../sync/clock'
import { messageOf } from '../../sync/endpoint'
import type { LastKnownGood } from '../../sync/last-known-good'
import { hash } from './hash'
import type { ConfigStorage } from './options'

/** When it was saved, in epoch ms, on a line of its own; then the config. */
const ENTRY = /^(\d+)\n(.*)$/s

/** Keeps the last config in the browser. The entry's name tells the keys of one origin apart without repeating them. */
export function lastKnownGoodStorage(
  { storage, maxAgeMs }: { storage: ConfigStorage; maxAgeMs: number },
  key: string,
  clock: Clock,
  warn: (message: string) => void,
): LastKnownGood {
  const name = `jackstaff:${hash(key)}`
  return {
    load() {
      try {
        const [, savedAt, config] = ENTRY.exec(storage.getItem(name) ?? '') ?? []
        return config !== undefined && clock.wall() - Number(savedAt) < maxAgeMs ? config : null
      } catch {
        return null
      }
    },
    save(config) {
      try {
        storage.setItem(name, `${clock.wall()}\n${config}`)
      } catch (error) {
        warn(`the last known good config was not saved: ${messageOf(error)}`)
      }
    },
  }
}
