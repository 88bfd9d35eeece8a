import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../tests/support/virtual-clock'
import { Refresher } from './refresher'

function refresher() {
  const clock = new VirtualClock()
  const started: { at: number; signal: AbortSignal; finish: () => void }[] = []
  const it = new Refresher(clock, ({ signal }) => {
    return new Promise((finish) => started.push({ at: clock.monotonic(), signal, finish }))
  })
  return { clock, started, it, times: () => started.map(({ at }) => at) }
}

describe('a refresher', () => {
  it('keeps the earliest appointment and no other', async () => {
    const { clock, it, times } = refresher()
    it.request(5_000)
    it.request(1_000)
    it.request(3_000)
    await clock.advance(10_000)
    expect(times()).toEqual([1_000])
  })

  it('runs one request at a time', async () => {
    const { clock, it, started, times } = refresher()
    it.request(0)
    await clock.advance(10)
    it.request(0)
    await clock.advance(10)
    expect(times()).toEqual([0])
    started[0]!.finish()
    await clock.advance(10)
    it.request(0)
    await clock.advance(10)
    expect(times()).toEqual([0, 30])
  })

  it('forgets an appointment that is cancelled', async () => {
    const { clock, it, times } = refresher()
    it.request(1_000)
    expect(it.pending).toBe(true)
    it.cancel()
    expect(it.pending).toBe(false)
    await clock.advance(2_000)
    expect(times()).toEqual([])
  })

  it('aborts what is in flight when it is closed, and starts nothing more', async () => {
    const { clock, it, started } = refresher()
    it.request(0)
    await clock.advance(10)
    it.close()
    it.request(0)
    await clock.advance(10)
    expect(started).toHaveLength(1)
    expect(started[0]!.signal.aborted).toBe(true)
  })
})
