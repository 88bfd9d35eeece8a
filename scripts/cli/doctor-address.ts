import { env } from '@/lib/env'
import { isLoopback } from '@/lib/outbound/endpoint'
import { type Finding, good, skipped, wrong } from './finding'
import { messageOf } from './installation'

const ANSWER_MS = 5_000
const FIRST_WORDS_MS = 5_000
const HEARTBEAT_MS = 15_000 // one is sent every 10 s

async function answered(path: string): Promise<Response> {
  return fetch(`${env.publicUrl}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    (error: Error) => {
      throw new Error(
        `does not answer (${messageOf(error.cause ?? error)}): start Jackstaff, or set PUBLIC_URL to what people type`,
      )
    },
  )
}

export async function checkAddress(): Promise<Finding> {
  const { protocol, hostname } = new URL(env.publicUrl)
  const ready = await answered('/readyz')
  if (ready.status !== 200)
    return wrong(`GET /readyz is answered with ${ready.status}: ${(await ready.text()).trim().slice(0, 200)}`)
  if (protocol === 'http:' && !isLoopback(hostname))
    return wrong(
      'plain http: anyone on the way reads sessions and keys; put TLS in front and set PUBLIC_URL to https',
    )
  return good('answers and is ready')
}

/** Resolves with what came once `pattern` did; null where it does not come in time. */
async function heard(reader: ReadableStreamDefaultReader<string>, pattern: RegExp, withinMs: number) {
  let text = ''
  const late = new Promise<null>((resolve) => setTimeout(resolve, withinMs, null).unref())
  for (;;) {
    const next = await Promise.race([reader.read(), late])
    if (next === null || next.done) return null
    text += next.value
    if (pattern.test(text)) return text
  }
}

const BUFFERED =
  'a proxy holds it back. Switch its buffering off for /config/stream (nginx: proxy_buffering off), and compression of text/event-stream; deploy/ has files that do'

export async function checkStream(): Promise<Finding> {
  const key = process.env.JACKSTAFF_KEY
  if (!key)
    return skipped('not tried: put a server key into JACKSTAFF_KEY, and one is opened through PUBLIC_URL')
  const stop = new AbortController()
  const began = performance.now()
  try {
    const slow = setTimeout(() => stop.abort(), FIRST_WORDS_MS)
    const response = await fetch(`${env.publicUrl}/config/stream`, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      signal: stop.signal,
    }).catch(() => null)
    clearTimeout(slow)
    if (!response) return wrong(`no answer within ${FIRST_WORDS_MS / 1_000} s: ${BUFFERED}`)
    if (response.status !== 200)
      return wrong(`answered with ${response.status}: ${(await response.text()).slice(0, 200)}`)
    if (response.headers.has('content-encoding'))
      return wrong(
        `compressed on the way (${response.headers.get('content-encoding')}), which delays events: ${BUFFERED}`,
      )
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    if (!(await heard(reader, /event: hello\n/, FIRST_WORDS_MS)))
      return wrong(`the first event does not come within ${FIRST_WORDS_MS / 1_000} s: ${BUFFERED}`)
    const first = Math.round(performance.now() - began)
    if (!(await heard(reader, /(^|\n):/, HEARTBEAT_MS)))
      return wrong(`the first event came, and no heartbeat within ${HEARTBEAT_MS / 1_000} s: ${BUFFERED}`)
    return good(`the first event came after ${first} ms, and a heartbeat followed: nothing buffers`)
  } finally {
    stop.abort()
  }
}
