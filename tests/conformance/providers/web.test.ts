import { type Client, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/web-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { residualOf } from '../../../lib/evaluation'
import { type Clock, systemClock } from '../../../providers/sync/clock'
import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '../../../providers/web/src'
import { aFlag, parsed } from '../../support/build-config'
import { configOf, serving } from '../../support/configs'
import { memoryStorage } from '../../support/memory-storage'
import { listen } from '../../support/openfeature'
import { freePort, until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer, SERVER_KEY } from '../../support/protocol-server'

const german = aFlag({
  rules: [
    { id: 'r-de', when: { attribute: 'country', op: 'is_one_of', values: ['DE'] }, serve: { variant: 'on' } },
  ],
  fallthrough: { variant: 'off' },
})

let domain = ''
let client: Client
let server: ProtocolServer
let tests = 0

const silence = () => {}
OpenFeature.setLogger({ error: silence, warn: silence, info: silence, debug: silence })

beforeEach(async () => {
  domain = `web-${++tests}`
  client = OpenFeature.getClient(domain)
  server = new ProtocolServer(configOf(1, { banner: serving('hello'), german }), await freePort())
  await server.start()
})
afterEach(async () => {
  await OpenFeature.clearProviders()
  await server.stop()
})

const make = (options: Partial<JackstaffWebProviderOptions> = {}, clock?: Clock) =>
  new JackstaffWebProvider({ url: server.url, key: CLIENT_KEY, mode: 'full', ...options }, clock)
const banner = () => client.getStringDetails('banner', 'the default')

async function set(options: Partial<JackstaffWebProviderOptions> = {}, clock?: Clock) {
  const provider = make(options, clock)
  const heard = listen(client)
  const initialized = OpenFeature.setProviderAndWait(domain, provider).then(
    () => null,
    (error: Error & { code: string }) => error,
  )
  const names = () => heard.map(({ event }) => event)
  return { provider, heard, names, error: await initialized }
}

describe('P7 (2.2.7), P11 (2.4.2.1): keys', () => {
  it('the client key is part of the URL, and no header asks for a preflight', async () => {
    await set()
    const [{ path, headers }] = server.requests as [(typeof server.requests)[number]]
    const query = new URL(path, server.url).searchParams
    expect(query.get('key')).toBe(CLIENT_KEY)
    expect(query.get('client')).toMatch(/^openfeature-web\/\d+\.\d+\.\d+$/)
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('jackstaff-client')
  })

  it('a server key is refused before it can leak', async () => {
    const { error } = await set({ key: SERVER_KEY })
    expect(error).toMatchObject({ code: 'PROVIDER_FATAL', message: expect.stringContaining('secret') })
    expect(server.requests).toEqual([])
    expect(make({ key: SERVER_KEY }).resolveBooleanEvaluation('x', true, {}).errorCode).toBe(
      'PROVIDER_NOT_READY',
    )
  })
})

describe('P17 (5.3.4): a change of context', () => {
  it('is synchronous, needs no network, and is no RECONCILING', async () => {
    const { names } = await set()
    const asked = server.requests.length
    const changed = OpenFeature.setContext(domain, { country: 'DE' })
    expect(client.getBooleanValue('german', false)).toBe(true)
    await changed
    expect(client.getBooleanDetails('german', false)).toMatchObject({ reason: 'TARGETING_MATCH' })
    expect(names()).toEqual(['READY', 'CONTEXT_CHANGED'])
    expect(server.requests).toHaveLength(asked)
  })

  it('before there is a config is not READY: it waits for the init', async () => {
    await server.stop()
    const settled = set({ initTimeoutMs: 300 })
    const statuses = [client.providerStatus]
    client.addHandler(ProviderEvents.Ready, () => void statuses.push(ProviderStatus.READY))
    await OpenFeature.setContext(domain, { country: 'DE' })
    const { error } = await settled
    expect(error).toMatchObject({ code: 'PROVIDER_NOT_READY' })
    expect(statuses).toEqual([ProviderStatus.NOT_READY])
    expect(client.providerStatus).toBe(ProviderStatus.ERROR)
  })

  it('during a good init is followed by READY and the new context', async () => {
    const settled = set()
    await OpenFeature.setContext(domain, { country: 'DE' })
    const { error } = await settled
    expect(error).toBeNull()
    expect(client.providerStatus).toBe(ProviderStatus.READY)
    expect(client.getBooleanValue('german', false)).toBe(true)
  })

  it('after an init that failed rejects and never throws, so that later changes are heard', async () => {
    await server.stop()
    const { heard, names } = await set({ initTimeoutMs: 200 })
    await OpenFeature.setContext(domain, { country: 'DE' })
    expect(client.providerStatus).toBe(ProviderStatus.ERROR)
    await server.start()
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY, 10_000)
    heard.splice(0)
    await OpenFeature.setContext(domain, { country: 'FR' })
    expect(names()).toEqual(['CONTEXT_CHANGED'])
  })

  it('while the key is refused leaves the provider FATAL', async () => {
    server.refuseWith = 401
    await set()
    await OpenFeature.setContext(domain, { country: 'DE' })
    await until('the provider to be fatal again', () => client.providerStatus === ProviderStatus.FATAL)
  })

  it('while the server is away leaves the provider STALE, with the new context in force', async () => {
    const { names } = await set()
    await server.stop()
    await until('the provider to be stale', () => client.providerStatus === ProviderStatus.STALE)
    await OpenFeature.setContext(domain, { country: 'DE' })
    await until('the provider to be stale again', () => client.providerStatus === ProviderStatus.STALE)
    expect(client.getBooleanValue('german', false)).toBe(true)
    expect(names()).toEqual(['READY', 'STALE', 'CONTEXT_CHANGED', 'STALE'])
  })
})

describe('P14 (5.1.1): a publish', () => {
  it('is one event, after which the new value is served', async () => {
    const { heard } = await set()
    server.publish({ banner: serving('two', 2) })
    await until('the change to be heard', () => heard.length === 2)
    expect(heard).toEqual([{ event: 'READY' }, { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] }])
    expect(banner().value).toBe('two')
  })
})

describe('P18 (2.5.1): closing', () => {
  it('ends the stream', async () => {
    await set()
    expect(server.streams).toBe(1)
    await OpenFeature.clearProviders()
    await until('the stream to be closed', () => server.streams === 0)
  })
})

describe('P21: starting without the server', () => {
  it('a bootstrap answers in the very same turn, CACHED until the server confirms it', async () => {
    const page = parsed({ flags: { banner: serving('from the page') } })
    const source = { config: page, flags: ['banner'], attributes: {} }
    const bootstrap = residualOf(source, {}, Date.now())
    void OpenFeature.setProviderAndWait(domain, make({ mode: 'residual', bootstrap }))
    await Promise.resolve()
    await Promise.resolve()
    expect(client.providerStatus).toBe(ProviderStatus.READY)
    expect(banner()).toMatchObject({ value: 'from the page', reason: 'CACHED' })
    await until('the server to be asked', () => banner().reason === 'STATIC')
    expect(banner().value).toBe('hello')
  })

  it('storage serves what was last known, under a name that does not repeat the key', async () => {
    const kept = memoryStorage()
    await set({ lastKnownGood: { storage: kept } })
    await OpenFeature.clearProviders()
    expect([...kept.entries.keys()].join()).not.toContain(CLIENT_KEY)
    await server.stop()
    const { error } = await set({ lastKnownGood: { storage: kept } })
    expect(error).toBeNull()
    expect(banner()).toMatchObject({ value: 'hello', reason: 'CACHED' })
  })

  it('storage forgets what is too old, and what belongs to another key', async () => {
    const kept = memoryStorage()
    await set({ lastKnownGood: { storage: kept } })
    await OpenFeature.clearProviders()
    await server.stop()
    const inAWeek = { ...systemClock, wall: () => Date.now() + 604_800_000 }
    const tooOld = await set({ lastKnownGood: { storage: kept }, initTimeoutMs: 100 }, inAWeek)
    expect(tooOld.error).toMatchObject({ code: 'PROVIDER_NOT_READY' })
    await OpenFeature.clearProviders()
    const other = await set({ lastKnownGood: { storage: kept }, key: 'jks_cli_another', initTimeoutMs: 100 })
    expect(other.error).toMatchObject({ code: 'PROVIDER_NOT_READY' })
  })

  it('storage that is full, or garbage, is lived with', async () => {
    const warnings: string[] = []
    const full = {
      getItem: () => '{"savedAt":1e300,"config":7}',
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    }
    const logger = { warn: (message: string) => void warnings.push(message) }
    const { error } = await set({ lastKnownGood: { storage: full }, logger })
    expect(error).toBeNull()
    await OpenFeature.clearProviders()
    expect(warnings).toEqual(['Jackstaff: the last known good config was not saved: QuotaExceededError'])
  })
})
