import { AsyncLocalStorageTransactionContextPropagator, OpenFeature } from '@openfeature/server-sdk'
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JackstaffProvider } from '../../../providers/server/src'
import { JackstaffWebProvider } from '../../../providers/web/src'
import { configOf, idOf, patchOf, serving } from '../../support/configs'
import { ScriptedServer } from '../../support/scripted-server'
import { settle, VirtualClock } from '../../support/virtual-clock'

const KEY = { server: 'jks_srv_0123456789', web: 'jks_cli_0123456789' } as const
const url = 'https://flags.test'

let clock: VirtualClock
let server: ScriptedServer

beforeEach(() => {
  clock = new VirtualClock()
  server = new ScriptedServer(configOf(3, { banner: serving('hello') }))
})
afterEach(async () => {
  await OpenFeature.clearProviders()
  await WebOpenFeature.clearProviders()
  await OpenFeature.setContext({})
  await WebOpenFeature.clearContexts()
})

/** Lets time pass, a little, until it is. */
async function whenDone(work: Promise<void>) {
  let done = false
  const ended = work.finally(() => {
    done = true
  })
  while (!done) await clock.advance(1)
  await ended
}

const sdks = {
  server: {
    async start(options = {}) {
      const provider = new JackstaffProvider({ url, key: KEY.server, fetch: server.fetch, ...options }, clock)
      await whenDone(OpenFeature.setProviderAndWait(provider))
      return provider
    },
    async ask(key: string) {
      return OpenFeature.getClient().getStringValue(key, 'x')
    },
    track: (name: string, details = {}) => OpenFeature.getClient().track(name, {}, details),
    setContext: async (context: object) => void OpenFeature.setContext(context as never),
    clear: () => OpenFeature.clearProviders(),
  },
  web: {
    async start(options = {}) {
      const provider = new JackstaffWebProvider(
        { url, key: KEY.web, mode: 'full', fetch: server.fetch, ...options },
        clock,
      )
      await whenDone(WebOpenFeature.setProviderAndWait(provider))
      return provider
    },
    async ask(key: string) {
      return WebOpenFeature.getClient().getStringValue(key, 'x')
    },
    track: (name: string, details = {}) => WebOpenFeature.getClient().track(name, details),
    setContext: (context: object) => WebOpenFeature.setContext(context as never),
    clear: () => WebOpenFeature.clearProviders(),
  },
} as const

const events = () => server.told.flatMap(({ body }) => body.events as { name: string; value?: number }[])

describe.each(['server', 'web'] as const)('P20: with the %s SDK', (side) => {
  const sdk = sdks[side]

  it('track keeps the merged context, the value and the details', async () => {
    await sdk.start()
    await sdk.setContext({ targetingKey: 'user-1', plan: 'pro' })
    sdk.track('purchase', { value: 9.99, currency: 'EUR' })
    sdk.track('visit')
    await sdk.clear()
    expect(events()).toEqual([
      {
        name: 'purchase',
        targetingKey: 'user-1',
        context: { plan: 'pro' },
        value: 9.99,
        details: { currency: 'EUR' },
        at: expect.any(Number),
      },
      {
        name: 'visit',
        targetingKey: 'user-1',
        context: { plan: 'pro' },
        details: {},
        at: expect.any(Number),
      },
    ])
  })

  it('every evaluation is counted, without a hook', async () => {
    const provider = await sdk.start()
    for (const key of ['banner', 'banner', 'typo']) await sdk.ask(key)
    provider.evaluate('banner', 'x')
    provider.flag('banner', 'x').value()
    expect(provider).not.toHaveProperty('hooks')
    await clock.advance(1_000)
    expect(server.told[0]!.body).toMatchObject({
      client: expect.stringMatching(/^openfeature-(server|web)\/\d+\.\d+\.\d+$/),
      applied: server.config.id,
      counts: [
        { flag: 'banner', variant: 'shown', reason: 'STATIC', count: 4 },
        { flag: 'typo', variant: null, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', count: 1 },
      ],
    })
  })

  it('what is applied is told to a server that asks for it, each version once; a browser is not asked', async () => {
    server.ack = 200
    const told = () =>
      server.told.flatMap(({ body }) => (body.counts ? [] : [[body.applied, body.instance] as const]))
    await sdk.start()
    await clock.advance(250)
    for (const version of [4, 5]) {
      server.stream.send('patch', patchOf(version - 1, version, { banner: serving(`v${version}`, version) }))
      await clock.advance(250)
    }
    server.stream.write(':\n\n')
    await clock.advance(250)
    expect(told().map(([id]) => id)).toEqual(side === 'server' ? [3, 4, 5].map((v) => idOf(v)) : [])
    expect(new Set(told().map(([, instance]) => instance)).size).toBe(side === 'server' ? 1 : 0)
    await sdk.clear()
  })

  it('nothing is told of what is applied where telemetry is off', async () => {
    server.ack = 200
    await sdk.start({ telemetry: false })
    await clock.advance(1_000)
    expect(server.told).toEqual([])
  })

  it('the key travels as it does with every other request', async () => {
    await sdk.start()
    await sdk.ask('banner')
    await clock.advance(1_000)
    const [{ headers, query, body }] = server.told as [(typeof server.told)[0]]
    expect(headers.get('authorization')).toBe(side === 'server' ? `Bearer ${KEY.server}` : null)
    expect(query.get('key')).toBe(side === 'web' ? KEY.web : null)
    expect(JSON.stringify(body)).not.toContain('jks_')
    // A browser asks no permission first for such a request.
    if (side === 'web') expect([...headers.keys()]).toEqual([])
  })

  it('a queue that is full takes no more, and says how much it left out', async () => {
    await sdk.start()
    for (let i = 0; i < 1_010; i++) sdk.track(`event-${i}`)
    await clock.advance(2_000)
    expect(
      events()
        .slice(0, 1_000)
        .map(({ name }) => name),
    ).toEqual(Array.from({ length: 1_000 }, (_, i) => `event-${i}`))
    expect(server.told.reduce((sum, { body }) => sum + (body.dropped as number), 0)).toBe(10)
  })

  it('hostile contexts and details never make it throw, nor keep others from being sent', async () => {
    const provider = await sdk.start()
    const cyclic: Record<string, unknown> = { targetingKey: 'user-1' }
    cyclic.self = cyclic
    const throwing = {
      get plan() {
        throw new Error('mine')
      },
    }
    for (const hostile of [
      cyclic,
      throwing,
      { n: 10n },
      { text: 'x'.repeat(10_000_000) },
      null,
      7,
    ] as never[]) {
      provider.track('hostile', hostile, hostile)
      sdk.track('hostile', hostile)
    }
    sdk.track('fine')
    await sdk.clear()
    expect(events().map(({ name }) => name)).toContain('fine')
  })

  it('nothing is counted or sent where the application opted out', async () => {
    const provider = await sdk.start({ telemetry: false })
    await sdk.ask('banner')
    provider.track('purchase')
    await clock.advance(600_000)
    await sdk.clear()
    expect(server.told).toEqual([])
  })

  it('closing never hangs on a server that does', async () => {
    await sdk.start()
    server.telemetryHangs = true
    sdk.track('purchase')
    const closed = sdk.clear()
    await clock.advance(1_000)
    await closed
    await settle()
    expect(server.told).toHaveLength(1)
  })
})

describe('P20: a page that is left', () => {
  const page = new EventTarget()
  beforeAll(() => {
    Object.assign(globalThis, {
      addEventListener: page.addEventListener.bind(page),
      removeEventListener: page.removeEventListener.bind(page),
    })
  })
  afterAll(() => {
    Object.assign(globalThis, { addEventListener: undefined, removeEventListener: undefined })
  })

  it('sends what there is with its last breath, and is not listened to after closing', async () => {
    await sdks.web.start()
    sdks.web.track('purchase')
    page.dispatchEvent(new Event('pagehide'))
    expect(events()).toHaveLength(1)
    expect(server.told[0]!.keepalive).toBe(true)
    await settle()
    await sdks.web.clear()
    page.dispatchEvent(new Event('pagehide'))
    expect(server.told).toHaveLength(1)
  })
})

describe('P20: contexts of a server', () => {
  it('are merged from the API, the transaction, the client and the call', async () => {
    await sdks.server.start()
    OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator())
    await OpenFeature.setContext({ region: 'eu', level: 'api' })
    const client = OpenFeature.getClient('', { plan: 'pro', level: 'client' } as never)
    OpenFeature.setTransactionContext({ targetingKey: 'user-1', level: 'transaction' }, () => {
      client.track('purchase', { level: 'call' }, { value: 0 })
    })
    await sdks.server.clear()
    expect(events()[0]).toMatchObject({
      targetingKey: 'user-1',
      context: { region: 'eu', level: 'call' },
      value: 0,
    })
  })
})
