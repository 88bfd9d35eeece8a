import { LONGEST_HINT_MS } from './backoff'

/** Where a config comes from, and how this side proves that it may read it. */
export type Endpoint = {
  readonly url: string
  /** Sent on every request: a server key, which must never be part of a URL. */
  readonly headers: Readonly<Record<string, string>>
  /** Part of every URL: a client key, so that a CDN can cache by it. */
  readonly query: Readonly<Record<string, string>>
  /**
   * How `/config` is revalidated: by an ETag of ours, with nothing cached on the way,
   * or by the browser's own cache, which needs no CORS preflight.
   */
  readonly cache: 'no-store' | 'no-cache'
  readonly fetch: typeof fetch
}

export function address(
  endpoint: Endpoint,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const url = new URL(endpoint.url)
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  for (const [name, value] of Object.entries({ ...endpoint.query, ...query }))
    url.searchParams.set(name, value)
  return url.href
}

/** Why a request or a stream did not give what was asked for. */
export type Failure =
  /** The key is not accepted: asking again soon is no use. */
  | { readonly kind: 'refused'; readonly message: string; readonly retryMs: number }
  | { readonly kind: 'failed'; readonly message: string; readonly retryMs: number }

export function failed(message: string, retryMs = 0): Failure {
  return { kind: 'failed', message, retryMs }
}

/** A response that is no success, in the words of its status. */
export function failureOf(response: Response): Failure {
  const refused = response.status === 401 || response.status === 403
  return {
    kind: refused ? 'refused' : 'failed',
    message: refused
      ? `the server refused the key (HTTP ${response.status})`
      : `the server answered HTTP ${response.status}`,
    retryMs: retryAfterMs(response.headers.get('retry-after')),
  }
}

/** Retry-After in its form of seconds; the form of a date depends on clocks that may disagree. */
function retryAfterMs(header: string | null): number {
  return header && /^\d+$/.test(header) ? Math.min(Number(header) * 1_000, LONGEST_HINT_MS) : 0
}

export function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return (error instanceof Error ? error.message : String(error)) + cause
}
