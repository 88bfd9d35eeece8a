/** A mistaken Retry-After must not silence a client for a day. */
export const LONGEST_HINT_MS = 300_000

/** Where a config comes from, and how this side proves that it may read it. */
export type Address = {
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

type Sent = RequestInit & {
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export type Endpoint = Pick<Address, 'cache'> & {
  readonly send: (path: string, sent: Sent) => Promise<Response>
  readonly failureOf: typeof failureOf
}

/** Why a request or a stream did not give what was asked for. */
export type Failure = {
  /** `refused`: the key is not accepted, and asking again soon is no use. */
  readonly kind: 'refused' | 'failed'
  /** Of HTTP; 0 where there was no answer, or one that makes no sense. */
  readonly status: number
  readonly message: string
  readonly retryMs: number
  /** A stream was opened, and nothing of it has come: something on the way keeps it back. */
  readonly muted?: boolean
}

/** One way to the server for all who ask it. */
export function endpointAt({ url, headers, query, cache, fetch }: Address): Endpoint {
  return {
    cache,
    send: async (path, sent) => {
      const target = new URL(url)
      target.pathname = target.pathname.replace(/\/+$/, '') + path
      for (const [name, value] of Object.entries({ ...query, ...sent.query }))
        target.searchParams.set(name, value)
      return fetch(target.href, { ...sent, headers: { ...headers, ...sent.headers } })
    },
    failureOf,
  }
}

/** A response that is no success, in the words of its status; or whatever else went wrong. */
export function failureOf(cause: unknown): Failure {
  if (!(cause instanceof Response))
    return { kind: 'failed', status: 0, message: messageOf(cause), retryMs: 0 }
  const { status, headers } = cause
  const refused = status === 401 || status === 403
  return {
    kind: refused ? 'refused' : 'failed',
    status,
    message: refused ? `the server refused the key (HTTP ${status})` : `the server answered HTTP ${status}`,
    retryMs: retryAfterMs(headers.get('retry-after')),
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
