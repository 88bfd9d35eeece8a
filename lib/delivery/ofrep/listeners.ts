import type { Socket } from 'node:net'
import { compareIds, nextWindowEdge } from '@/lib/evaluation'
import type { Step } from '../backlog'
import { now } from '../clock'
import type { Environment } from '../environment'
import type { Follower } from '../followers'
import type { Key } from '../keys'
import type { OpenStream } from '../sightings'

const BATCH = 50 // told of a change at once, so that those who then ask again arrive at 500 a second
const BATCH_EVERY_MS = 100
const HEARTBEAT_MS = 15_000 // load balancers cut idle streams at 60 s
const SLICE_MS = 1_000 // heartbeats are spread over slices, so that they never pile up
const SLICES = HEARTBEAT_MS / SLICE_MS
const MAX_PENDING_BYTES = 16 * 1024 // events are small: a reader with this much left has gone

const HEARTBEAT = Buffer.from(':\n\n')

type Listener = {
  socket: Socket
  key: Key
  environment: Environment
  client: string
  since: number
  slice: number
}

/** Only a message without a name reaches the listeners of `EventSource` that OFREP asks for. */
function refetch(id: string): string {
  return `id: ${id}\ndata: ${JSON.stringify({ type: 'refetchEvaluation', etag: id })}\n\n`
}

/**
 * The open event streams of OFREP. They say that something changed and never what: providers then ask for all flags
 * again. So a crowd is told in batches; the first batch hears at once, or within 100 ms of the one before.
 */
export class OfrepListeners implements Follower {
  private readonly listeners = new Set<Listener>()
  private readonly due = new Set<Listener>()
  private batches: NodeJS.Timeout | undefined
  private readonly heart: NodeJS.Timeout
  private slice = 0
  private edgesAfter = now()
  private joined = 0

  constructor() {
    this.heart = setInterval(() => this.beat(), SLICE_MS)
    this.heart.unref()
  }

  get size(): number {
    return this.listeners.size
  }

  /** Who listens, for those who report it. */
  *streams(): Iterable<OpenStream> {
    for (const { key, client, since, socket } of this.listeners)
      yield { key, client, since, protocol: 'ofrep', current: socket.writableLength === 0 }
  }

  /**
   * Adds a stream. Whoever is new may have asked before the last change, and is told to ask again, which costs a 304;
   * whoever comes back with the id that this node holds, or a newer one, is not, unless time alone changes flags.
   */
  join(socket: Socket, key: Key, environment: Environment, lastId: string | undefined, client = ''): void {
    const listener = { socket, key, environment, client, since: now(), slice: this.joined++ % SLICES }
    this.listeners.add(listener)
    socket.once('close', () => this.forget(listener))
    socket.write(`retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`) // a node that ends is not left by all at once
    const isNewest = lastId !== undefined && compareIds(lastId, environment.id) >= 0
    const isTimed = nextWindowEdge(environment.config('server'), Number.NEGATIVE_INFINITY) !== null
    if (!isNewest || isTimed) socket.write(refetch(environment.id))
  }

  /** Of versions that touch nothing they see, browsers hear nothing. */
  step(environment: Environment, { residual }: Step): void {
    this.tell(environment, ({ key }) => key.view === 'server' || residual.keys.length > 0)
  }

  reset(environment: Environment): void {
    this.tell(environment, () => true)
  }

  revoked(keyIds: readonly string[]): void {
    const ids = new Set(keyIds)
    this.end(({ key }) => ids.has(key.id))
  }

  removed(environment: Environment): void {
    this.end((listener) => listener.environment === environment)
  }

  close(): void {
    clearInterval(this.heart)
    clearTimeout(this.batches)
    this.end(() => true)
  }

  private tell(environment: Environment, which: (listener: Listener) => boolean): void {
    for (const listener of this.listeners)
      if (listener.environment === environment && which(listener)) this.due.add(listener)
    if (this.batches === undefined) this.batch()
  }

  private batch(): void {
    this.batches = undefined
    if (this.due.size === 0) return
    this.batches = setTimeout(() => this.batch(), BATCH_EVERY_MS)
    let left = BATCH
    for (const listener of this.due) {
      if (left-- === 0) break
      this.due.delete(listener)
      this.write(listener, refetch(listener.environment.id))
    }
  }

  private write({ socket }: Listener, text: string | Buffer): void {
    if (socket.writableLength > MAX_PENDING_BYTES) socket.destroy()
    else socket.write(text)
  }

  /** Rules begin and end to hold without a version: their windows. */
  private passEdges(now: number): void {
    for (const environment of new Set([...this.listeners].map((listener) => listener.environment))) {
      const passed = edgesBetween(environment, this.edgesAfter, now)
      if (passed.length === 0) continue
      const isShown = passed.some((key) => environment.browser.has(key))
      this.tell(environment, ({ key }) => key.view === 'server' || isShown)
    }
    this.edgesAfter = now
  }

  private beat(): void {
    this.slice = (this.slice + 1) % SLICES
    const at = now()
    this.passEdges(at)
    this.end(({ key, slice }) => slice === this.slice && at >= key.expiresAt)
    for (const listener of this.listeners) if (listener.slice === this.slice) this.write(listener, HEARTBEAT)
  }

  private end(which: (listener: Listener) => boolean): void {
    for (const listener of this.listeners) {
      if (!which(listener)) continue
      this.forget(listener)
      listener.socket.destroySoon()
    }
  }

  private forget(listener: Listener): void {
    this.listeners.delete(listener)
    this.due.delete(listener)
  }
}

/** The flags whose windows open or close after one moment and until another, dependants included. */
function edgesBetween(environment: Environment, after: number, until: number): string[] {
  const flags: string[] = []
  const config = environment.config('server')
  for (
    let edge = nextWindowEdge(config, after);
    edge && edge.at <= until;
    edge = nextWindowEdge(config, edge.at)
  )
    flags.push(...edge.flags)
  return flags
}
