import { request } from 'node:http'

export type Seen = { status: number; location: string | null; body: string; setCookies: string[] }
type Send = { method?: string; body?: string; headers?: Record<string, string> }

/**
 * A browser as far as log-ins need one: cookies by origin, navigations that follow nothing by themselves, and an
 * address of its own on this machine, by which the audit trail tells it apart.
 */
export function ssoBrowser(address: string) {
  const jars = new Map<string, Map<string, string>>()
  const jar = (url: URL) => {
    const known = jars.get(url.origin) ?? new Map<string, string>()
    jars.set(url.origin, known)
    return known
  }

  async function send(text: string, { method = 'GET', body, headers = {} }: Send = {}): Promise<Seen> {
    const url = new URL(text)
    const cookies = [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await new Promise<{
      status: number
      headers: NodeJS.Dict<string | string[]>
      body: string
    }>((resolve, reject) => {
      const sent = request(
        url,
        {
          method,
          localAddress: address,
          agent: false,
          headers: {
            ...(cookies && { cookie: cookies }),
            ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
            ...headers,
          },
        },
        async (answer) => {
          const chunks: Buffer[] = []
          for await (const chunk of answer) chunks.push(chunk as Buffer)
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
    const setCookies = [response.headers['set-cookie'] ?? []].flat()
    for (const line of setCookies) {
      const pair = line.split(';', 1)[0]!
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (value === '') jar(url).delete(name)
      else jar(url).set(name, value)
    }
    const location = [response.headers.location ?? []].flat()[0] ?? null
    return { status: response.status, location, body: response.body, setCookies }
  }

  return {
    address,
    send,
    cookie: (origin: string, name: string) => jars.get(new URL(origin).origin)?.get(name),
    /** Forgets the cookies of a site. */
    forget: (origin: string) => jars.delete(new URL(origin).origin),
    setCookie: (origin: string, name: string, value: string) => jar(new URL(origin)).set(name, value),
    /** As a page of ours calls the API. */
    async api(origin: string, method: string, path: string, body?: unknown) {
      const seen = await send(`${origin}/api/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      // biome-ignore lint/suspicious/noExplicitAny: tests assert on shapes
      return { ...seen, json: (seen.body === '' ? null : JSON.parse(seen.body)) as any }
    },
    /** A form, posted by a page of somebody else: no cookie of ours comes along. */
    postFrom: (url: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields).toString()
      const kept = jars.get(new URL(url).origin)
      jars.delete(new URL(url).origin)
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
        origin: 'https://login.example.com',
      }
      return send(url, { method: 'POST', body, headers }).finally(() => {
        if (kept) jars.set(new URL(url).origin, kept)
      })
    },
  }
}

export type SsoBrowser = ReturnType<typeof ssoBrowser>

let next = 1

/** A browser that nobody else is. */
export const newBrowser = () => {
  next++
  return ssoBrowser(`127.0.${Math.floor(next / 250)}.${(next % 250) + 2}`)
}
