import type { IncomingMessage, ServerResponse } from 'node:http'
import { countedAs } from '@/lib/limits/client-address'
import { addressOf } from '@/lib/limits/request-address'
import type { Ask, Reply } from './answer'

const MAX_DRAINED_BYTES = 8 * 1024 * 1024 // a sender that is cut off amid its body does not hear why

const NO_QUERY = new URLSearchParams() // most requests: parsing nothing costs as much as comparing a key

/** The path of a request's address as it was sent, and its query. */
function split(url: string): [path: string, query: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

export function askOf(request: IncomingMessage): Ask {
  const [path, search] = split(request.url ?? '/')
  let query: URLSearchParams | undefined
  return {
    method: request.method ?? 'GET',
    path,
    get query() {
      query ??= search === '' ? NO_QUERY : new URLSearchParams(search)
      return query
    },
    header: (name) => {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    client: () => countedAs(addressOf(request)),
    async text(limit) {
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size <= limit) chunks.push(chunk)
        else if (size > MAX_DRAINED_BYTES) return null
      }
      return size > limit ? null : Buffer.concat(chunks).toString('utf8')
    },
  }
}

/** Whatever an answer says it is, it is. */
export const NO_SNIFFING = { 'X-Content-Type-Options': 'nosniff' } as const

export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, {
    ...headers,
    ...NO_SNIFFING,
    ...(body !== null && { 'Content-Length': Buffer.byteLength(body) }),
  })
  response.end(body ?? undefined)
}
