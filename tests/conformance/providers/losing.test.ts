import { afterEach, describe, expect, it } from 'vitest'
import { configOf, idOf, patchOf, serving } from '../../support/configs'
import { sides } from '../../support/sides'
import { shop } from '../../support/sync-harness'
import { HOUR, MINUTE, readyVirtual, SECOND, startVirtual } from '../../support/virtual-provider'

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1)
const gaps = (times: readonly number[]) => times.slice(1).map((at, i) => at - times[i]!)

describe.each(sides)('the $side provider', (side) => {
  afterEach(side.close)

  describe('P15 (2.8.1, 5.1.1): losing the server', () => {
    it('is STALE once, ERROR once after the grace period, then READY, with the last values throughout', async () => {
      const { clock, server, names, banner, status } = await readyVirtual(side)
      server.down = true
      server.stream.cut()
      await clock.advance(SECOND)
      expect([status(), names()]).toEqual(['STALE', ['READY', 'STALE']])
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
      await clock.advance(58 * SECOND)
      expect(names()).toEqual(['READY', 'STALE'])
      await clock.advance(3 * HOUR)
      expect([status(), names()]).toEqual(['ERROR', ['READY', 'STALE', 'ERROR']])
      expect(await banner()).toMatchObject({ value: 'hello', reason: 'STATIC' })
      server.down = false
      await clock.advance(HOUR)
      expect([status(), names()]).toEqual(['READY', ['READY', 'STALE', 'ERROR', 'READY']])
    })

    it('and finding it changed is READY first, and then the change', async () => {
      const { clock, server, heard, banner } = await readyVirtual(side)
      server.down = true
      server.stream.cut()
      await clock.advance(5 * SECOND)
      server.config = configOf(7, { banner: serving('seven', 7), fresh: serving('x', 6) })
      server.down = false
      await clock.advance(MINUTE)
      expect(heard.slice(2)).toEqual([
        { event: 'READY' },
        { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner', 'fresh'] },
      ])
      expect((await banner()).value).toBe('seven')
    })

    it('while polls are answered stays STALE, and a change is told without clearing it', async () => {
      const { clock, server, names, status } = await readyVirtual(side)
      server.streamReply = { status: 503 }
      server.stream.cut()
      await clock.advance(MINUTE)
      server.config = configOf(2, { banner: serving('two', 2) })
      await clock.advance(HOUR)
      expect([status(), names()]).toEqual(['STALE', ['READY', 'STALE', 'CONFIGURATION_CHANGED']])
      server.streamReply = null
      await clock.advance(MINUTE)
      expect([status(), names().at(-1)]).toEqual(['READY', 'READY'])
    })

    it('by appointment is no event at all', async () => {
      const { clock, server, names } = await readyVirtual(side)
      for (let hour = 0; hour < 5; hour++) {
        server.stream.send('bye', { retry: 3_000, reason: 'max age' })
        await clock.advance(HOUR)
      }
      expect(names()).toEqual(['READY'])
      expect(server.streams).toHaveLength(6)
    })
  })

  describe('P16: reconnecting', () => {
    it('has full jitter: the first attempt is spread evenly over its whole range', async () => {
      const delays: number[] = []
      for (const seed of SEEDS) {
        const { clock, server, attempts, provider } = await readyVirtual(side, {}, shop(), seed)
        const cutAt = clock.monotonic()
        server.stream.cut()
        await clock.advance(2 * SECOND)
        delays.push(attempts()[1]! - cutAt - 500) // the server said "retry: 500"
        await provider.onClose()
      }
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...delays)).toBeLessThanOrEqual(1_000)
      const quarters = [0, 1, 2, 3].map((q) => delays.filter((ms) => Math.floor(ms / 250) === q).length)
      for (const count of quarters) expect(count).toBeGreaterThan(SEEDS.length / 8)
    })

    it('never ends, is never further than half a minute away, and is never loud', async () => {
      const { clock, server, attempts, requests, status } = await readyVirtual(side)
      server.down = true
      server.stream.cut()
      const since = clock.monotonic()
      await clock.advance(24 * HOUR)
      const down = gaps(attempts().filter((at) => at > since))
      expect(Math.max(...down)).toBeLessThanOrEqual(30_500)
      expect(down.length).toBeGreaterThan(24 * 60)
      expect(requests.length).toBeLessThan(24 * 60 * 10)
      server.down = false
      await clock.advance(MINUTE)
      expect(status()).toBe('READY')
    })

    it.each([
      ['a stream that answers 503', { status: 503, headers: { 'retry-after': '45' } }],
      ['a stream that answers 429', { status: 429, headers: { 'retry-after': '45' } }],
    ])('honours Retry-After: %s', async (_, reply) => {
      const { clock, server, attempts } = await readyVirtual(side)
      server.streamReply = reply
      server.stream.cut()
      await clock.advance(HOUR)
      const after = gaps(attempts().slice(1))
      expect(after.length).toBeGreaterThan(30)
      expect(Math.min(...after)).toBeGreaterThanOrEqual(45_000)
    })

    it('honours the retry: of a stream, as a minimum', async () => {
      const { clock, server, attempts } = await readyVirtual(side)
      server.stream.write('retry: 20000\n\n')
      await clock.advance(SECOND)
      const cutAt = clock.monotonic()
      server.stream.cut()
      await clock.advance(MINUTE)
      expect(attempts()[1]! - cutAt).toBeGreaterThanOrEqual(20_000)
    })

    it('recovers from a stream that answers 503, and a kill arrives meanwhile', async () => {
      const server = shop()
      server.streamReply = { status: 503 }
      const { clock, status, banner, names } = startVirtual(side, {}, server)
      await clock.advance(MINUTE)
      expect(status()).toBe('STALE')
      server.config = configOf(2, server.config.flags, { killed: ['banner'], killedAt: idOf(2) })
      await clock.advance(MINUTE)
      expect((await banner()).reason).toBe('DISABLED')
      server.streamReply = null
      await clock.advance(MINUTE)
      expect(names()).toEqual(['READY', 'STALE', 'CONFIGURATION_CHANGED', 'READY'])
    })

    it('fetches what was missed between two patches', async () => {
      const { clock, server, banner, requests } = await readyVirtual(side)
      server.patches = [patchOf(1, 2, {}), patchOf(2, 3, { banner: serving('three', 3) })]
      server.stream.send('patch', patchOf(2, 3, { banner: serving('three', 3) }))
      await clock.advance(SECOND)
      expect((await banner()).value).toBe('three')
      const fetched = requests.findLast(({ path }) => path === '/config')
      expect(new URL(fetched!.url).searchParams.get('since')).toBe(idOf(1))
    })

    it('never holds two streams, whatever becomes of them', async () => {
      const { clock, server } = await readyVirtual(side)
      for (let i = 0; i < 300; i++) {
        if (i % 3 === 0) server.stream.cut()
        else if (i % 3 === 1) server.stream.end()
        else server.stream.send('bye', { retry: 0, reason: 'draining' })
        await clock.advance(31 * SECOND)
      }
      expect(server.streams.length).toBeGreaterThanOrEqual(300)
      expect([server.mostOpen, server.open]).toEqual([1, 1])
    })
  })

  describe('P18 (2.5.1, 2.5.2): closing', () => {
    it.each([
      ['while all is well', () => {}],
      [
        'while the server is away',
        (server: ReturnType<typeof shop>) => {
          server.down = true
          server.stream.cut()
        },
      ],
      [
        'while a resync waits for its moment',
        (server: ReturnType<typeof shop>) => {
          server.stream.send('resync', { id: idOf(9), spread: 60_000, killed: [], killedAt: idOf(0) })
        },
      ],
    ])('%s ends the stream, every timer and every request; once more changes nothing', async (_, arrange) => {
      const { provider, clock, server, hush, requests, heard } = await readyVirtual(side)
      arrange(server)
      await clock.advance(3 * SECOND)
      hush()
      await provider.onClose()
      await provider.onClose()
      expect([server.open, clock.timers]).toEqual([0, 0])
      const before = [requests.length, heard.length]
      await clock.advance(24 * HOUR)
      expect([requests.length, heard.length]).toEqual(before)
    })

    it('ends an init in flight', async () => {
      const server = shop()
      server.greets = false
      const { provider, clock, initialized, hush } = startVirtual(side, {}, server)
      await clock.advance(SECOND)
      hush()
      await provider.onClose()
      expect(await initialized).toMatchObject({ code: 'PROVIDER_NOT_READY' })
      await clock.advance(0) // the news of it is on its way to the SDK
      expect([server.open, clock.timers]).toEqual([0, 0])
    })

    it('is followed by another init where there is one', async () => {
      const { provider, clock, server, domain, banner } = await readyVirtual(side)
      await side.close()
      expect(server.open).toBe(0)
      const again = side.rebind(domain, provider)
      await clock.advance(SECOND)
      await again
      expect(server.open).toBe(1)
      expect((await banner()).value).toBe('hello')
    })
  })

  describe('P19 (2.4.3, 2.4.4): one provider', () => {
    it('serves two domains over one stream, and both hear of changes', async () => {
      const { provider, clock, server, heard } = await readyVirtual(side)
      const another = side.join('another', provider)
      await clock.advance(SECOND)
      server.stream.send('patch', patchOf(1, 2, { banner: serving('two', 2) }))
      await clock.advance(SECOND)
      const changed = { event: 'CONFIGURATION_CHANGED', flagsChanged: ['banner'] }
      expect(heard).toEqual([{ event: 'READY' }, changed])
      expect(another.heard).toEqual([{ event: 'READY' }, changed])
      expect((await another.ask('String', 'banner', 'x')).value).toBe('two')
      expect(server.streams).toHaveLength(1)
    })
  })
})
