import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from './clock'
import type { Handlers } from './worker'

// Streams as raw sockets: of what arrives only the versions are read, so that reading costs less than serving.

export type Target = {
  port: number
  /** What is sent on each new connection, up to and without the empty line. */
  request: string
  /** The version that a stream is at when it opens and does not say so itself. */
  version: number
}

export type OpenAsked = {
  target: Target
  count: number
  /** Connections that are being opened at once. */
  atOnce: number
  /** Sent as Last-Event-ID. */
  lastId?: string
}

/** When each version reached each stream, and what else was heard. */
export type Heard = {
  arrivals: Map<number, Float64Array>
  /** Streams by the first event that brought them a version. */
  firstEvents: Record<string, number>
  refused: number
  closed: number
  connected: number
}

type Stream = {
  socket: Socket
  target: Target
  /** What Last-Event-ID says after it is lost. */
  id: string | undefined
  version: number
  /** The beginning of an event whose end has not arrived. */
  rest: string
  retryMs: number
  opened: () => void
  isOpen: boolean
  /** Resumed, and not yet told what it missed. */
  fresh: boolean
  /** Hung up by us, on purpose. */
  left: boolean
}

const JITTER_MS = 1_000 // that of providers at their first try
const BUFFER = Buffer.allocUnsafe(256 * 1024) // one for all: what arrives is read before the next arrives

const streams = new Set<Stream>()
let arrivals = new Map<number, number[]>()
let firstEvents: Record<string, number> = {}
let refused = 0
let closed = 0

const versionOf = (id: string): number => Number.parseInt(id.slice(id.indexOf('.') + 1), 10)

function arrived(stream: Stream, id: string, event: string): void {
  const at = now()
  const version = versionOf(id)
  if (stream.fresh) {
    stream.fresh = false
    firstEvents[event] = (firstEvents[event] ?? 0) + 1
  }
  for (let v = stream.version + 1; v <= version; v++) {
    const times = arrivals.get(v)
    if (times) times.push(at)
    else arrivals.set(v, [at])
  }
  if (version < stream.version) return
  stream.version = version
  stream.id = id
}

function opened(stream: Stream): void {
  if (stream.isOpen) return
  stream.isOpen = true
  stream.opened()
}

const EVENT = /(?:^|\n)event: (\w+)/
const RETRY = /(?:^|\n)retry: (\d+)/
const SENT_AWAY = /^HTTP\/1\.1 (?!200)[\s\S]*?\r\n\r\n/
const RETRY_AFTER = /\r\nretry-after: (\d+)/i
const ID_LINE = /\nid: ([\w.]+)/
const ID_INSIDE = /"id":"([\w.]+)"/
const TO_INSIDE = /"to":"([\w.]+)"/ // a server that names no events sends the same data

function read(stream: Stream, event: string): void {
  const name = EVENT.exec(event)?.[1]
  if (name === 'hello') {
    const id = ID_INSIDE.exec(event)![1]!
    stream.retryMs = Number(RETRY.exec(event)![1])
    stream.id ??= id
    if (stream.version < 0) stream.version = versionOf(id)
    opened(stream)
    return
  }
  const pattern = name === undefined ? TO_INSIDE : name === 'resync' ? ID_INSIDE : ID_LINE
  const id = pattern.exec(event)?.[1]
  if (id !== undefined) arrived(stream, id, name ?? 'message')
}

function take(stream: Stream, text: string): void {
  const all = stream.rest + text
  if (!stream.isOpen && SENT_AWAY.test(all)) {
    const seconds = RETRY_AFTER.exec(all)?.[1]
    if (seconds !== undefined) stream.retryMs = Number(seconds) * 1_000
    stream.socket.destroy() // the server would keep the connection for another request
    return
  }
  if (!stream.isOpen && stream.target.version >= 0 && all.startsWith('HTTP/1.1 200')) opened(stream)
  let from = 0
  for (let end = all.indexOf('\n\n'); end >= 0; end = all.indexOf('\n\n', from)) {
    read(stream, all.slice(from, end))
    from = end + 2
  }
  stream.rest = all.slice(from)
}

/** Opens a stream, and again while that fails; resolves at its first word. */
function open(target: Target, id?: string): Promise<void> {
  return new Promise((resolve) => {
    const stream: Stream = {
      socket: connect({
        host: '127.0.0.1',
        port: target.port,
        onread: {
          buffer: BUFFER,
          callback: (bytes) => {
            take(stream, BUFFER.toString('latin1', 0, bytes))
            return true
          },
        },
      }),
      target,
      id,
      version: id === undefined ? target.version : versionOf(id),
      rest: '',
      retryMs: 1_000,
      opened: resolve,
      isOpen: false,
      fresh: id !== undefined,
      left: false,
    }
    const { socket } = stream
    socket.setNoDelay(true)
    socket.write(`${target.request}${id === undefined ? '' : `Last-Event-ID: ${id}\r\n`}\r\n`)
    socket.on('error', () => {}) // it closes, too
    socket.on('close', () => {
      streams.delete(stream)
      if (stream.left) return
      if (stream.isOpen) {
        closed++
        return
      }
      refused++
      void sleep(stream.retryMs + Math.random() * JITTER_MS).then(() => open(target, id).then(resolve))
    })
    streams.add(stream)
  })
}

async function openAll({ target, count, atOnce, lastId }: OpenAsked): Promise<{ tookMs: number }> {
  const started = performance.now()
  let opening = 0
  const lane = async () => {
    while (opening++ < count) await open(target, lastId)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane))
  return { tookMs: performance.now() - started }
}

function hangUp(): Stream[] {
  const all = [...streams]
  for (const stream of all) {
    stream.left = true
    stream.socket.destroy()
  }
  streams.clear()
  return all
}

/** All hang up at once and come back as the protocol says: after `retry:` and a jitter. */
async function storm(): Promise<{ tookMs: number }> {
  const started = performance.now()
  const back = hangUp().map(async ({ target, id, retryMs }) => {
    await sleep(retryMs + Math.random() * JITTER_MS)
    await open(target, id)
  })
  await Promise.all(back)
  return { tookMs: performance.now() - started }
}

function heard(): Heard {
  const said: Heard = {
    arrivals: new Map([...arrivals].map(([version, times]) => [version, Float64Array.from(times)])),
    firstEvents,
    refused,
    closed,
    connected: streams.size,
  }
  arrivals = new Map()
  firstEvents = {}
  refused = 0
  closed = 0
  return said
}

/** How many streams are at a version or past it. */
const reached = ({ version }: { version: number }): number =>
  [...streams].filter((stream) => stream.version >= version).length

export const readers = {
  open: openAll,
  storm,
  heard,
  reached,
  close: () => {
    hangUp()
  },
} satisfies Handlers

export type Readers = typeof readers
