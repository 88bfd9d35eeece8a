// biome-ignore lint/suspicious/noExplicitAny: tests assert on shapes; the API's own types would hide a wrong one
export type Answer = { status: number; headers: Headers; body: any }

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

/** Requests to the API with a token, or without one; `headers` may replace it. A text body is sent as it is. */
export function apiOf(url: string, token: string | null): Api {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
}
