import type { IncomingHttpHeaders } from 'node:http'
import { until } from './process'
import { bearer, open } from './raw-http'

/** One server-sent event as it came: `bytes` counts the whole frame, `at` is when its last byte was here. */
export type Frame = {
  event: string
  id: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on shapes; the server's own types would hide a wrong one
  data: any
  text: string
  bytes: number
  at: number
}

export type Stream = {
  status: number
  headers: IncomingHttpHeaders
  frames: readonly Frame[]
  /** Milliseconds, as the stream's `retry:` lines have told. */
  retries: readonly number[]
  heartbeats(): number
  /** Whether the server has closed it. */
  ended(): boolean
  next(event: string, withinMs?: number): Promise<Frame>
  /** Hands over every frame, in order, until the server has closed it. */
  drain(take: (frame: Frame) => void): Promise<void>
  close(): void
}

const field = (lines: readonly string[], name: string) =>
  lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)

function frameOf(text: string): Frame | null {
  const lines = text.split('\n')
  const data = field(lines, 'data')
  return data === undefined
    ? null
    : {
        event: field(lines, 'event') ?? 'message',
        id: field(lines, 'id'),
        data: JSON.parse(data),
        text,
        bytes: Buffer.byteLength(text) + 2,
        at: performance.now(),
      }
}

/** The events of what was read of a stream; one that is not whole counts for nothing. */
export function framesOf(text: string): Frame[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((part) => frameOf(part) ?? [])
}

/** Opens `/config/stream` and keeps all that it says. */
export async function openStream(
  url: string,
  key: string,
  lastEventId?: string,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const response = await open(`${url}/config/stream`, {
    headers: {
      ...bearer(key),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      ...headers,
    },
  })
  const frames: Frame[] = []
  const takers: ((frame: Frame) => void)[] = []
  const retries: number[] = []
  let heartbeats = 0
  let ended = false
  let rest = ''
  let read = 0
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) {
      const retry = field(part.split('\n'), 'retry')
      if (retry !== undefined) retries.push(Number(retry))
      const frame = frameOf(part)
      if (frame) {
        frames.push(frame)
        for (const take of takers) take(frame)
      } else if (part.startsWith(':')) heartbeats++
    }
  })
  response
    .on('error', () => {})
    .once('close', () => {
      ended = true
    })
  return {
    status: response.statusCode!,
    headers: response.headers,
    frames,
    retries,
    heartbeats: () => heartbeats,
    ended: () => ended,
    async next(event, withinMs = 5_000) {
      const found = await until(
        `a frame "${event}" after ${frames.map((frame) => frame.event)}`,
        () => frames.slice(read).find((frame) => frame.event === event),
        withinMs,
      )
      read = frames.indexOf(found) + 1
      return found
    },
    drain(take) {
      for (const frame of frames) take(frame)
      takers.push(take)
      return new Promise((done) => {
        if (ended) done()
        else response.once('close', () => done())
      })
    },
    close: () => response.destroy(),
  }
}
