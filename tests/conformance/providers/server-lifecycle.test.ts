import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JackstaffProvider, type JackstaffProviderOptions } from '../../../providers/server/src'
import type { Clock } from '../../../providers/sync/clock'
import { aFlag } from '../../support/build-config'
import { configOf, serving } from '../../support/configs'
import { fastClock } from '../../support/fast-clock'
import { listen } from '../../support/openfeature'
import { freePort, until } from '../../support/process'
import { ProtocolServer, SERVER_KEY } from '../../support/protocol-server'

let domain = ''
let client: Client
let server: ProtocolServer
let tests = 0

beforeEach(async () => {
  domain = `lifecycle-${++tests}`
  client = OpenFeature.getClient(domain)
  server = new ProtocolServer(configOf(1, { banner: serving('hello') }), await freePort())
  await server.start()
})
afterEach(async () => {
  await OpenFeature.clearProviders()
  await server.stop()
})

const make = (options: Partial<JackstaffProviderOptions> = {}, clock?: Clock) =>
  new JackstaffProvider({ url: server.url, key: SERVER_KEY, ...options }, clock)
const banner = () => client.getStringDetails('banner', 'the default')

/** Binds a provider and records what a client hears from the start. */
async function set(options: Partial<JackstaffProviderOptions> = {}, clock?: Clock) {
  const provider = make(options, clock)
  const heard = listen(client)
  const initialized = OpenFeature.setProviderAndWait(domain, provider).then(
    () => null,
    (error: Error & { code: string }) => error,
  )
  const names = () => heard.map(({ event }) => event)
  return { provider, heard, names, error: await initialized }
}

describe('P11 (2.4.2.1): initialising', () => {
  it('rejects within its time while the server is down, and is ready when it is back', async () => {
    await server.stop()
    const { error, heard, names } = await set({ initTimeoutMs: 300 })
    expect(error).toMatchObject({ code: 'PROVIDER_NOT_READY', message: expect.stringContaining('300 ms') })
    expect(names()).toEqual(['ERROR'])
    expect(await banner()).toMatchObject({ value: 'the default', errorCode: 'PROVIDER_NOT_READY' })
    await server.start()
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY, 10_000)
    expect(heard.slice(1)).toEqual([{ event: 'READY' }])
    expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
  })

  it.each([401, 403])('is fatal on %i, and recovers when the key is accepted', async (status) => {
    server.refuseWith = status
    const { error, names } = await set({}, fastClock(60))
    expect(error).toMatchObject({ code: 'PROVIDER_FATAL' })
    expect(client.providerStatus).toBe(ProviderStatus.FATAL)
    expect(await banner()).toMatchObject({ value: 'the default', errorCode: 'PROVIDER_FATAL' })
    server.refuseWith = null
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    expect(names()).toEqual(['ERROR', 'READY'])
    expect((await banner()).value).toBe('hello')
  })

  it('sends the key in a header and in no URL, and says which SDK it is', async () => {
    await set()
    expect(server.requests.map(({ path }) => path)).toEqual(['/config/stream'])
    expect(server.requests[0]!.headers).toMatchObject({
      authorization: `Bearer ${SERVER_KEY}`,
      'jackstaff-client': expect.stringMatching(/^openfeature-server\/\d+\.\d+\.\d+$/),
    })
  })
})

describe('P14 (5.1.1): a publish', () => {
  const segment = { by: 'targetingKey', included: ['user-1'], excluded: [], any: [] }
  const inSegment = aFlag({
    rules: [{ id: 'r', when: { segment: 'staff' }, serve: { variant: 'off' } }],
  })
  const dependant = aFlag({ prerequisites: [{ flag: 'in-segment', variants: ['off'] }] })

  beforeEach(() => {
    const flags = { ...server.config.flags, 'in-segment': inSegment, dependant }
    server.config = { ...server.config, flags, segments: { staff: segment } }
  })

  it('is one event with exactly the flags it changes', async () => {
    const { heard } = await set()
    server.publish({ banner: serving('two', 2) })
    await until('the event to be there', () => heard.length === 2)
    server.publish({}, { segments: { staff: { ...segment, included: [] } } })
    await until('the event to be there', () => heard.length === 3)
    server.publish({ banner: null })
    await until('the event to be there', () => heard.length === 4)
    server.publish({}, { killed: ['in-segment'] })
    await until('the event to be there', () => heard.length === 5)
    expect(heard.slice(1)).toEqual([
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] },
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['dependant', 'in-segment'] },
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] },
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['dependant', 'in-segment'] },
    ])
  })

  it('has taken effect when the event is heard', async () => {
    await set()
    const seen = new Promise((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, async () => resolve((await banner()).value))
    })
    server.publish({ banner: serving('two', 2) })
    expect(await seen).toBe('two')
  })
})

describe('P13 (5.1.4), P15 (2.8.1): losing the server', () => {
  it('and finding it changed is READY first, and then the change', async () => {
    const { heard } = await set({}, fastClock(20))
    await server.stop()
    await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
    server.publish({ banner: serving('two', 2) })
    await server.start()
    await until('everything to be heard', () => heard.length === 4)
    expect(heard.slice(2)).toEqual([
      { event: 'READY' },
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] },
    ])
    expect((await banner()).value).toBe('two')
  })

  it('from the start, and again in mid-stream: ERROR, READY, STALE, READY', async () => {
    await server.stop()
    const { names } = await set({ initTimeoutMs: 2_000 }, fastClock(20))
    await server.start()
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    server.cut()
    await until('the provider to be stale', () => names().includes('STALE'))
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    expect(names()).toEqual(['ERROR', 'READY', 'STALE', 'READY'])
  })

  it('is not made worse by a logger that throws', async () => {
    const logger = {
      warn: () => {
        throw new Error('disk full')
      },
    }
    await set({ logger })
    server.cut()
    await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
  })

  it('a key refused later is an ERROR, and the last values stay', async () => {
    const { names, heard } = await set({}, fastClock(60))
    server.refuseWith = 401
    server.cut()
    await until('the provider to be in error', () => client.providerStatus === ProviderStatus.ERROR)
    expect((await banner()).value).toBe('hello')
    expect(heard.at(-1)).toMatchObject({ message: 'the server refused the key (HTTP 401)' })
    server.refuseWith = null
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    expect(names()).toEqual(['READY', 'STALE', 'ERROR', 'READY'])
  })
})

describe('P16: without a stream', () => {
  it('a kill arrives by polling, and a stream that comes back is taken', async () => {
    server.streamStatus = 503
    const { names } = await set({}, fastClock(40))
    await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
    server.publish({}, { killed: ['banner'] })
    await until('the kill to be there', async () => (await banner()).reason === 'DISABLED')
    server.streamStatus = null
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    expect(names()).toEqual(['READY', 'STALE', 'CONFIGURATION_CHANGED', 'READY'])
    expect(server.streams).toBe(1)
  })
})

describe('P18 (2.5.1): closing', () => {
  it('ends every socket, may be repeated, and init works again', async () => {
    const { provider } = await set()
    expect(server.streams).toBe(1)
    await OpenFeature.clearProviders()
    await provider.onClose()
    await until('the stream to be closed', () => server.streams === 0)
    await OpenFeature.setProviderAndWait(domain, provider)
    expect((await banner()).value).toBe('hello')
    expect(server.streams).toBe(1)
  })
})

describe('P19 (2.4.3): one provider', () => {
  it('serves two domains over one stream', async () => {
    const { provider } = await set()
    await OpenFeature.setProviderAndWait('another', provider)
    const another = OpenFeature.getClient('another')
    const heard = listen(another)
    expect(await another.getStringValue('banner', 'x')).toBe('hello')
    server.publish({ banner: serving('two', 2) })
    await until('the other domain to hear it', () => heard.at(-1)?.event === 'CONFIGURATION_CHANGED')
    expect(server.streams).toBe(1)
  })
})

describe('P21: starting without the server', () => {
  describe('from a file', () => {
    let folder: string
    let file: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'jackstaff-'))
      file = join(folder, 'config')
    })
    afterEach(() => rmSync(folder, { recursive: true }))

    async function runOnce(options: Partial<JackstaffProviderOptions> = {}) {
      await set({ lastKnownGood: file, ...options })
      await OpenFeature.clearProviders()
      await until('the file to be written', () => existsSync(file))
    }

    it('serves what was last known, CACHED, and is readable by its owner alone', async () => {
      await runOnce()
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(readdirSync(folder)).toEqual(['config'])
      await server.stop()
      const { error, names } = await set({ lastKnownGood: file })
      expect(error).toBeNull()
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'CACHED' })
      await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
      expect(names()).toEqual(['READY', 'STALE'])
    })

    it.each([
      ['cut short', (text: string) => text.slice(0, -20)],
      ['tampered with', (text: string) => text.replace('hello', 'hallo')],
      ['empty', () => ''],
    ])('ignores a file that is %s', async (_, change) => {
      await runOnce()
      writeFileSync(file, change(readFileSync(file, 'utf8')))
      await server.stop()
      const { error } = await set({ lastKnownGood: file, initTimeoutMs: 200 })
      expect(error).toMatchObject({ code: 'PROVIDER_NOT_READY' })
    })

    it('ignores a file of another key, so that a wrong key does not go unnoticed', async () => {
      await runOnce()
      await server.stop()
      const { error } = await set({ lastKnownGood: file, key: 'jks_srv_another', initTimeoutMs: 200 })
      expect(error).toMatchObject({ code: 'PROVIDER_NOT_READY' })
    })

    it('goes on where the file cannot be written, and says so', async () => {
      const warnings: string[] = []
      const logger = { warn: (message: string) => void warnings.push(message) }
      await set({ lastKnownGood: join(folder, 'no', 'such', 'folder'), logger })
      await OpenFeature.clearProviders()
      await until('there to be a warning', () =>
        warnings.some((warning) => warning.includes('was not saved')),
      )
    })
  })
})
