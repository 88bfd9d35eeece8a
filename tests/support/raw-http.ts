import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

export type Raw = { status: number; headers: IncomingHttpHeaders; body: Buffer }
export type Sent = { method?: string; headers?: Record<string, string>; body?: string }

/** Opens a request on a connection of its own, as it stands: `fetch` would add, decode and follow. */
export function open(
  url: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, resolve).on('error', reject).end(body)
  })
}

export async function raw(url: string, sent?: Sent): Promise<Raw> {
  const response = await open(url, sent)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
