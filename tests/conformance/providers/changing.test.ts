import { afterEach, describe, expect, it } from 'vitest'
import { aFlag } from '../../support/build-config'
import { configOf, idOf, patchOf, serving } from '../../support/configs'
import { sides } from '../../support/sides'
import { shop } from '../../support/sync-harness'
import { HOUR, MINUTE, readyVirtual, SECOND, startVirtual } from '../../support/virtual-provider'

const staff = { by: 'targetingKey', included: ['user-1'], excluded: [], any: [] }
const nested = { by: 'targetingKey', included: [], excluded: [], any: [{ segment: 'staff' }] }
const reaching = (segment: string) =>
  aFlag({ rules: [{ id: 'r', when: { segment }, serve: { variant: 'off' } }] })

/** Flags that reach each other, and one that reaches nothing. */
const flags = {
  banner: serving('hello'),
  'in-segment': reaching('staff'),
  'in-nested': reaching('nested'),
  dependant: aFlag({ prerequisites: [{ flag: 'in-segment', variants: ['off'] }] }),
  'off-in-segment': { ...reaching('staff'), on: false },
}

describe.each(sides)('the $side provider', (side) => {
  afterEach(side.close)

  async function ready() {
    const server = shop()
    server.config = configOf(1, flags, { segments: { staff, nested } })
    const started = await readyVirtual(side, {}, server)
    const changes = () => started.heard.slice(1)
    return { ...started, changes }
  }

  describe('P14 (5.1.1): a publish', () => {
    it.each([
      ['of one flag', { banner: serving('two', 2) }, {}, ['banner']],
      ['of a new flag', { fresh: serving('new', 2) }, {}, ['fresh']],
      ['that removes a flag', { banner: null }, {}, ['banner']],
      [
        'of a flag that another needs',
        { 'in-segment': aFlag({ version: 2 }) },
        {},
        ['dependant', 'in-segment'],
      ],
      [
        'of a segment, through segments and prerequisites too',
        {},
        { segments: { staff: { ...staff, included: [] } } },
        ['dependant', 'in-nested', 'in-segment'],
      ],
      ['of a kill', {}, { killed: ['in-segment'], killedAt: idOf(2) }, ['dependant', 'in-segment']],
    ])('%s is one event with exactly the flags that change', async (_, changed, rest, flagsChanged) => {
      const { clock, server, changes } = await ready()
      server.stream.send('patch', patchOf(1, 2, changed, rest))
      await clock.advance(MINUTE)
      expect(changes()).toEqual([{ event: 'CONFIGURATION_CHANGED', flagsChanged }])
    })

    it('has taken effect when the event is heard', async () => {
      const { clock, server, provider } = await ready()
      const seen: unknown[] = []
      provider.events.addHandler('PROVIDER_CONFIGURATION_CHANGED' as never, () => {
        seen.push(provider.evaluate('banner', 'the default').value)
      })
      server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
      await clock.advance(SECOND)
      expect(seen).toEqual(['two'])
    })

    it('among fifty is one event', async () => {
      const { clock, server, changes, provider } = await ready()
      for (let v = 1; v <= 50; v++)
        server.stream.send('patch', patchOf(v, v + 1, { [`flag-${v % 2}`]: serving(`${v}`, v + 1) }))
      await clock.advance(SECOND)
      expect(changes()).toEqual([{ event: 'CONFIGURATION_CHANGED', flagsChanged: ['flag-0', 'flag-1'] }])
      expect(provider.evaluate('flag-0', '').value).toBe('50')
    })

    it('that a kill follows is announced with it, at once', async () => {
      const { clock, server, changes } = await ready()
      server.stream.send('patch', patchOf(1, 2, { fresh: serving('x', 2) }))
      server.stream.send('patch', patchOf(2, 3, {}, { killed: ['banner'], killedAt: idOf(3) }))
      await clock.advance(0)
      expect(changes()).toEqual([{ event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner', 'fresh'] }])
    })

    it('that touches no answer is none', async () => {
      const { clock, server, changes } = await ready()
      server.stream.send('patch', patchOf(1, 2, {}))
      server.stream.send('patch', patchOf(2, 3, { banner: serving('two', 3) }))
      server.stream.send('patch', patchOf(3, 4, { banner: serving('hello') }))
      await clock.advance(MINUTE)
      expect(changes()).toEqual([])
    })

    it('is none for heartbeats, for a resync to what is held, and for answers that say "unchanged"', async () => {
      const { clock, server, heard, requests } = await ready()
      await clock.advance(HOUR)
      server.stream.send('resync', { id: idOf(1), spread: 0, killed: [], killedAt: idOf(0) })
      await clock.advance(MINUTE)
      expect(heard).toEqual([{ event: 'READY' }])
      server.streamReply = { status: 503 }
      server.stream.cut()
      await clock.advance(HOUR)
      expect(requests.filter(({ path }) => path === '/config').length).toBeGreaterThan(60)
      expect(heard.map(({ event }) => event)).toEqual(['READY', 'STALE'])
    })
  })

  describe('P13 (5.1.4, 5.1.5): an ERROR event', () => {
    it('after the grace period says GENERAL, and why', async () => {
      const { clock, server, heard } = await ready()
      server.down = true
      server.stream.cut()
      await clock.advance(2 * MINUTE)
      expect(heard.at(-1)).toEqual({ event: 'ERROR', errorCode: 'GENERAL', message: 'fetch failed' })
    })

    it('for a key that is refused later says GENERAL, and why', async () => {
      const { clock, server, heard } = await ready()
      server.streamReply = { status: 401 }
      server.stream.cut()
      await clock.advance(MINUTE)
      const message = 'the server refused the key (HTTP 401)'
      expect(heard.at(-1)).toEqual({ event: 'ERROR', errorCode: 'GENERAL', message })
    })

    it('for a key that is refused after an init without network says PROVIDER_FATAL, and why', async () => {
      const server = shop()
      server.down = true
      const { clock, heard, status } = startVirtual(side, {}, server)
      await clock.advance(5 * SECOND)
      expect(status()).toBe('ERROR')
      server.down = false
      server.streamReply = { status: 403 }
      server.configReply = { status: 403 }
      await clock.advance(MINUTE)
      const message = 'the server refused the key (HTTP 403)'
      expect(heard.at(-1)).toEqual({ event: 'ERROR', errorCode: 'PROVIDER_FATAL', message })
      expect(status()).toBe('FATAL')
    })
  })
})
