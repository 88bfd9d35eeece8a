import { connect } from 'node:net'
import type { Random } from './random'

type Sent = { method: string; path: string; headers: Record<string, string>; body: string }

/** Where a try ends: while the request is sent, before anything is answered, or amid the answer. */
type Cut = { afterSent: number } | { afterAnswered: number }

const textOf = ({ method, path, headers, body }: Sent, host: string) =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n')

/** The status and body of a whole answer; null where something of it is missing. */
function whole(text: string): { status: number; body: string } | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = text.slice(0, end)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
  const rest = text.slice(end + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return Buffer.byteLength(rest) >= Number(length) ? { status, body: rest } : null
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return { status, body: rest }
  return /(^|\r\n)0\r\n\r\n$/.test(rest) ? { status, body: unchunked(rest) } : null
}

function unchunked(text: string): string {
  let body = ''
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (!(size > 0)) return body
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}

/** One try on a connection of its own, which is cut where `cut` says; null where no whole answer came. */
export function attempt(
  url: string,
  sent: Sent,
  cut: Cut | null,
): Promise<{ status: number; body: string } | null> {
  const { hostname, port, host } = new URL(url)
  const text = textOf(sent, host)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('close', () => resolve(whole(answer)))
    socket.on('data', (chunk: string) => {
      answer += chunk
      if (cut && 'afterAnswered' in cut && answer.length >= cut.afterAnswered) {
        answer = answer.slice(0, cut.afterAnswered)
        socket.destroy()
      }
    })
    if (cut && 'afterSent' in cut)
      socket.write(text.slice(0, Math.floor(text.length * cut.afterSent)), () => socket.destroy())
    else if (cut?.afterAnswered === 0) socket.write(text, () => setTimeout(() => socket.destroy(), 5))
    else socket.write(text)
  })
}

/** A cut at random, or none: three of five tries are cut. */
export function randomCut(random: Random): Cut | null {
  const kinds = [
    { afterSent: random.below(1_000) / 1_000 },
    { afterAnswered: 0 },
    { afterAnswered: 1 + random.below(400) },
    null,
    null,
  ]
  return random.pick(kinds)
}
