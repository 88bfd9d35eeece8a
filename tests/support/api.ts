import { unlikeTheApi } from './api-schema'

// biome-ignore lint/suspicious/noExplicitAny: tests assert on shapes; the API's own types would hide a wrong one
export type Answer = { status: number; headers: Headers; body: any }

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

/** Requests to the API with a token, or without one; `headers` may replace it. A text body is sent as it is. */
export const apiOf = (url: string, token: string | null): Api =>
  apiWith(url, token === null ? {} : { authorization: `Bearer ${token}` })

/** Requests as a page of the dashboard sends them. */
export const pageApi = (url: string, cookie: string): Api =>
  apiWith(url, { cookie, 'sec-fetch-site': 'same-origin' })

function apiWith(url: string, credentials: Record<string, string>): Api {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...credentials,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const answer = text === '' ? null : JSON.parse(text)
    const wrong = unlikeTheApi(method, path, response.status, answer)
    if (wrong) throw new Error(wrong)
    return { status: response.status, headers: response.headers, body: answer }
  }
}
