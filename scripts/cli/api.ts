import { env } from '@/lib/env'
import { UsageError } from './command'
import { messageOf } from './installation'

const ANSWER_MS = 10_000

// biome-ignore lint/suspicious/noExplicitAny: each command knows what it asked for
export type Answer = { body: any; etag: string }
export type Api = (method: string, path: string, body?: unknown, ifMatch?: string) => Promise<Answer>

/** The API at PUBLIC_URL with the token of the environment. A refusal is thrown in the server's words. */
export function api(): Api {
  const token = process.env.JACKSTAFF_TOKEN
  if (!token)
    throw new UsageError('put an API token into JACKSTAFF_TOKEN: the dashboard makes one under Tokens')
  return async (method, path, body, ifMatch) => {
    const response = await fetch(`${env.publicUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch((error: Error) => {
      throw new Error(
        `${env.publicUrl} does not answer (${messageOf(error.cause ?? error)}): set PUBLIC_URL to where Jackstaff is`,
      )
    })
    const text = await response.text()
    const read = text.startsWith('{') ? JSON.parse(text) : null
    if (!response.ok)
      throw new Error(read?.detail ?? `${method} ${path} was answered with ${response.status}`)
    return { body: read, etag: response.headers.get('etag') ?? '' }
  }
}

export const pathOf = (project: string, ...rest: string[]) =>
  `/projects/${[project, ...rest].map(encodeURIComponent).join('/')}`
