import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hearing } from './hearing'
import type { Handlers } from './worker'

// Unleash's server SDK as it is published, many in a process; each asks every 15 seconds, as it does by default.

type Client = {
  on(event: string, listener: () => void): void
  isEnabled(flag: string): boolean
}
type Package = { Unleash: new (options: object) => Client; InMemStorageProvider: new () => object }
type Asked = { url: string; token: string; count: number; spreadMs: number }

const require = createRequire(join(process.cwd(), 'bench/package.json'))

const clients: Client[] = []
const hearing = new Hearing()
let awaited = ''
let before: boolean | undefined

function begin({ url, token }: Asked): Promise<void> {
  const { Unleash, InMemStorageProvider } = require('unleash-client') as Package
  const index = clients.length
  const client = new Unleash({
    url: `${url}/api`,
    appName: 'bench',
    instanceId: `bench-${process.pid}-${index}`,
    customHeaders: { Authorization: token },
    storageProvider: new InMemStorageProvider(),
    disableMetrics: true,
    skipInstanceCountWarning: true,
  })
  clients.push(client)
  client.on('changed', () => {
    if (hearing.isWaiting(index) && client.isEnabled(awaited) !== before) hearing.heard(index)
  })
  client.on('error', () => {}) // it asks again
  return new Promise((resolve) => client.on('synchronized', resolve))
}

/** Starts them one after the other over a while, so that they do not all ask in the same moment. */
async function connect(asked: Asked): Promise<void> {
  const started: Promise<void>[] = []
  for (let i = 0; i < asked.count; i++) {
    started.push(begin(asked))
    await sleep(asked.spreadMs / asked.count)
  }
  await Promise.all(started)
}

export const unleashClients = {
  connect,
  /** From here on each client's next event after which this flag is answered differently is waited for. */
  expect: ({ flag }: { flag: string }) => {
    awaited = flag
    before = clients[0]!.isEnabled(flag)
    hearing.begin(clients.length)
  },
  collected: ({ withinMs }: { withinMs: number }) => hearing.collected(withinMs),
} satisfies Handlers

export type UnleashClients = typeof unleashClients
