import type { Step } from '../backlog'
import { now } from '../clock'
import type { Environment } from '../environment'
import { definitionOf } from '../flagd'
import type { Follower } from '../followers'
import type { Key } from '../keys'
import type { OpenStream } from '../sightings'
import { CODES, definitionMessage, type Refusal } from './wire'

const COALESCE_MS = 200 // a definition is written and sent as a whole: a burst of edits becomes one; a kill never waits
const REST = 9 // times as long as writing one took: edits without pause leave nine tenths of a core to others
const MOST = 1_000 // each change goes out to each stream as a whole
const EXPIRY_EVERY_MS = 10_000

/** The part of a gRPC call that a stream needs. */
export type Call = {
  write(message: Buffer, taken: () => void): boolean
  once(event: 'cancelled' | 'close', listener: () => void): unknown
  emit(event: 'error', error: Error & Refusal): boolean
}

type Reader = {
  call: Call
  key: Key
  client: string
  since: number
  environment: Environment
  sent: Environment['head'] | null
  busy: boolean
}
type Channel = { restsUntil: number; timer: NodeJS.Timeout | undefined }

const messages = new WeakMap<Environment['head'], Buffer>()

/** An environment as flagd.sync.v1 sends it, encoded once a version. */
export function messageOf(environment: Environment): Buffer {
  let message = messages.get(environment.head)
  if (!message) {
    message = definitionMessage(definitionOf(environment, 'server').text)
    messages.set(environment.head, message)
  }
  return message
}

/** The open SyncFlags streams of this node: each gets the whole definition at first, and after each change. */
export class FlagdStreams implements Follower {
  private readonly readers = new Set<Reader>()
  private readonly channels = new WeakMap<Environment, Channel>()
  private readonly expiry: NodeJS.Timeout

  constructor() {
    this.expiry = setInterval(() => this.expire(), EXPIRY_EVERY_MS)
    this.expiry.unref()
  }

  get size(): number {
    return this.readers.size
  }

  /** Adds a stream, or ends it where there are too many. */
  join(call: Call, key: Key, environment: Environment, client = ''): void {
    if (this.readers.size >= MOST) {
      end(call, CODES.RESOURCE_EXHAUSTED, `this node holds ${MOST} streams: ask another one`)
      return
    }
    const reader: Reader = { call, key, environment, client, since: now(), sent: null, busy: false }
    this.readers.add(reader)
    for (const event of ['cancelled', 'close'] as const) call.once(event, () => this.readers.delete(reader))
    this.send(reader)
  }

  /** Who reads, for those who report it. */
  *streams(): Iterable<OpenStream> {
    for (const { key, client, since, sent, busy, environment } of this.readers)
      yield { key, client, since, protocol: 'flagd', current: !busy && sent === environment.head }
  }

  step(environment: Environment, { kill }: Step): void {
    const channel = this.channels.get(environment) ?? { restsUntil: 0, timer: undefined }
    this.channels.set(environment, channel)
    const wait = channel.restsUntil - Date.now()
    if (kill || wait <= 0) this.flush(environment, channel)
    else channel.timer ??= setTimeout(() => this.flush(environment, channel), wait)
  }

  reset(environment: Environment): void {
    this.flush(environment, { restsUntil: 0, timer: undefined })
  }

  revoked(keyIds: readonly string[]): void {
    const ids = new Set(keyIds)
    this.dismiss(CODES.UNAUTHENTICATED, 'this key was revoked', ({ key }) => ids.has(key.id))
  }

  removed(environment: Environment): void {
    this.dismiss(CODES.NOT_FOUND, 'this environment is gone', (reader) => reader.environment === environment)
  }

  /** An end without an error is one that clients do not come back from. */
  close(): void {
    clearInterval(this.expiry)
    this.dismiss(CODES.UNAVAILABLE, 'this process ends: ask another one', () => true)
  }

  private flush(environment: Environment, channel: Channel): void {
    clearTimeout(channel.timer)
    channel.timer = undefined
    const began = performance.now()
    for (const reader of this.readers) if (reader.environment === environment) this.send(reader)
    channel.restsUntil = Date.now() + Math.max(COALESCE_MS, REST * (performance.now() - began))
  }

  /** A reader that has not taken the last definition gets the newest one once it has. */
  private send(reader: Reader): void {
    const { call, environment } = reader
    if (reader.busy || reader.sent === environment.head || !this.readers.has(reader)) return
    reader.sent = environment.head
    reader.busy = true
    call.write(messageOf(environment), () => {
      reader.busy = false
      this.send(reader)
    })
  }

  private expire(): void {
    const at = now()
    this.dismiss(CODES.UNAUTHENTICATED, 'this key has expired', ({ key }) => at >= key.expiresAt)
  }

  private dismiss(code: number, details: string, which: (reader: Reader) => boolean): void {
    for (const reader of this.readers) {
      if (!which(reader)) continue
      this.readers.delete(reader)
      end(reader.call, code, details)
    }
  }
}

function end(call: Call, code: number, details: string): void {
  call.emit('error', Object.assign(new Error(details), { code, details }))
}
