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
