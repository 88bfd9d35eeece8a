import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Budgets } from './budgets'
import type { Key } from './keys'

const keyed = (id: string): Key => ({
  id,
  environmentId: 1,
  view: 'full',
  hash: '',
  origins: [],
  expiresAt: Infinity,
})
const browser = keyed('cli_1')
const three = { quota: 3, seconds: 60 }
const budgetsOf = () => new Budgets({ config: three, streams: three, ofrep: null, telemetry: null })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('budgets of delivery', () => {
  it('are of one key and one address each, and of one kind', async () => {
    const budgets = budgetsOf()
    const take = (key: Key, client: string, limit: 'config' | 'streams' = 'config') =>
      budgets.take(limit, key, client)
    for (let i = 0; i < 3; i++) expect(await take(browser, '10.0.0.1')).toBeNull()
    expect(await take(browser, '10.0.0.1')).not.toBeNull()
    expect(await take(browser, '10.0.0.2')).toBeNull()
    expect(await take(keyed('cli_2'), '10.0.0.1')).toBeNull()
    expect(await take(browser, '10.0.0.1', 'streams')).toBeNull()
  })

  it('say what is allowed, and when to come back, not all at once', async () => {
    const budgets = budgetsOf()
    const waits = new Set<number>()
    for (let i = 0; i < 100; i++) {
      const refused = await budgets.take('config', browser, '10.0.0.1')
      if (i < 3) continue
      expect(refused!.headers).toEqual({
        'RateLimit-Policy': '"config";q=3;w=60',
        RateLimit: '"config";r=0;t=60',
        'Retry-After': String(refused!.wait),
      })
      waits.add(refused!.wait)
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(60)
    expect(waits.size).toBeGreaterThan(3)
  })

  it('begin anew after their window, and are not there where they are off', async () => {
    const budgets = budgetsOf()
    for (let i = 0; i < 4; i++) await budgets.take('config', browser, '10.0.0.1')
    vi.advanceTimersByTime(60_000)
    expect(await budgets.take('config', browser, '10.0.0.1')).toBeNull()
    for (let i = 0; i < 10; i++) expect(await budgets.take('ofrep', browser, '10.0.0.1')).toBeNull()
  })
})
