import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Ask } from '../answer'
import { HEARTBEAT_MS } from '../frames'
import { EVENT_STREAM, type Item, type Relay, tell } from './relay'

const MOST_ITEMS = 500
const TOKEN_S = 60

const base64url = (text: string) => Buffer.from(text).toString('base64url')
const signed = (text: string, key: Buffer) => createHmac('sha256', key).update(text).digest()

function isSigned(token: string | undefined, key: Buffer): boolean {
  const [head, body, signature, ...rest] = token?.split('.') ?? []
  if (!head || !body || !signature || rest.length > 0) return false
  const [given, own] = [Buffer.from(signature, 'base64url'), signed(`${head}.${body}`, key)]
  if (given.length !== own.length || !timingSafeEqual(given, own)) return false
  const { exp } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { exp?: unknown }
  return typeof exp === 'number' && exp * 1_000 > Date.now()
}

function token(iss: string, key: Buffer): string {
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_S
  const text = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify({ iss, exp }))}`
  return `${text}.${signed(text, key).toString('base64url')}`
}

/** The key as Pushpin writes it: bytes in base64 after `base64:`, else the text itself. */
const keyOf = (text: string) =>
  text.startsWith('base64:') ? Buffer.from(text.slice(7), 'base64') : Buffer.from(text)

const messages = ({ channel, id, bytes, closes }: Item) => [
  { channel, id, formats: { 'http-stream': { content: bytes.toString('utf8') } } },
  ...(closes ? [{ channel, id: `${id} end`, formats: { 'http-stream': { action: 'close' } } }] : []),
]

/**
 * GRIP, https://pushpin.org/docs/protocols/grip/. The proxy signs what it passes on (HS256) and drops ids that it has seen,
 * so any number of edges may tell it the same.
 *
 * @example gripRelay('http://127.0.0.1:5561?key=changeme')
 */
export function gripRelay(address: string): Relay {
  const url = new URL(address)
  const [iss, secret] = [url.searchParams.get('iss'), url.searchParams.get('key')]
  if (!secret) throw new Error('JACKSTAFF_GRIP_URL: add ?key=<the sig_key of the proxy>')
  const key = keyOf(secret)
  const publish = new URL(`${url.pathname.replace(/\/$/, '')}/publish/`, url)
  return {
    name: 'GRIP',
    most: MOST_ITEMS,
    carries: (ask: Ask) => isSigned(ask.header('grip-sig'), key),
    hold: (channels, first) => ({
      status: 200,
      headers: {
        ...EVENT_STREAM,
        'Grip-Hold': 'stream',
        'Grip-Channel': channels.join(', '),
        'Grip-Keep-Alive': `:\\n\\n; format=cstring; timeout=${HEARTBEAT_MS / 1_000}`,
      },
      body: first,
    }),
    send: (items) =>
      tell(publish, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(iss === null ? {} : { Authorization: `Bearer ${token(iss, key)}` }),
        },
        body: JSON.stringify({ items: items.flatMap(messages) }),
      }),
  }
}
