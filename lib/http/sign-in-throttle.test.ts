import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ControlError, conflict } from '@/lib/control/errors'
import { throttled } from './sign-in-throttle'

// JACKSTAFF_LIMIT_SIGN_IN is 10/900 where nothing is set: ten tries of an address are free, five of an account.

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubEnv('REDIS_URL', '')
})
afterEach(() => vi.useRealTimers())

let next = 0
const somewhere = () => `198.51.100.${++next}`

const wrong = () => Promise.reject(new ControlError('forbidden', 'wrong'))
const right = () => Promise.resolve('in')

/** How a try ends: what it answers, or by what it was refused. */
async function ends(tried: Parameters<typeof throttled>[0], attempt: () => Promise<string>): Promise<string> {
  return throttled(tried, attempt).catch((error: ControlError) => error.kind)
}

async function fail(tried: Parameters<typeof throttled>[0], times: number): Promise<string[]> {
  const seen: string[] = []
  for (let i = 0; i < times; i++) seen.push(await ends(tried, wrong))
  return seen
}

describe('throttled', () => {
  it('lets ten failures of an address pass, one more, and then makes it wait', async () => {
    const address = somewhere()
    expect(new Set(await fail({ address }, 11))).toEqual(new Set(['forbidden']))
    expect(await ends({ address }, right)).toBe('too_many')
  })

  it('waits twice as long after each failure, and no longer for whoever asks in between', async () => {
    const address = somewhere()
    await fail({ address }, 11)
    for (const seconds of [1, 2, 4, 8]) {
      vi.advanceTimersByTime(seconds * 1_000 - 1)
      expect(await ends({ address }, right), `before ${seconds} s`).toBe('too_many')
      vi.advanceTimersByTime(1)
      expect(await ends({ address }, wrong), `after ${seconds} s`).toBe('forbidden')
    }
  })

  it('lets one of many that try at once have the turn', async () => {
    const address = somewhere()
    await fail({ address }, 10)
    const all = await Promise.all(Array.from({ length: 50 }, () => ends({ address }, wrong)))
    expect(all.filter((end) => end === 'forbidden')).toHaveLength(1)
  })

  it('counts an account from wherever it is tried, and forgets when it succeeds', async () => {
    const tried = () => ({ address: somewhere(), account: 'Break-Glass' })
    for (let i = 0; i < 6; i++) expect(await ends(tried(), wrong)).toBe('forbidden')
    expect(await ends({ address: somewhere(), account: 'break-glass' }, right)).toBe('too_many')
    vi.advanceTimersByTime(1_000)
    expect(await ends(tried(), right)).toBe('in')
    for (let i = 0; i < 6; i++) expect(await ends(tried(), wrong)).toBe('forbidden')
  })

  it('does not count what succeeds, nor what fails for another reason', async () => {
    const address = somewhere()
    for (let i = 0; i < 30; i++) {
      expect(await ends({ address }, right)).toBe('in')
      expect(await ends({ address }, () => Promise.reject(conflict('set up already')))).toBe('conflict')
    }
    expect(new Set(await fail({ address }, 11))).toEqual(new Set(['forbidden']))
  })

  it('begins anew after the window', async () => {
    const address = somewhere()
    await fail({ address }, 12)
    vi.advanceTimersByTime(901_000)
    expect(new Set(await fail({ address }, 11))).toEqual(new Set(['forbidden']))
  })
})
