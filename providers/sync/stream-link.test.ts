import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../tests/support/virtual-clock'
import { StreamLink } from './stream-link'

/** A link that has failed five times, then was greeted again each `ms` for two minutes; how soon it comes back. */
async function returnsWithin(ms: number): Promise<number> {
  const clock = new VirtualClock()
  Object.assign(clock, { random: () => 1 }) // the whole of what may be waited
  const opened: number[] = []
  const link = new StreamLink(clock, () => {
    opened.push(clock.monotonic())
    return () => {}
  })
  link.connect()
  for (let failures = 0; failures < 5; failures++) {
    link.retry(0)
    await clock.advance(40_000)
  }
  for (let greeted = 0; greeted < 120_000; greeted += ms) {
    link.greeted()
    await clock.advance(ms)
  }
  const lost = clock.monotonic()
  link.retry(0)
  await clock.advance(40_000)
  return opened.at(-1)! - lost
}

describe('a stream that lived for a minute', () => {
  it('owes nothing to earlier failures', async () => {
    expect(await returnsWithin(120_000)).toBe(1_000)
  })

  it('owes nothing either where a relay says hello again and again', async () => {
    expect(await returnsWithin(10_000)).toBe(1_000)
  })
})

/** How soon a stream that was greeted, and lived for so long, comes back when the server says goodbye. */
async function comesBackAfter(livedMs: number, retryMs: number): Promise<number> {
  const clock = new VirtualClock()
  Object.assign(clock, { random: () => 1 })
  const opened: number[] = []
  const link = new StreamLink(clock, () => {
    opened.push(clock.monotonic())
    return () => {}
  })
  link.connect()
  link.greeted()
  await clock.advance(livedMs)
  link.comeBack(retryMs)
  await clock.advance(400_000)
  return opened.at(-1)! - opened[0]! - livedMs
}

describe('a stream that ends with a goodbye', () => {
  it('is elsewhere when the server says, and owes nothing', async () => {
    expect(await comesBackAfter(1_000, 80)).toBe(80)
  })

  it('waits as after a failure where it has only just begun', async () => {
    expect(await comesBackAfter(999, 80)).toBe(1_080)
  })

  it('is never sent away for long', async () => {
    expect(await comesBackAfter(5_000, 86_400_000)).toBe(300_000)
  })
})
