import { type Client, type EvaluationContext, OpenFeature, ProviderStatus } from '@openfeature/web-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../providers/sync/clock'
import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '../../../providers/web/src'
import { loadLive } from '../../../providers/web/src/load'
import { aFlag } from '../../support/build-config'
import { configOf, serving } from '../../support/configs'
import { fastClock } from '../../support/fast-clock'
import { memoryStorage } from '../../support/memory-storage'
import { listen } from '../../support/openfeature'
import { until } from '../../support/process'
import { CLIENT_KEY, ProtocolServer } from '../../support/protocol-server'

const rule = (attribute: string, ...values: string[]) => ({
  id: `by-${attribute}`,
  when: { attribute, op: 'is_one_of' as const, values },
  serve: { variant: 'on' },
})
const german = aFlag({ rules: [rule('country', 'DE')], fallthrough: { variant: 'off' } })
const staff = aFlag({ rules: [rule('company', 'acme')], fallthrough: { variant: 'off' } })
const recent = aFlag({
  rules: [{ ...rule('version'), when: { attribute: 'version', op: 'semver_gte', values: ['2.0.0'] } }],
  fallthrough: { variant: 'off' },
})

await loadLive() // a clock that runs fast does not wait for files

let domain = ''
let client: Client
let server: ProtocolServer
let tests = 0

beforeEach(async () => {
  domain = `residual-${++tests}`
  client = OpenFeature.getClient(domain)
  server = new ProtocolServer(configOf(1, { banner: serving('hello'), german, staff }), 7260)
  server.attributes = { country: 'public', version: 'public' }
  await server.start()
})
afterEach(async () => {
  await OpenFeature.clearProviders()
  await server.stop()
})

async function set(
  context: EvaluationContext,
  options: Partial<JackstaffWebProviderOptions> = {},
  clock?: Clock,
) {
  const provider = new JackstaffWebProvider({ url: server.url, key: CLIENT_KEY, ...options }, clock)
  const heard = listen(client)
  const initialized = OpenFeature.setProviderAndWait(domain, provider, context)
  const names = () => heard.map(({ event }) => event)
  await initialized
  return { provider, heard, names }
}

const residuals = () => server.requests.filter(({ path }) => path.startsWith('/config/residual')).length
const german_ = () => client.getBooleanValue('german', false)
const staff_ = () => client.getBooleanValue('staff', false)

describe('P17 (5.3.4): a change of public attributes alone', () => {
  it('is decided in the page: synchronously, without a request, and without RECONCILING', async () => {
    const { names } = await set({ targetingKey: 'u', country: 'FR' })
    expect([german_(), residuals()]).toEqual([false, 1])
    for (let i = 0; i < 100; i++) {
      const changed = OpenFeature.setContext(domain, { targetingKey: 'u', country: i % 2 ? 'FR' : 'DE' })
      expect(german_()).toBe(i % 2 === 0)
      await changed
    }
    await until('the stream to be open', () => server.streams === 1)
    expect(residuals()).toBe(1)
    expect(names()).not.toContain('RECONCILING')
    expect(names().filter((event) => event === 'CONTEXT_CHANGED')).toHaveLength(100)
  })
})

describe('P17 (5.3.4): a change of a private attribute', () => {
  it('is RECONCILING with the old values until the server has answered, and says so once', async () => {
    const { names } = await set({ targetingKey: 'u', country: 'DE' })
    let release = () => {}
    server.residualsWaitFor = new Promise<void>((resolve) => {
      release = resolve
    })
    const changed = OpenFeature.setContext(domain, { targetingKey: 'u', country: 'FR', company: 'acme' })
    await until('the provider to be reconciling', () => client.providerStatus === ProviderStatus.RECONCILING)
    expect([german_(), staff_()]).toEqual([true, false])
    release()
    await changed
    expect([german_(), staff_(), client.providerStatus]).toEqual([false, true, ProviderStatus.READY])
    expect(names().filter((event) => event !== 'READY')).toEqual(['RECONCILING', 'CONTEXT_CHANGED'])
  })

  it('answers for the last one where several come at once', async () => {
    await set({ targetingKey: 'u' })
    const companies = ['one', 'two', 'acme', 'three', 'acme']
    await Promise.all(companies.map((company) => OpenFeature.setContext(domain, { company })))
    expect(staff_()).toBe(true)
    await Promise.all(['acme', 'last'].map((company) => OpenFeature.setContext(domain, { company })))
    expect(staff_()).toBe(false)
  })

  it('rejects while the server is away: ERROR with the old values, and READY when it is back', async () => {
    const { names } = await set({ targetingKey: 'u', country: 'DE' }, {}, fastClock(60))
    await until('the stream to be open', () => server.streams === 1)
    await server.stop()
    await OpenFeature.setContext(domain, { targetingKey: 'u', country: 'FR', company: 'acme' })
    expect([german_(), staff_(), client.providerStatus]).toEqual([true, false, ProviderStatus.ERROR])
    await server.start()
    await until('the provider to be ready', () => client.providerStatus === ProviderStatus.READY)
    expect([german_(), staff_()]).toEqual([false, true])
    await until('the change to be told', () => names().includes('CONFIGURATION_CHANGED'))
  })
})

describe('P14 (5.1.1): a publish', () => {
  it('is heard of once, with the flags whose answers changed', async () => {
    const { heard } = await set({ targetingKey: 'u' })
    await until('the stream to be open', () => server.streams === 1)
    server.publish({ banner: serving('good bye', 2) })
    await until('the change', () => client.getStringValue('banner', '') === 'good bye')
    await until('the event', () => heard.some(({ event }) => event === 'CONFIGURATION_CHANGED'))
    expect(heard.filter(({ event }) => event === 'CONFIGURATION_CHANGED')).toEqual([
      { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] },
    ])
  })

  it('that kills applies before the new residual is here, and is heard of once', async () => {
    const { heard } = await set({ targetingKey: 'u' })
    await until('the stream to be open', () => server.streams === 1)
    let release = () => {}
    server.residualsWaitFor = new Promise<void>((resolve) => {
      release = resolve
    })
    server.publish({}, { killed: ['banner'] })
    await until('the kill', () => client.getStringDetails('banner', '').reason === 'DISABLED')
    expect(client.getStringDetails('banner', '').flagMetadata).toMatchObject({ killed: true })
    release()
    await until('the residual', () => residuals() === 2)
    await until('the event', () => heard.some(({ event }) => event === 'CONFIGURATION_CHANGED'))
    server.publish({ other: serving('x', 3) }, { killed: [] })
    await until('the kill to be lifted', () => client.getStringValue('banner', '') === 'hello')
    await until('the second event', () => heard.filter(({ flagsChanged }) => flagsChanged).length === 2)
    expect(heard.flatMap(({ flagsChanged }) => (flagsChanged ? [flagsChanged] : []))).toEqual([
      ['banner'],
      ['banner', 'other'],
    ])
  })
})

describe('P21: what a page may start from', () => {
  it('is kept for the person it was made for, and serves nobody else', async () => {
    const kept = memoryStorage()
    await set({ targetingKey: 'u', company: 'acme' }, { lastKnownGood: { storage: kept } })
    await OpenFeature.clearProviders()
    const [name, text] = [...kept.entries][0]!
    expect(`${name}${text}`).not.toMatch(/acme|"u"/)
    await server.stop()
    const options = { lastKnownGood: { storage: kept }, initTimeoutMs: 500 }
    await set({ targetingKey: 'u', company: 'acme', country: 'DE' }, options)
    expect(client.getBooleanDetails('staff', false)).toMatchObject({ value: true, reason: 'CACHED' })
    expect(german_()).toBe(true)
    await OpenFeature.clearProviders()
    await expect(set({ targetingKey: 'other' }, options)).rejects.toThrow(/no config within/)
    expect(staff_()).toBe(false)
  })
})

it('P19 (2.4.3, 2.4.4): is for one domain, and keeps what it knows for each', async () => {
  const storage = memoryStorage()
  const { provider } = await set({ targetingKey: 'u' }, { lastKnownGood: { storage } })
  expect(provider.domainScoped).toBe(true)
  await expect(OpenFeature.setProviderAndWait(`${domain}-more`, provider)).rejects.toThrow()
  const another = new JackstaffWebProvider({ url: server.url, key: CLIENT_KEY, lastKnownGood: { storage } })
  await OpenFeature.setProviderAndWait(`${domain}-other`, another, { targetingKey: 'v' })
  await OpenFeature.clearProviders()
  expect(storage.entries.size).toBe(2)
})

it('loads the operators that it does not bring along before it is ready', async () => {
  server.config = configOf(1, { recent })
  await set({ targetingKey: 'u', version: '2.1.0' })
  expect(client.getBooleanValue('recent', false)).toBe(true)
  await OpenFeature.setContext(domain, { targetingKey: 'u', version: '1.9.9' })
  expect([client.getBooleanValue('recent', true), residuals()]).toEqual([false, 1])
})

it('sends a context with hostile attributes without them, and never throws', async () => {
  const cycle: Record<string, unknown> = { company: 'acme', big: 10n }
  cycle.self = cycle
  Object.defineProperty(cycle, 'trap', {
    enumerable: true,
    get() {
      throw new Error('trap')
    },
  })
  const provider = new JackstaffWebProvider({ url: server.url, key: CLIENT_KEY })
  await provider.initialize(cycle as EvaluationContext)
  expect(provider.evaluate('staff', false, cycle as EvaluationContext).value).toBe(true)
  await provider.onClose()
})
