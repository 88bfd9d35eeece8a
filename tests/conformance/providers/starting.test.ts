import { afterEach, describe, expect, it } from 'vitest'
import { configOf, serving } from '../../support/configs'
import { CLIENT_KEY, SERVER_KEY } from '../../support/protocol-server'
import { sides } from '../../support/sides'
import { shop, startSession } from '../../support/sync-harness'
import { HOUR, MINUTE, readyVirtual, SECOND, startVirtual } from '../../support/virtual-provider'

/** A server that cannot be reached. */
function away() {
  const server = shop()
  server.down = true
  return server
}

/** A server that does not accept the key. */
function refusing(status: number) {
  const server = shop()
  server.streamReply = { status }
  server.configReply = { status }
  return server
}

describe.each(sides)('the $side provider', (side) => {
  afterEach(side.close)

  describe('P7 (2.2.7): without a config', () => {
    it('before init and after close, the provider itself answers PROVIDER_NOT_READY', async () => {
      const { provider } = await readyVirtual(side)
      const fresh = side.make({ url: 'http://flags.test' })
      const fallback = { mine: true }
      const notReady = { reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', flagMetadata: {} }
      const before = fresh.evaluate('banner', fallback)
      expect(before).toMatchObject(notReady)
      expect(before.value).toBe(fallback)
      expect(provider.evaluate('banner', 'x').value).toBe('hello')
      await provider.onClose()
      expect(await provider.resolveStringEvaluation('banner', 'x', {})).toMatchObject({
        value: 'x',
        ...notReady,
      })
    })

    it.each([401, 403])(
      'with a key refused by %i, the provider itself answers PROVIDER_FATAL',
      async (status) => {
        const { provider, initialized, clock } = startVirtual(side, {}, refusing(status))
        await clock.advance(100)
        expect(await initialized).toMatchObject({ code: 'PROVIDER_FATAL' })
        expect(await provider.resolveBooleanEvaluation('banner', true, {})).toMatchObject({
          value: true,
          reason: 'ERROR',
          errorCode: 'PROVIDER_FATAL',
          errorMessage: `the server refused the key (HTTP ${status})`,
        })
      },
    )
  })

  describe('P11 (2.4.2.1): initialising', () => {
    it('resolves with a usable config', async () => {
      const { initialized, banner } = await readyVirtual(side)
      expect(await initialized).toBeNull()
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
    })

    it.each([1, 300, 20_000])('rejects after initTimeoutMs, %i, and not before', async (initTimeoutMs) => {
      const { initialized, clock } = startVirtual(side, { initTimeoutMs }, away())
      let ended = false
      void initialized.then(() => {
        ended = true
      })
      await clock.advance(initTimeoutMs - 1)
      expect(ended).toBe(false)
      await clock.advance(1)
      expect(await initialized).toMatchObject({
        code: 'PROVIDER_NOT_READY',
        message: `no config within ${initTimeoutMs} ms: fetch failed`,
      })
    })

    it('rejects without network and cache, keeps trying, and is READY later', async () => {
      const { clock, server, names, status, banner } = startVirtual(side, {}, away())
      await clock.advance(3 * HOUR)
      expect([status(), names()]).toEqual(['ERROR', ['ERROR']])
      expect(await banner()).toMatchObject({ value: 'the default', errorCode: 'PROVIDER_NOT_READY' })
      server.down = false
      await clock.advance(MINUTE)
      expect([status(), names()]).toEqual(['READY', ['ERROR', 'READY']])
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
    })

    it.each([401, 403])('is FATAL on %i, asks on slowly for ever, and recovers', async (status) => {
      const it = startVirtual(side, {}, refusing(status))
      await it.clock.advance(100)
      // This event is the SDK's own: it carries the message alone, and the promise has the code.
      expect(it.heard).toEqual([{ event: 'ERROR', message: `the server refused the key (HTTP ${status})` }])
      expect(await it.initialized).toMatchObject({ code: 'PROVIDER_FATAL' })
      expect(it.status()).toBe('FATAL')
      expect((await it.banner()).errorCode).toBe('PROVIDER_FATAL')
      for (const day of [1, 2]) {
        const asked = it.requests.length
        await it.clock.advance(24 * HOUR)
        const perMinute = (it.requests.length - asked) / (24 * 60)
        expect(perMinute, `requests a minute on day ${day}`).toBeGreaterThan(0.5)
        expect(perMinute, `requests a minute on day ${day}`).toBeLessThan(2)
      }
      it.server.streamReply = null
      it.server.configReply = null
      await it.clock.advance(2 * MINUTE)
      expect([it.status(), it.names()]).toEqual(['READY', ['ERROR', 'READY']])
      expect((await it.banner()).value).toBe('hello')
    })

    it.each([
      ['a key of the other side', { key: side.side === 'server' ? CLIENT_KEY : SERVER_KEY }, 'key'],
      ['no key', { key: undefined as unknown as string }, '"key" is missing'],
      ['an empty key', { key: '' }, '"key" is missing'],
      ['a relative URL', { url: '/flags' }, 'not an absolute URL: "/flags"'],
    ])('with %s is FATAL, says why, and asks nobody', async (_, options, message) => {
      const { initialized, requests, clock } = startVirtual(side, options)
      expect(await initialized).toMatchObject({
        code: 'PROVIDER_FATAL',
        message: expect.stringContaining(message),
      })
      await clock.advance(HOUR)
      expect(requests).toEqual([])
    })
  })

  describe('P12 (2.8.2): READY', () => {
    it('comes exactly once for each init', async () => {
      const { names, clock, provider, domain } = await readyVirtual(side)
      await clock.advance(MINUTE)
      expect(names()).toEqual(['READY'])
      await side.close()
      const again = side.rebind(domain, provider)
      await clock.advance(MINUTE)
      await again
      expect(names()).toEqual(['READY', 'READY'])
    })

    it('is never emitted by the provider for an init, since the SDK does that', async () => {
      const { clock, provider } = startVirtual(side)
      const emitted: string[] = []
      provider.events.addHandler('PROVIDER_READY' as never, () => void emitted.push('READY'))
      await clock.advance(MINUTE)
      expect(emitted).toEqual([])
    })
  })

  describe('P21: starting without the server', () => {
    const page = configOf(1, { banner: serving('from the page') })

    it.each([
      ['an object', page],
      ['JSON', JSON.stringify(page)],
    ])('works from a bootstrap that is %s, CACHED until the server confirms it', async (_, bootstrap) => {
      const { initialized, banner, clock, server, names } = startVirtual(side, { bootstrap }, away())
      server.config = page
      await clock.advance(0)
      expect(await initialized).toBeNull()
      expect(await banner()).toMatchObject({ value: 'from the page', reason: 'CACHED', variant: 'shown' })
      server.down = false
      await clock.advance(MINUTE)
      expect(await banner()).toMatchObject({ value: 'from the page', reason: 'STATIC' })
      expect(names()).toEqual(['READY', 'STALE', 'READY'])
    })

    it('gives way to what the server says', async () => {
      const { banner, clock, heard } = startVirtual(side, { bootstrap: page }, shop(2))
      await clock.advance(SECOND)
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
      expect(heard).toEqual([
        { event: 'READY' },
        { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] },
      ])
    })

    it.each([
      ['garbage', 'no config at all'],
      ['JSON of another thing', '[1]'],
      ['another thing', { flags: {} } as never],
      ['a config of a later schema', { ...page, schema: 2 } as never],
    ])('ignores a bootstrap that is %s', async (_, bootstrap) => {
      const { initialized, clock, banner } = startVirtual(side, { bootstrap }, away())
      await clock.advance(5 * SECOND)
      expect(await initialized).toMatchObject({ code: 'PROVIDER_NOT_READY' })
      expect((await banner()).value).toBe('the default')
    })
  })
})

describe('P12 (2.8.2): with the switch on, for SDKs that leave lifecycle events to providers', () => {
  it('READY is said exactly once for an init', async () => {
    const { clock, events, beat } = startSession({ emitsLifecycle: true })
    beat()
    await clock.advance(HOUR)
    expect(events()).toEqual(['ready'])
  })

  it('ERROR is said exactly once for an init that fails, and READY once when it is over', async () => {
    const { clock, events, server, beat } = startSession({ emitsLifecycle: true }, away())
    beat()
    await clock.advance(HOUR)
    expect(events()).toEqual(['error'])
    server.down = false
    await clock.advance(MINUTE)
    expect(events()).toEqual(['error', 'ready'])
  })
})
