import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, parsePublished, untilHeard } from './api-client'

it('reads which config each environment was published as', () => {
  expect(parsePublished('production=1.42.9f8e7d6c, staging=1.7.01234567')).toEqual({
    production: '1.42.9f8e7d6c',
    staging: '1.7.01234567',
  })
  expect(parsePublished(null)).toEqual({})
})

describe('asking until Jackstaff answers', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const problem = (status: number) => new ApiError({ title: '', detail: '', status })

  /** Asks what is answered with these statuses, the last of them for ever; 200 is an answer. */
  async function asking(statuses: number[], { stopAfterMs = Number.POSITIVE_INFINITY } = {}) {
    const stop = new AbortController()
    let asked = 0
    let again = 0
    const ask = async () => {
      const status = statuses[Math.min(asked++, statuses.length - 1)]!
      if (status !== 200) throw problem(status)
      return 'killed'
    }
    const answer = untilHeard(ask, { signal: stop.signal, whenAgain: () => again++ }).catch(
      ({ status }: ApiError) => status,
    )
    if (stopAfterMs < Number.POSITIVE_INFINITY) setTimeout(() => stop.abort(), stopAfterMs)
    await vi.advanceTimersByTimeAsync(60_000)
    return { answer: await answer, asked, again }
  }

  it('goes on over silence, gateways and a database that is away', async () => {
    expect(await asking([0, 502, 503, 504, 200])).toEqual({ answer: 'killed', asked: 5, again: 4 })
  })

  it.each([400, 401, 403, 404, 409, 429, 500])('takes %i for an answer', async (status) => {
    expect(await asking([status])).toEqual({ answer: status, asked: 1, again: 0 })
  })

  it('ends after half a minute, or when it is told to', async () => {
    expect(await asking([503])).toMatchObject({ answer: 503, asked: 31 })
    expect(await asking([503], { stopAfterMs: 2_500 })).toEqual({ answer: 503, asked: 3, again: 3 })
  })
})
