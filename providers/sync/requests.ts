import type { ConfigPatch } from '../../lib/evaluation'
import type { Clock } from './clock'
import { address, type Endpoint, type Failure, failed, failureOf, messageOf } from './endpoint'
import { parseJson, readPatch } from './messages'

const TIMEOUT_MS = 10_000

export type Fetched =
  | { readonly kind: 'config'; readonly config: unknown; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'patches'; readonly patches: readonly ConfigPatch[] }
  /** The node no longer has the versions since ours: only the whole config helps. */
  | { readonly kind: 'gone' }
  | Failure

/** The whole config, or the fact that the one with this ETag still stands. */
export function fetchConfig(endpoint: Endpoint, clock: Clock, etag: string | null, abort: AbortController) {
  const headers: Record<string, string> =
    etag && endpoint.cache === 'no-store' ? { 'If-None-Match': etag } : {}
  return ask(endpoint, clock, {}, headers, abort, (status, body, response) => {
    if (status === 304) return { kind: 'unchanged' }
    const config = parseJson(body)
    return config === undefined
      ? failed('the server answered with something other than a config')
      : { kind: 'config', config, etag: response.headers.get('etag') }
  })
}

/** Every change since a version, oldest first. */
export function fetchPatches(endpoint: Endpoint, clock: Clock, since: string, abort: AbortController) {
  return ask(endpoint, clock, { since }, {}, abort, (status, body) => {
    if (status === 410) return { kind: 'gone' }
    const { patches } = (parseJson(body) ?? {}) as { patches?: unknown }
    const read = Array.isArray(patches) ? patches.map(readPatch) : [null]
    return read.every((patch) => patch !== null) ? { kind: 'patches', patches: read } : { kind: 'gone' }
  })
}

async function ask(
  endpoint: Endpoint,
  clock: Clock,
  query: Record<string, string>,
  headers: Record<string, string>,
  abort: AbortController,
  read: (status: number, body: string, response: Response) => Fetched,
): Promise<Fetched> {
  const cancel = clock.after(TIMEOUT_MS, () => abort.abort(new Error(`no answer within ${TIMEOUT_MS} ms`)))
  const { fetch } = endpoint // detached: a browser's fetch accepts no other receiver
  try {
    const response = await fetch(address(endpoint, '/config', query), {
      headers: { ...endpoint.headers, ...headers },
      cache: endpoint.cache,
      signal: abort.signal,
    })
    const expected = response.ok || response.status === 304 || response.status === 410
    return expected ? read(response.status, await response.text(), response) : failureOf(response)
  } catch (error) {
    return failed(messageOf(error))
  } finally {
    cancel()
    abort.abort() // an unread body would keep its socket
  }
}
