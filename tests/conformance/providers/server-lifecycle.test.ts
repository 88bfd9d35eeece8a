import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JackstaffProvider, type JackstaffProviderOptions } from '../../../providers/server/src'
import type { Clock } from '../../../providers/sync/clock'
import { aFlag } from '../../support/build-config'
import { configOf, serving } from '../../support/configs'
import { fastClock } from '../../support/fast-clock'
import { listen } from '../../support/openfeature'
import { until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer, SERVER_KEY } from '../../support/protocol-server'

let domain = ''
let client: Client
let server: ProtocolServer
let tests = 0

beforeEach(async () => {
  domain = `lifecycle-${++tests}`
  client = OpenFeature.getClient(domain)
  server = new ProtocolServer(configOf(1, { banner: serving('hello') }), 7220)
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

describe('P7: without a config', () => {
  it('before init and after close, the provider itself answers PROVIDER_NOT_READY', async () => {
    const provider = make()
    const asked = () => provider.resolveStringEvaluation('banner', 'the default', {})
    expect(await asked()).toMatchObject({ value: 'the default', errorCode: 'PROVIDER_NOT_READY' })
    await provider.initialize()
    expect(await asked()).toMatchObject({ value: 'hello' })
    await provider.onClose()
    expect(await asked()).toMatchObject({ value: 'the default', errorCode: 'PROVIDER_NOT_READY' })
  })

  it('with a refused key, the provider itself answers PROVIDER_FATAL', async () => {
    const provider = make({ key: 'jks_srv_unknown' })
    await expect(provider.initialize()).rejects.toMatchObject({ code: 'PROVIDER_FATAL' })
    expect(await provider.resolveBooleanEvaluation('banner', true, {})).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PROVIDER_FATAL',
      errorMessage: 'the server refused the key (HTTP 401)',
    })
    await provider.onClose()
  })
})

describe('P11: initialising', () => {
  it('resolves with a usable config', async () => {
    const { error } = await set()
    expect(error).toBeNull()
    expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
  })

  it('rejects within its time while the server is down, and is ready when it is back', async () => {
    await server.stop()
    const startedAt = performance.now()
    const { error, heard, names } = await set({ initTimeoutMs: 300 })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
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

  it.each([
    ['a client key', { key: CLIENT_KEY }, 'use a server key'],
    ['no key', { key: undefined as unknown as string }, '"key" is missing'],
    ['a relative URL', { url: '/flags' }, 'not an absolute URL: "/flags"'],
  ])('with %s is fatal, says why, and asks nobody', async (_, options, message) => {
    const { error } = await set(options)
    expect(error).toMatchObject({ code: 'PROVIDER_FATAL', message: expect.stringContaining(message) })
    expect(server.requests).toEqual([])
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

describe('P12: READY', () => {
  it('comes exactly once for each init', async () => {
    const { names } = await set()
    await sleep(150)
    expect(names()).toEqual(['READY'])
  })
})

describe('P14: a publish', () => {
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

  it('takes effect within milliseconds', async () => {
    await set()
    const publishedAt = performance.now()
    server.publish({ banner: serving('two', 2) })
    await until('the value to be there', async () => (await banner()).value === 'two')
    expect(performance.now() - publishedAt).toBeLessThan(250)
  })

  it('among fifty others is one event, and a heartbeat is none', async () => {
    const { heard } = await set()
    for (let i = 0; i < 50; i++) server.publish({ [`flag-${i % 2}`]: serving(`${i}`, i) })
    server.write(':\n\n')
    await sleep(200)
    expect(heard.slice(1)).toEqual([{ event: 'CONFIGURATION_CHANGED', flagsChanged: ['flag-0', 'flag-1'] }])
  })
})

describe('P13 and P15: losing the server', () => {
  it('is STALE once, ERROR once, then READY, with the last values served throughout', async () => {
    const { heard, names } = await set({ errorAfterMs: 20_000 }, fastClock(20))
    await server.stop()
    await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
    expect((await banner()).value).toBe('hello')
    await until('the provider to be in error', () => client.providerStatus === ProviderStatus.ERROR)
    expect((await banner()).value).toBe('hello')
    await sleep(500)
    expect(names()).toEqual(['READY', 'STALE', 'ERROR'])
    expect(heard[2]).toMatchObject({
      errorCode: 'GENERAL',
      message: expect.stringMatching(/ECONNREFUSED|fetch/),
    })

    await server.start()
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    await sleep(100)
    expect(names()).toEqual(['READY', 'STALE', 'ERROR', 'READY'])
  })

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

  it('that was cut fifty times, exactly one socket is open', async () => {
    await set({}, fastClock(100))
    for (let i = 0; i < 50; i++) {
      server.cut()
      await until('the stream to be back', () => server.streams === 1)
    }
    await sleep(50)
    expect(server.streams).toBe(1)
  })
})

describe('P18: closing', () => {
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

  it('ends an init in flight', async () => {
    await server.stop()
    const provider = make()
    const initialized = provider.initialize()
    await provider.onClose()
    await expect(initialized).rejects.toMatchObject({ code: 'PROVIDER_NOT_READY' })
  })
})

describe('P19: one provider', () => {
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
  const page = configOf(1, { banner: serving('from the page') })

  it.each([
    ['an object', page],
    ['JSON', JSON.stringify(page)],
  ])('works from a bootstrap that is %s, CACHED until the server confirms it', async (_, bootstrap) => {
    await server.stop()
    const { error } = await set({ bootstrap }, fastClock(20))
    expect(error).toBeNull()
    expect(await banner()).toMatchObject({ value: 'from the page', reason: 'CACHED', variant: 'shown' })
    await server.start()
    await until('the server to be asked', async () => (await banner()).reason === 'STATIC')
    expect((await banner()).value).toBe('hello')
  })

  it.each([
    ['garbage', 'no config at all'],
    ['another thing', { flags: {} } as never],
  ])('ignores a bootstrap that is %s', async (_, bootstrap) => {
    await set({ bootstrap })
    expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
  })

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
