import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfigPatch } from '@/lib/evaluation'
import { metrics } from '@/lib/metrics/metrics'
import type { Step } from './backlog'
import { now } from './clock'
import type { Environment } from './environment'
import {
  type ByeReason,
  bye,
  changed,
  HEARTBEAT,
  HEARTBEAT_MS,
  hello,
  MAX_AGE_MS,
  opening,
  patchFrame,
  resync,
} from './frames'
import type { Key } from './keys'
import type { OpenStream } from './sightings'
import { type KeyView, keyViews } from './view'

const COALESCE_MS = 50 // a burst of edits becomes one frame; a kill never waits for it
const REST = 8 // times as long as telling everyone took: edits without pause leave most of the process to others
const LONGEST_REST_MS = 400
const MAX_PENDING_BYTES = 64 * 1024 // a reader this slow is cut; it resumes by id
const MOST_ASKED = 100 // a sample where there are more: a confirmation is a request, and costs ten times as much as a frame
const ACKS_PER_MS = 0.1
const ACK_LEAST_MS = 100
const WAVES = 10
const WAVE_MS = 150 // all are gone within 1.5 s: process managers are not patient
const WAVE_LEAST = 100
const SLICE_MS = 1_000 // heartbeats are spread over slices, so that they never pile up
const SLICES = HEARTBEAT_MS / SLICE_MS

type Reader = {
  socket: Socket
  key: Key
  client: string
  since: number
  slice: number
  endsAt: number
  asked: boolean
}

/** What a fan-out reached, for receipts. */
export type Sent = {
  environment: Environment
  version: number
  epoch: number
  committedAt: number
  done: Promise<void>
}

type Channel = {
  environment: Environment
  readers: Map<KeyView, Set<Reader>>
  waiting: Step[]
  restsUntil: number
  timer: NodeJS.Timeout | undefined
}

/** Every open stream of this node, and the fan-out of each version to them. */
export class StreamHub {
  private readonly channels = new Map<number, Channel>()
  private joinedCount = 0
  private open = 0
  private askedCount = 0
  private slice = 0
  private isLeaving = false
  private readonly heart: NodeJS.Timeout

  constructor(private readonly sent: (sent: Sent) => void) {
    this.heart = setInterval(() => this.beat(), SLICE_MS)
    this.heart.unref()
  }

  /** Sockets that are open, in all environments. */
  get size(): number {
    return this.open
  }

  /** This node ends: whoever comes is better served by another. */
  get leaving(): boolean {
    return this.isLeaving
  }

  /** The keys of open streams, some of them more than once. */
  *keyIds(): Iterable<string> {
    for (const { readers } of this.channels.values())
      for (const set of readers.values()) for (const { key } of set) yield key.id
  }

  /** Who reads, for those who report it. */
  *streams(): Iterable<OpenStream> {
    for (const { readers } of this.channels.values())
      for (const set of readers.values())
        for (const { key, client, since, socket } of set)
          yield { key, client, since, protocol: 'config', current: socket.writableLength === 0 }
  }

  /** Adds a reader: hello, what it missed and its place in the fan-out, in one synchronous turn. */
  join(socket: Socket, key: Key, environment: Environment, lastId: string | undefined, client = ''): void {
    const channel = this.channelOf(environment)
    this.flush(channel)
    const asked = key.view === 'server' && this.askedCount < MOST_ASKED
    const jitter = 0.75 + Math.random() * 0.5
    const reader: Reader = {
      socket,
      key,
      client,
      since: now(),
      slice: this.joinedCount++ % SLICES,
      endsAt: Math.min(now() + MAX_AGE_MS * jitter, key.expiresAt),
      asked,
    }
    const readers = channel.readers.get(key.view)!
    readers.add(reader)
    this.open++
    this.askedCount += Number(asked)
    socket.once('close', () => {
      this.open--
      this.askedCount -= Number(asked)
      readers.delete(reader)
    })
    socket.write(
      hello(
        environment,
        key.view,
        asked && Math.max(ACK_LEAST_MS, Math.ceil(this.askedCount / ACKS_PER_MS)),
        this.open,
      ),
    )
    const first = opening(environment, key.view, lastId)
    if (first.length > 0) socket.write(first)
  }

  step(environment: Environment, step: Step): void {
    const channel = this.channels.get(environment.dbId)
    if (!channel) return
    channel.waiting.push(step)
    const wait = channel.restsUntil - Date.now()
    if (step.kill || wait <= 0) this.flush(channel)
    else channel.timer ??= setTimeout(() => this.flush(channel), wait)
  }

  /** The state was replaced: everyone fetches it again. */
  reset(environment: Environment): void {
    const channel = this.channels.get(environment.dbId)
    if (!channel) return
    channel.waiting.length = 0
    const count = this.connected(environment.dbId)
    for (const view of keyViews)
      this.write(
        channel,
        view,
        view === 'residual'
          ? changed(environment, { keys: [], killed: environment.killedInBrowsers() }, count)
          : resync(environment, view, count),
      )
  }

  revoke(keyIds: readonly string[]): void {
    const ids = new Set(keyIds)
    for (const channel of this.channels.values())
      this.dismiss(channel, 'revoked', ({ key }) => ids.has(key.id))
  }

  /** The environment is gone. */
  remove(environment: Environment): void {
    const channel = this.channels.get(environment.dbId)
    if (!channel) return
    this.channels.delete(environment.dbId)
    this.dismiss(channel, 'removed')
  }

  connected(environmentId: number): number {
    return this.count(environmentId, () => true)
  }

  /** Readers that were asked to say what they have applied. */
  asked(environmentId: number): number {
    return this.count(environmentId, ({ asked }) => asked)
  }

  /** Readers whose socket has taken every byte written to it. */
  drained(environmentId: number): number {
    return this.count(environmentId, ({ socket }) => socket.writableLength === 0)
  }

  /** Says goodbye to everyone, in waves: whoever leaves together comes back together, to another node. */
  async close(): Promise<void> {
    this.isLeaving = true
    clearInterval(this.heart)
    for (const channel of this.channels.values()) this.flush(channel)
    const share = Math.max(WAVE_LEAST, Math.ceil(this.open / WAVES))
    while (this.dismissSome(share)) await sleep(WAVE_MS)
  }

  /** Says goodbye to this many readers; true when there are more. */
  private dismissSome(count: number): boolean {
    let left = count
    for (const channel of this.channels.values()) this.dismiss(channel, 'draining', () => left-- > 0)
    return left < 0
  }

  /** Says goodbye to readers; from here on nothing else is written to them. */
  private dismiss(
    channel: Channel,
    reason: ByeReason,
    which: (reader: Reader) => boolean = () => true,
  ): void {
    for (const readers of channel.readers.values())
      for (const reader of readers) {
        if (!which(reader)) continue
        readers.delete(reader)
        reader.socket.write(bye(reason, reason === 'max_age' ? 1 : this.open))
        metrics().streamsClosed.inc({ reason })
        reader.socket.destroySoon() // a reader that never hangs up must not hold the socket
      }
  }

  private channelOf(environment: Environment): Channel {
    const known = this.channels.get(environment.dbId)
    if (known?.environment === environment) return known
    const channel: Channel = {
      environment,
      readers: new Map(keyViews.map((view) => [view, new Set<Reader>()])),
      waiting: [],
      restsUntil: 0,
      timer: undefined,
    }
    this.channels.set(environment.dbId, channel)
    return channel
  }

  private count(environmentId: number, which: (reader: Reader) => boolean): number {
    let count = 0
    for (const readers of this.channels.get(environmentId)?.readers.values() ?? [])
      for (const reader of readers) count += Number(which(reader))
    return count
  }

  private flush(channel: Channel): void {
    clearTimeout(channel.timer)
    channel.timer = undefined
    const steps = channel.waiting.splice(0)
    const first = steps[0]
    if (!first) return
    const began = performance.now()
    const { environment } = channel
    const { version, epoch } = environment.head
    const done = keyViews.map((view) => {
      const count = channel.readers.get(view)!.size
      if (count === 0) return Promise.resolve()
      if (view === 'residual') return this.tellBrowsers(channel, steps, count)
      const patches: ConfigPatch[] = steps.map((step) => step.patches[view])
      return this.write(channel, view, patchFrame(patches) ?? resync(environment, view, count))
    })
    const rest = Math.max(COALESCE_MS, Math.min(LONGEST_REST_MS, REST * (performance.now() - began)))
    channel.restsUntil = Date.now() + rest
    this.sent({
      environment,
      version,
      epoch,
      committedAt: steps.at(-1)!.committedAt,
      done: Promise.all(done).then(() => undefined),
    })
  }

  /** Of versions that touch nothing they see, browsers hear nothing. */
  private tellBrowsers(channel: Channel, steps: readonly Step[], count: number): Promise<void> {
    const keys = [...new Set(steps.flatMap(({ residual }) => residual.keys))].sort()
    if (keys.length === 0) return Promise.resolve()
    const { killed } = steps.at(-1)!.residual
    return this.write(channel, 'residual', changed(channel.environment, { keys, killed }, count))
  }

  /** One buffer for all readers of a view. Resolves when every socket has taken it or is gone. */
  private write(channel: Channel, view: KeyView, bytes: Buffer): Promise<void> {
    const readers = [...channel.readers.get(view)!]
    return new Promise((resolve) => {
      let left = readers.length
      const taken = () => {
        if (--left === 0) resolve()
      }
      if (left === 0) resolve()
      for (const { socket } of readers) {
        if (socket.writableLength > MAX_PENDING_BYTES) {
          metrics().streamsClosed.inc({ reason: 'slow' })
          socket.destroy()
          taken()
        } else socket.write(bytes, taken)
      }
    })
  }

  private beat(): void {
    this.slice = (this.slice + 1) % SLICES
    const at = now()
    for (const channel of this.channels.values()) {
      this.dismiss(channel, 'max_age', ({ slice, endsAt }) => slice === this.slice && at >= endsAt)
      for (const readers of channel.readers.values())
        for (const { slice, socket } of readers) if (slice === this.slice) socket.write(HEARTBEAT)
    }
  }
}
