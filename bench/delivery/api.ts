export type Answer = {
  status: number
  etag: string
  body: Record<string, unknown> & { key?: string }
}
export type Api = (method: string, path: string, body?: unknown, ifMatch?: string) => Promise<Answer>

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

export function apiOf(url: string, token: string): Api {
  return async (method, path, body, ifMatch) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...bearer(token),
        'content-type': 'application/json',
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    const { status, headers } = response
    return { status, etag: headers.get('etag') ?? '', body: text ? JSON.parse(text) : {} }
  }
}

/** The answer of a request that must succeed. */
export async function must(answer: Promise<Answer>): Promise<Answer> {
  const { status, ...rest } = await answer
  if (status >= 300) throw new Error(`HTTP ${status}: ${JSON.stringify(rest.body)}`)
  return { status, ...rest }
}
