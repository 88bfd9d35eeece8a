import { setTimeout as sleep } from 'node:timers/promises'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { ProviderEvents } from '@openfeature/server-sdk'

const AT_ONCE = 10
const ANA = { targetingKey: 'ana' }
const INIT_MS = 60_000 // hundreds start at once

/** Server providers as they are published, many in one process, which are asked all the time. */
export class Fleet {
  readonly #providers: JackstaffProvider[] = []
  #heard: (number | undefined)[] = []
  #awaited = false
  #isOver = false
  asked = 0
  failed = 0

  static async of(count: number, url: string, key: string): Promise<Fleet> {
    const fleet = new Fleet()
    const lane = async () => {
      while (fleet.#providers.length < count) await fleet.#start(url, key)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    void fleet.#ask()
    return fleet
  }

  async #start(url: string, key: string): Promise<void> {
    const provider = new JackstaffProvider({ url, key, initTimeoutMs: INIT_MS })
    const index = this.#providers.push(provider) - 1
    provider.events.addHandler(ProviderEvents.ConfigurationChanged, () => {
      if (this.#serves(provider) === this.#awaited) this.#heard[index] ??= performance.now()
    })
    await provider.initialize()
  }

  /** An evaluation fails where it serves the default: the flag is always there, and says which variant it serves. */
  async #ask(): Promise<void> {
    while (!this.#isOver) {
      for (const provider of this.#providers) {
        const { reason, variant } = provider.evaluate('checkout', false, ANA)
        this.asked++
        if (reason === 'ERROR' || variant === undefined) this.failed++
      }
      await sleep(20)
    }
  }

  #serves(provider: JackstaffProvider): boolean {
    return provider.evaluate('checkout', false, ANA).value
  }

  /** From here on each provider's first event is waited for, after which the flag is so. */
  expect(value: boolean): void {
    this.#awaited = value
    this.#heard = this.#providers.map(() => undefined)
  }

  /** When each heard that, by `performance.now()`; null until all have. */
  heard(): number[] | null {
    const times = this.#heard.filter((at) => at !== undefined)
    return times.length === this.#providers.length ? times : null
  }

  get size(): number {
    return this.#providers.length
  }

  async close(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#providers.map((provider) => provider.onClose()))
  }
}
