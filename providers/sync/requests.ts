import type { ConfigPatch } from '../../lib/evaluation'
import type { Clock } from './clock'
import { address, type Endpoint, type Failure, failed, failureOf, messageOf } from './endpoint'
import { parseJson, readPatch } from './messages'

const TIMEOUT_MS = 10_000

export type Request = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly abort: AbortController
  /** `since`: only the patches after this id. `min`: a node that knows less than this id declines. */
  readonly query: { readonly since?: string; readonly min?: string }
  /** Asked of every body before it is read. */
  readonly waitFor: (body: string) => Promise<void>
}

export type Fetched =
  /** As JSON: the engine parses no more of it than is needed. */
  | { readonly kind: 'config'; readonly config: string; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'patches'; readonly patches: readonly ConfigPatch[] }
  /** The node no longer has the versions since ours: only the whole config helps. */
  | { readonly kind: 'gone' }
  | Failure

/** The whole config, or the fact that the one with this ETag still stands. */
export function fetchConfig(request: Request, etag: string | null): Promise<Fetched> {
  const revalidates = etag !== null && request.endpoint.cache === 'no-store'
  return ask(request, revalidates ? { 'If-None-Match': etag } : {}, (response, body) => {
    if (response.status === 304) return { kind: 'unchanged' }
    return isObject(body)
      ? { kind: 'config', config: body, etag: response.headers.get('etag') }
      : failed('the server answered with something other than a config')
  })
}

/** Every change since a version, oldest first. */
export function fetchPatches(request: Request): Promise<Fetched> {
  return ask(request, {}, ({ status }, body) => {
    if (status === 410) return { kind: 'gone' }
    const { patches } = (parseJson(body) ?? {}) as { patches?: unknown }
    const read = Array.isArray(patches) ? patches.map(readPatch) : [null]
    return read.every((patch) => patch !== null) ? { kind: 'patches', patches: read } : { kind: 'gone' }
  })
}

/** Whether a body can be JSON of an object, and all of it: the engine looks closer. */
function isObject(body: string): boolean {
  const text = body.trim()
  return text.startsWith('{') && text.endsWith('}')
}

async function ask(
  { endpoint, clock, abort, query, waitFor }: Request,
  headers: Record<string, string>,
  read: (response: Response, body: string) => Fetched,
): Promise<Fetched> {
  const cancel = clock.after(TIMEOUT_MS, () => abort.abort(new Error(`no answer within ${TIMEOUT_MS} ms`)))
  const { cache, fetch } = endpoint // detached: a browser's fetch accepts no other receiver
  try {
    const response = await fetch(address(endpoint, '/config', query), {
      headers: { ...endpoint.headers, ...headers },
      cache,
      signal: abort.signal,
    })
    const expected = response.ok || response.status === 304 || response.status === 410
    if (!expected) return failureOf(response)
    const body = await response.text()
    await waitFor(body)
    return read(response, body)
  } catch (error) {
    return failed(messageOf(error))
  } finally {
    cancel()
    abort.abort() // an unread body would keep its socket
  }
}
