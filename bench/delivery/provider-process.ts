import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { ProviderEvents } from '@openfeature/server-sdk'
import { Hearing } from './hearing'
import type { Handlers } from './worker'

// Our server providers as they are published, many in a process.

type Changed = { flagsChanged?: readonly string[] } | undefined
type Asked = { url: string; key: string; count: number }

const AT_ONCE = 10
const INIT_MS = 60_000 // the machine is busy: thousands start at once

const providers: JackstaffProvider[] = []
const hearing = new Hearing()
let awaited = ''

function heard(index: number, event: unknown): void {
  const flagsChanged = (event as Changed)?.flagsChanged
  if (flagsChanged === undefined || flagsChanged.includes(awaited)) hearing.heard(index)
}

async function start(url: string, key: string): Promise<void> {
  const index = providers.length
  const provider = new JackstaffProvider({ url, key, initTimeoutMs: INIT_MS })
  provider.events.addHandler(ProviderEvents.ConfigurationChanged, (event) => heard(index, event))
  providers.push(provider)
  await provider.initialize()
}

async function connect({ url, key, count }: Asked): Promise<void> {
  let starting = 0
  const lane = async () => {
    while (starting++ < count) await start(url, key)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

export const ourProviders = {
  connect,
  /** From here on each provider's next event that names this flag is waited for. */
  expect: ({ flag }: { flag: string }) => {
    awaited = flag
    hearing.begin(providers.length)
  },
  collected: ({ withinMs }: { withinMs: number }) => hearing.collected(withinMs),
} satisfies Handlers

export type OurProviders = typeof ourProviders
