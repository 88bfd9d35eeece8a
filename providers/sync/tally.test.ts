import { beforeEach, describe, expect, it } from 'vitest'
import { type News, Tally } from './tally'

let now: number
let tally: Tally
let news: News[]

beforeEach(() => {
  now = 1_000
  tally = new Tally(() => now)
  news = []
  tally.onNews = (why) => void news.push(why)
})

const count = (flag: string, { exists = true, variant = 'on', reason = 'STATIC' } = {}) =>
  tally.counter(flag, exists, variant, reason, undefined).count++
const anEvent = (name = 'purchase', size = 10) => ({
  event: { name, context: {}, details: {}, at: now },
  size,
})

describe('a tally', () => {
  it('has one counter for each flag, variant, reason and error', () => {
    count('a')
    count('a')
    count('a', { variant: 'off' })
    count('a', { reason: 'SPLIT' })
    tally.counter('a', true, null, 'ERROR', 'TYPE_MISMATCH').count++
    expect(tally.take()!.counts).toEqual([
      { flag: 'a', variant: 'on', reason: 'STATIC', count: 2 },
      { flag: 'a', variant: 'off', reason: 'STATIC', count: 1 },
      { flag: 'a', variant: 'on', reason: 'SPLIT', count: 1 },
      { flag: 'a', variant: null, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', count: 1 },
    ])
  })

  it('tells apart what only looks alike', () => {
    const ways: [string, string | null, string, string | undefined][] = [
      ['a', null, 'ERROR', 'GENERAL'],
      ['a', 'null', 'ERROR', 'GENERAL'],
      ['a', '', 'ERROR', 'GENERAL'],
      ['a', null, 'ERROR', undefined],
      ['a ERROR', null, 'GENERAL', undefined],
      ['a', 'b c', 'STATIC', undefined],
      ['a STATIC b', 'c', 'STATIC', undefined],
    ]
    for (const [flag, variant, reason, errorCode] of ways)
      tally.counter(flag, true, variant, reason, errorCode).count++
    expect(tally.take()!.counts.map(({ count }) => count)).toEqual(ways.map(() => 1))
  })

  it('is empty once it was taken, and says from when to when', () => {
    count('a')
    now = 5_000
    expect(tally.take()).toMatchObject({ from: 1_000, to: 5_000 })
    now = 9_000
    expect(tally.take()).toBeNull()
    count('a')
    expect(tally.take()).toMatchObject({ from: 5_000, to: 9_000, counts: [{ count: 1 }] })
  })

  it('begins other counters when it is taken, so that nobody raises one that was sent', () => {
    const { counters } = tally
    const before = tally.counter('a', true, 'on', 'STATIC', undefined)
    tally.take()
    expect(tally.counters).not.toBe(counters)
    expect(tally.counter('a', true, 'on', 'STATIC', undefined)).not.toBe(before)
  })

  it('leaves out what was not counted', () => {
    tally.counter('a', true, 'on', 'STATIC', undefined)
    expect(tally.take()).toBeNull()
  })

  it('hands out as much as fits a request, and the rest afterwards', () => {
    for (let i = 0; i < 2_000; i++) count(`flag-${i}`)
    for (let i = 0; i < 20; i++) tally.add(anEvent(`event-${i}`, 8_000))
    const [flags, names]: [string[], string[]] = [[], []]
    const sizes: number[] = []
    for (let batch = tally.take(); batch; batch = tally.take()) {
      sizes.push(JSON.stringify(batch).length)
      flags.push(...batch.counts.map(({ flag }) => flag))
      names.push(...batch.events.map(({ name }) => name))
    }
    expect(new Set(flags).size).toBe(2_000)
    expect(flags).toHaveLength(2_000)
    expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `event-${i}`))
    expect(Math.max(...sizes)).toBeLessThan(60_000)
    expect(sizes.length).toBeLessThan(12)
  })

  it('says that there is more where there is', () => {
    for (let i = 0; i < 2_000; i++) count(`flag-${i}`)
    tally.take()
    expect(tally.hasMore).toBe(true)
    while (tally.take());
    expect(tally.hasMore).toBe(false)
  })
})

describe('its bounds', () => {
  it('are 10,000 counters; what is beyond is dropped, and counted', () => {
    for (let i = 0; i < 10_003; i++) count('a', { variant: `v${i}` })
    expect(tally.counters.size).toBe(10_000)
    expect(tally.take()!.dropped).toBe(3)
    expect(tally.take()!.dropped).toBe(0)
  })

  it('are 100 keys that no flag has, in each batch', () => {
    for (let i = 0; i < 103; i++) count(`typo-${i}`, { exists: false })
    count('typo-1', { exists: false })
    count('a')
    const { counts, dropped } = tally.take()!
    expect(counts).toHaveLength(101)
    expect(counts[1]).toMatchObject({ flag: 'typo-1', count: 2 })
    expect(dropped).toBe(3)
    count('typo-102', { exists: false })
    expect(tally.take()!.counts).toHaveLength(1)
  })

  it('are 1,000 events', () => {
    for (let i = 0; i < 1_002; i++) tally.add(anEvent())
    tally.add(null)
    expect(tally.take()!.dropped).toBe(3)
  })

  it('are told of what a batch held that nobody wanted', () => {
    count('a')
    count('a')
    tally.add(anEvent())
    tally.lose(tally.take()!)
    expect(tally.take()).toMatchObject({ counts: [], events: [], dropped: 3 })
  })
})

describe('its news', () => {
  it('are the first evaluation of a flag that exists, once', () => {
    count('a')
    tally.take()
    count('a')
    count('typo', { exists: false })
    expect(news).toEqual(['first evaluation'])
  })

  it('are 500 events', () => {
    for (let i = 0; i < 499; i++) tally.add(anEvent())
    expect(news).toEqual([])
    tally.add(anEvent())
    expect(news).toEqual(['full'])
  })
})
