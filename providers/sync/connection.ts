import type { Cancel, Clock } from './clock'
import type { Endpoint, Failure } from './endpoint'
import { EventStreamParser } from './event-stream'
import { type Message, parseMessage } from './messages'

// Heartbeats come every 10 s; two and a half missed ones mean that the peer is gone.
const QUIET_LIMIT_MS = 25_000
const GREETING_LIMIT_MS = 5_000 // the server greets with the first bytes: what keeps them back will keep all back
const HEARTBEATS_MISSED = 2.5

export type ConnectionEvents = {
  readonly message: (message: Message) => void
  /** Whatever came, a heartbeat among it: the server is there. */
  readonly beat?: () => void
  /** Once, and never after the connection was closed by its owner. */
  readonly end: (failure: Failure) => void
}

/** Opens one stream and reads it until it ends; the returned function closes it. */
export function openConnection(
  endpoint: Endpoint,
  clock: Clock,
  /** Of what is held when the stream is opened; `null`: nothing that the server has confirmed. */
  lastEventId: () => string | null,
  events: ConnectionEvents,
): Cancel {
  const { failureOf } = endpoint
  const abort = new AbortController()
  let open = true
  let greeted = false
  let quietLimitMs = GREETING_LIMIT_MS
  let retryMs = 0
  let stopWatch: Cancel = () => {}

  const close = () => {
    open = false
    stopWatch()
    abort.abort()
  }
  const end = (failure: Failure) => {
    if (!open) return
    close()
    events.end({ ...failure, retryMs: Math.max(failure.retryMs, retryMs) })
  }
  const watch = () => {
    stopWatch()
    stopWatch = clock.after(quietLimitMs, () => {
      const failure = failureOf(`the stream was silent for ${quietLimitMs} ms`)
      end(greeted ? failure : { ...failure, muted: true })
    })
  }
  const receive = (chunk: string, parser: EventStreamParser) => {
    for (const item of parser.push(chunk)) {
      if (!open) return
      if (item.type === 'oversized') return end(failureOf('an event on the stream has no end'))
      if (item.type === 'retry') {
        retryMs = item.ms
        continue
      }
      const message = parseMessage(item.name, item.data)
      if (message?.type === 'hello') {
        greeted = true
        quietLimitMs = message.heartbeat * HEARTBEATS_MISSED || QUIET_LIMIT_MS
      }
      if (message) events.message(message)
    }
  }

  const run = async () => {
    const id = lastEventId()
    const response = await endpoint.send('/config/stream', {
      headers: {
        Accept: 'text/event-stream',
        ...(id && { 'Last-Event-ID': id }),
      },
      cache: 'no-store',
      signal: abort.signal,
    })
    if (!response.ok) return end(failureOf(response))
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!isStream || !response.body)
      return end(failureOf('the server answered with something other than a stream'))
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    const parser = new EventStreamParser()
    while (open) {
      const { done, value } = await reader.read()
      if (done) return end(failureOf('the server closed the stream'))
      if (!open) return
      receive(decoder.decode(value, { stream: true }), parser)
      if (open) events.beat?.()
      if (open && greeted) watch() // whoever only keeps us waiting is no server of ours
    }
  }

  watch()
  run().catch((error: unknown) => end(failureOf(error)))
  return close
}
