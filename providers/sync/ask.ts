import type { Clock } from './clock'
import { type Endpoint, type Failure, failureOf } from './endpoint'

const TIMEOUT_MS = 10_000

export type Request = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly abort: AbortController
  /** A node that knows less than this id declines. */
  readonly min: string | null
  readonly timeoutMs?: number
}

/** Sends one request and reads its answer, in time or not at all. */
export async function ask<T>(
  { endpoint, clock, abort, min, timeoutMs = TIMEOUT_MS }: Request,
  path: string,
  init: { query?: Record<string, string>; headers?: Record<string, string>; body?: string },
  read: (response: Response) => Promise<T>,
): Promise<T | Failure> {
  const cancel = clock.after(timeoutMs, () => abort.abort(new Error(`no answer within ${timeoutMs} ms`)))
  const { query, body } = init
  try {
    const response = await endpoint.send(path, {
      ...init,
      ...(body !== undefined && { method: 'POST' }),
      query: { ...query, ...(min && { min }) },
      cache: endpoint.cache,
      signal: abort.signal,
    })
    const expected = response.ok || response.status === 304 || response.status === 410
    return expected ? await read(response) : failureOf(response)
  } catch (error) {
    return failureOf(error)
  } finally {
    cancel()
    abort.abort() // an unread body would keep its socket
  }
}
