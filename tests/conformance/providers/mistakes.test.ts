import { OpenFeature as WebApi } from '@openfeature/web-sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { aFlag } from '../../support/build-config'
import { configOf, patchOf, serving } from '../../support/configs'
import { evaluationConfig, list } from '../../support/evaluation-flags'
import { type Method, sides } from '../../support/sides'
import { shop } from '../../support/sync-harness'
import { HOUR, MINUTE, readyVirtual, SECOND, startVirtual } from '../../support/virtual-provider'

// What other providers got wrong, each by its name. `new Function` on the hot path: tests/package/providers.test.ts.

const STANDARD = [
  'STATIC',
  'DEFAULT',
  'TARGETING_MATCH',
  'SPLIT',
  'CACHED',
  'DISABLED',
  'UNKNOWN',
  'STALE',
  'ERROR',
]

const byCountry = aFlag({
  rules: [
    { id: 'r-de', when: { attribute: 'country', op: 'is_one_of', values: ['DE'] }, serve: { variant: 'on' } },
  ],
  fallthrough: { variant: 'off' },
})
const byKey = aFlag({
  targets: [{ variant: 'on', by: 'targetingKey', values: ['user-1'] }],
  fallthrough: { variant: 'off' },
})

/** Serves flags that depend on who asks. */
function targeted() {
  const server = shop()
  server.config = configOf(1, { byCountry, byKey })
  return server
}

/** Serves a flag for each way to answer. */
function everything() {
  const server = shop()
  server.config = evaluationConfig
  return server
}

function away() {
  const server = shop()
  server.down = true
  return server
}

describe.each(sides)('mistakes seen in other providers, not made by the $side provider', (side) => {
  afterEach(side.close)

  it('init failure swallowed and reported READY', async () => {
    const { clock, status, names, initialized } = startVirtual(side, {}, away())
    await clock.advance(HOUR)
    expect(await initialized).not.toBeNull()
    expect([status(), names()]).toEqual(['ERROR', ['ERROR']])
  })

  it('READY emitted inside init', async () => {
    const { clock, provider, names } = startVirtual(side)
    const emitted: string[] = []
    provider.events.addHandler('PROVIDER_READY' as never, () => void emitted.push('READY'))
    await clock.advance(MINUTE)
    expect([names(), emitted]).toEqual([['READY'], []])
  })

  it('READY never emitted after STALE', async () => {
    const { clock, server, names, status } = await readyVirtual(side)
    for (let i = 0; i < 3; i++) {
      server.stream.cut()
      await clock.advance(MINUTE)
    }
    expect(names()).toEqual(['READY', 'STALE', 'READY', 'STALE', 'READY', 'STALE', 'READY'])
    expect(status()).toBe('READY')
  })

  it('unknown flag not FLAG_NOT_FOUND', async () => {
    const { ask } = await readyVirtual(side)
    for (const method of ['Boolean', 'String', 'Number', 'Object'] as Method[])
      expect((await ask(method, 'unknown', null)).errorCode).toBe('FLAG_NOT_FOUND')
  })

  it('invented reasons', async () => {
    const { ask } = await readyVirtual(side, {}, everything())
    for (const key of [...Object.keys(evaluationConfig.flags), 'unknown'])
      expect(STANDARD).toContain((await ask('Boolean', key, false, { targetingKey: 'user-1' })).reason)
  })

  it.each([
    ['a network blip', (server: ReturnType<typeof shop>) => Object.assign(server, { down: true })],
    ['503', (server: ReturnType<typeof shop>) => fail(server, 503)],
    ['404', (server: ReturnType<typeof shop>) => fail(server, 404)],
    ['garbage', (server: ReturnType<typeof shop>) => fail(server, 200)],
  ])('every init error FATAL, even %s', async (_, arrange) => {
    const server = shop()
    arrange(server)
    const { clock, status, initialized } = startVirtual(side, {}, server)
    await clock.advance(MINUTE)
    expect(await initialized).toMatchObject({ code: 'PROVIDER_NOT_READY' })
    expect(status()).toBe('ERROR')
    server.down = false
    server.streamReply = null
    server.configReply = null
    await clock.advance(MINUTE)
    expect(status()).toBe('READY')
  })

  it('object flags as raw strings', async () => {
    const { ask } = await readyVirtual(side, {}, everything())
    expect((await ask('Object', 'object', null)).value).toEqual({ a: list })
    expect((await ask('String', 'object', 'mine')).value).toBe('mine')
  })

  it('targetingKey not mapped', async () => {
    const { ask } = await readyVirtual(side, {}, targeted())
    expect((await ask('Boolean', 'byKey', false, { targetingKey: 'user-1' })).value).toBe(true)
    expect((await ask('Boolean', 'byKey', false, { targetingKey: 'user-2' })).value).toBe(false)
  })

  it('global context read, breaking domains', async () => {
    const { provider, ask, clock } = await readyVirtual(side, {}, targeted())
    const another = side.join('another-domain', provider)
    await clock.advance(SECOND)
    for (let round = 0; round < 2; round++) {
      expect((await ask('Boolean', 'byCountry', false, { country: 'DE' })).value).toBe(true)
      expect((await another.ask('Boolean', 'byCountry', false, { country: 'FR' })).value).toBe(false)
    }
  })

  it('key in a URL, where it is secret', async () => {
    const { server, clock, requests } = await readyVirtual(side)
    server.streamReply = { status: 503 }
    server.stream.cut()
    await clock.advance(HOUR)
    expect(requests.length).toBeGreaterThan(60)
    const withKey = requests.filter(({ url }) => url.includes(side.key))
    expect(withKey).toHaveLength(side.side === 'server' ? 0 : requests.length)
  })

  it('bounded retries, then dead', async () => {
    const { clock, server, status } = await readyVirtual(side)
    server.down = true
    server.stream.cut()
    await clock.advance(24 * HOUR)
    expect(status()).toBe('ERROR')
    server.down = false
    await clock.advance(MINUTE)
    expect(status()).toBe('READY')
  })

  it('change events without flagsChanged', async () => {
    const { clock, server, heard } = await readyVirtual(side)
    server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
    await clock.advance(SECOND)
    expect(heard.at(-1)).toEqual({ event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] })
  })

  it('missing onClose', async () => {
    const { clock, server, hush } = await readyVirtual(side)
    hush()
    await side.close()
    await clock.advance(0)
    expect([server.open, clock.timers]).toEqual([0, 0])
  })
})

describe('mistakes seen in other web providers, not made by ours', () => {
  const web = sides.find(({ side }) => side === 'web')!
  afterEach(web.close)

  it('initial context ignored', async () => {
    const { domain, clock, provider } = startVirtual(web, {}, targeted())
    const isSet = WebApi.setContext(domain, { country: 'DE' })
    await clock.advance(SECOND)
    await isSet
    expect(WebApi.getClient(domain).getBooleanValue('byCountry', false)).toBe(true)
    await provider.onClose()
  })

  it('context errors resolved so old values look READY', async () => {
    const { domain, clock, status, names } = startVirtual(web, {}, away())
    await clock.advance(5 * SECOND)
    await WebApi.setContext(domain, { country: 'DE' })
    await clock.advance(SECOND)
    expect([status(), new Set(names())]).toEqual(['ERROR', new Set(['ERROR', 'RECONCILING'])])
  })
})

function fail(server: ReturnType<typeof shop>, status: number): void {
  const reply = { status, body: '<html>', headers: { 'content-type': 'text/html' } }
  server.streamReply = reply
  server.configReply = reply
}
