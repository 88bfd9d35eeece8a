/** A delivery request, whichever server carries it. */
export type Ask = {
  method: string
  path: string
  query: URLSearchParams
  header(name: string): string | undefined
  /** Whose request it is, as budgets count. */
  client(): string
  /** The body as text, at most `limit` bytes; null when it is longer. */
  text(limit: number): Promise<string | null>
}

export type Reply = { status: number; headers: Record<string, string>; body: string | Buffer | null }

/** For client keys alone: what they show is public, and credentials never ride in a cookie. */
export const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Jackstaff-Stale',
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

/** RFC 9457: what is wrong, and the way out. */
export function problem(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): Reply {
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  return {
    status,
    body,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...CORS, ...headers },
  }
}
