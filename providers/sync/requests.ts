import type { ConfigPatch } from '../../lib/evaluation'
import { ask, type Request } from './ask'
import { type Failure, failureOf } from './endpoint'
import { parseJson } from './json'
import { readPatch } from './messages'

/** Asked of every body before it is read. */
type WaitFor = (body: string) => Promise<void>

export type FetchedConfig =
  /** As JSON: the engine parses no more of it than is needed. */
  | { readonly kind: 'config'; readonly config: string; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  | Failure

export type FetchedPatches =
  | { readonly kind: 'patches'; readonly patches: readonly ConfigPatch[] }
  /** The node no longer has the versions since ours: only the whole config helps. */
  | { readonly kind: 'gone' }
  | Failure

/** The whole config, or the fact that the one with this ETag still stands. */
export async function fetchConfig(
  request: Request,
  etag: string | null,
  waitFor: WaitFor,
): Promise<FetchedConfig> {
  const revalidates = etag !== null && request.endpoint.cache === 'no-store'
  const headers: Record<string, string> = revalidates ? { 'If-None-Match': etag } : {}
  return ask(request, '/config', { headers }, async (response): Promise<FetchedConfig> => {
    if (response.status === 304) return { kind: 'unchanged' }
    const body = await response.text()
    await waitFor(body)
    return isObject(body)
      ? { kind: 'config', config: body, etag: response.headers.get('etag') }
      : failureOf('the server answered with something other than a config')
  })
}

/** Every change since a version, oldest first. */
export function fetchPatches(request: Request, since: string, waitFor: WaitFor): Promise<FetchedPatches> {
  return ask(request, '/config', { query: { since } }, async (response): Promise<FetchedPatches> => {
    if (response.status === 410) return { kind: 'gone' }
    const body = await response.text()
    await waitFor(body)
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
