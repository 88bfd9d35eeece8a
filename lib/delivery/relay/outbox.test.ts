import { describe, expect, it, vi } from 'vitest'
import { Outbox } from './outbox'
import type { Item } from './relay'

const item = (id: number, size = 1): Item => ({
  channel: 'c',
  id: String(id),
  hello: Buffer.alloc(0),
  bytes: Buffer.alloc(size),
  closes: false,
})

/** The far end of an outbox: `broken` many requests fail, then each is taken. */
function farEnd(broken: number, most = 500) {
  const taken: string[][] = []
  const said: unknown[] = []
  let left = broken
  const relay = {
    name: 'far',
    most,
    carries: () => false,
    hold: () => ({ status: 200, headers: {}, body: null }),
    async send(items: readonly Item[]) {
      await Promise.resolve()
      if (left-- > 0) throw new Error('away')
      taken.push(items.map(({ id }) => id))
    },
  }
  return { taken, said, outbox: new Outbox(relay, (error) => said.push(error)) }
}

describe('the outbox of a relay', () => {
  it('sends one at once, and what came meanwhile together, in order', async () => {
    const { taken, outbox } = farEnd(0)
    for (let id = 0; id < 5; id++) outbox.add([item(id)])
    await outbox.close()
    expect(taken).toEqual([['0'], ['1', '2', '3', '4']])
  })

  it('sends again what did not arrive, and says once that the relay is away and once that it is back', async () => {
    const { taken, said, outbox } = farEnd(3)
    outbox.add([item(0), item(1)])
    await vi.waitFor(() => expect(taken).toEqual([['0', '1']]), 5_000)
    expect(said).toEqual([new Error('away'), null])
  })

  it('fills no request beyond its bounds', async () => {
    const { taken, outbox } = farEnd(0, 3)
    outbox.add([0, 1, 2, 3, 4].map((id) => item(id)))
    outbox.add([5, 6, 7].map((id) => item(id, 200 * 1024)))
    await outbox.close()
    expect(taken).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6'], ['7']])
  })

  it('drops the oldest of a thousand, and gives up when it is closed', async () => {
    const { taken, outbox } = farEnd(2)
    outbox.add(Array.from({ length: 1_500 }, (_, id) => item(id)))
    await vi.waitFor(() => expect(taken.flat()).toHaveLength(1_000), 5_000)
    expect(taken[0]![0]).toBe('500')
    const away = farEnd(Number.POSITIVE_INFINITY)
    away.outbox.add([item(0)])
    await away.outbox.close()
    expect(away.taken).toEqual([])
  })
})
