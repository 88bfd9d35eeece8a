import { compareIds, type ParsedConfig, parseConfig } from '../../lib/evaluation'
import { Backoff } from './backoff'
import type { Cancel, Clock } from './clock'
import { ConfigStore, type Offer } from './config-store'
import { openConnection } from './connection'
import type { Endpoint, Failure } from './endpoint'
import { type LastKnownGood, Saver } from './last-known-good'
import { type KillOverlay, type Message, readOverlay } from './messages'
import { Refresher } from './refresher'
import { RegexGate } from './regex-gate'
import { type Fetched, fetchConfig, fetchPatches } from './requests'
import { nextStatus, type Signal, type Status } from './status'
import { StreamLink } from './stream-link'

const FIRST_POLL_MS = 1_000 // most streams are back before it

export type SyncOptions = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly pollIntervalMs: number
  readonly errorAfterMs: number
  /** A config to start from, as untrusted JSON. */
  readonly bootstrap: unknown
  readonly lastKnownGood: LastKnownGood | null
  /** Why these options can never work: the key counts as refused, and nobody is asked. `null`: they can. */
  readonly misconfigured: string | null
  /** Gives the engine its regular expressions. */
  readonly loadRegex: () => Promise<void>
  readonly warn: (message: string) => void
  /** The status or the config is another one now. */
  readonly onChange: () => void
}

/**
 * Keeps one config in step with the server: a stream while there is one, requests while there is not.
 * Streams, requests and timers only report; every decision is taken here.
 */
export class ConfigSync {
  readonly #options: SyncOptions
  readonly #store = new ConfigStore()
  readonly #link: StreamLink
  readonly #refresher: Refresher
  readonly #catchUp: Backoff
  readonly #saver: Saver | null
  readonly #gate: RegexGate
  #status: Status = 'starting'
  #problem = ''
  #announced = ''
  #serverOffset: number | null = null
  #etag: string | null = null
  #patchesFirst = false
  /** The stream has had its chance right before the poll that is due next. */
  #triedStream = false
  #cancelOverdue: Cancel = () => {}

  constructor(options: SyncOptions) {
    const { clock } = options
    this.#options = options
    this.#refresher = new Refresher(clock, (abort) => this.#refresh(abort))
    this.#link = new StreamLink(clock, () => this.#openStream())
    this.#catchUp = new Backoff(clock.random)
    this.#saver = options.lastKnownGood && new Saver(options.lastKnownGood, clock)
    this.#gate = new RegexGate(clock, options.loadRegex, options.warn)
  }

  get status(): Status {
    return this.#status
  }

  get config(): ParsedConfig | null {
    return this.#store.current
  }

  get validated(): boolean {
    return this.#store.validated
  }

  /** What went wrong last, for people. */
  get problem(): string {
    return this.#problem
  }

  /** Epoch ms by the server's clock, carried by a clock that never jumps. */
  now(): number {
    const { clock } = this.#options
    return this.#serverOffset === null ? clock.wall() : clock.monotonic() + this.#serverOffset
  }

  start(): void {
    const { misconfigured, bootstrap } = this.#options
    void this.#seed(bootstrap)
    if (misconfigured) {
      this.#problem = misconfigured
      this.#move('refused')
      return
    }
    this.#link.connect()
    this.#refresher.request(this.#soon())
  }

  /** Serves the last known good config where there is nothing better yet; it may first have to wait for what it needs. */
  async fallBack(): Promise<void> {
    if (!this.config) await this.#seed(this.#options.lastKnownGood?.load() ?? undefined)
  }

  /** Starts from a config that no server has confirmed: at once where that can be. */
  async #seed(input: unknown): Promise<void> {
    const text = textOf(input)
    if (text === undefined) return
    if (!this.#gate.admits(text)) await this.#gate.waitFor(text)
    const parsed = parseConfig(input)
    if (!parsed.ok || this.config || this.#status === 'closed') return
    this.#store.seed(parsed.config)
    this.#options.onChange()
  }

  close(): void {
    this.#status = nextStatus(this.#status, 'closed')
    this.#link.close()
    this.#refresher.close()
    this.#cancelOverdue()
    this.#saver?.flush()
  }

  #openStream(): Cancel {
    const { endpoint, clock } = this.#options
    const lastEventId = this.#store.validated ? this.#store.current!.id : null
    return openConnection(endpoint, clock, lastEventId, {
      message: (message) => this.#receive(message),
      end: (failure) => this.#ended(failure),
    })
  }

  #ended(failure: Failure): void {
    if (failure.kind === 'refused') {
      this.#refused(failure)
      return
    }
    const { message, retryMs } = failure
    if (this.#status === 'refused') this.#link.retrySlowly(retryMs)
    else this.#link.retry(retryMs)
    this.#problem = message
    void this.fallBack()
    const before = this.#status
    this.#move('disconnected')
    if (this.#status === 'refused') return
    if (this.#triedStream) this.#refresher.request(0)
    else if (this.#status !== before) this.#refresher.request(this.#soon())
  }

  #refused({ message, retryMs }: Failure): void {
    this.#link.retrySlowly(retryMs)
    this.#refresher.cancel()
    this.#problem = message
    this.#move('refused')
  }

  #receive(message: Message): void {
    switch (message.type) {
      case 'hello':
        this.#link.greeted()
        this.#serverOffset = message.time - this.#options.clock.monotonic()
        this.#announced = message.id
        this.#triedStream = false
        break
      case 'put':
        this.#expect(message.id)
        if (this.#gate.admits(message.text)) this.#offered(this.#store.replace(message.config))
        else this.#defer(readOverlay(message.config))
        break
      case 'patch':
        this.#expect(message.patch.to)
        if (this.#gate.admits(message.text)) this.#offered(this.#store.patch(message.patch))
        else this.#defer(message.patch)
        break
      case 'resync':
        this.#expect(message.id)
        this.#store.kill(message)
        this.#refresher.request(this.#options.clock.random() * message.spread)
        break
      case 'bye':
        // Announced and orderly: nothing is stale unless the attempt that follows fails.
        this.#link.retry(message.retry)
        this.#refresher.request(this.#soon())
        return
    }
    this.#settle()
  }

  #offered(offer: Offer): void {
    if (offer === 'applied') this.#saver?.saveSoon(() => this.config!)
    if (offer === 'applied' || offer === 'kept') return
    if (offer === 'malformed') {
      this.#problem = 'the server sent a malformed config'
      this.#options.warn(this.#problem)
    }
    this.#patchesFirst = offer === 'gap' && this.#store.validated
    this.#refresher.request(this.#patchesFirst ? 0 : this.#catchUp.next())
  }

  /** For a message that the gate holds back: kills apply at once, the rest is fetched again and waits there. */
  #defer(overlay: KillOverlay | null): void {
    if (overlay) this.#store.kill(overlay)
    this.#patchesFirst = this.#store.validated
    this.#refresher.request(0)
  }

  /** Before a poll: where the server is back, the stream shall be the first to know. */
  #tryStreamFirst(): boolean {
    const first = this.#link.mayHurry && !this.#triedStream
    this.#triedStream = first
    if (!first) return false
    this.#link.connect()
    this.#refresher.request(this.#soon())
    return true
  }

  async #refresh(abort: AbortController): Promise<void> {
    if (this.#tryStreamFirst()) return
    const { endpoint, clock } = this.#options
    const bySteps = this.#patchesFirst
    this.#patchesFirst = false
    const query = {
      ...(bySteps && { since: this.#store.current!.id }),
      // Another node, or a CDN, may know less than the stream has told.
      ...(this.#link.isOpen && this.#isBehind() && { min: this.#announced }),
    }
    const waitFor = (body: string) => this.#gate.waitFor(body)
    const request = { endpoint, clock, abort, query, waitFor }
    const fetched = await (bySteps ? fetchPatches(request) : fetchConfig(request, this.#etag))
    if (this.#status === 'closed') return
    if (fetched.kind === 'refused') {
      this.#refused(fetched)
    } else if (fetched.kind === 'failed') {
      this.#problem = fetched.message
      this.#plan(fetched.retryMs)
    } else {
      this.#take(fetched)
      this.#settle()
    }
  }

  #take(fetched: Exclude<Fetched, Failure>): void {
    if (fetched.kind === 'config') {
      const offer = this.#store.replace(fetched.config)
      this.#offered(offer)
      if (offer === 'malformed') return
      this.#etag = fetched.etag
    } else if (fetched.kind !== 'unchanged') {
      const steps = fetched.kind === 'patches' ? fetched.patches.map((patch) => this.#store.patch(patch)) : []
      if (steps.includes('applied')) this.#offered('applied')
      const whole = fetched.kind === 'gone' || steps.includes('gap') || steps.includes('malformed')
      if (whole) this.#refresher.request(0)
    }
    if (!this.#link.isOpen) this.#move('answered')
    this.#restartGrace()
  }

  /** After anything was received. */
  #settle(): void {
    if (this.#link.isOpen && this.#store.validated) this.#move('connected')
    this.#plan(0)
    this.#options.onChange()
  }

  /** When to ask next: never while the stream keeps us up, soon while it is ahead of us, else at the poll interval. */
  #plan(hintMs: number): void {
    const live = this.#link.isOpen && this.#store.validated
    if (live && !this.#isBehind()) {
      this.#catchUp.reset()
      this.#refresher.cancel()
      return
    }
    if (this.#refresher.pending || this.#status === 'refused') return
    const { pollIntervalMs, clock } = this.#options
    const poll = Math.max(hintMs, pollIntervalMs * (0.75 + clock.random() / 2))
    this.#refresher.request(live ? this.#catchUp.next(hintMs) : poll)
  }

  #expect(id: string): void {
    if (compareIds(id, this.#announced) > 0) this.#announced = id
  }

  #isBehind(): boolean {
    return compareIds(this.#announced, this.#store.current?.id ?? '') > 0
  }

  #move(signal: Signal): void {
    const next = nextStatus(this.#status, signal)
    if (next === this.#status) return
    this.#status = next
    this.#cancelOverdue()
    if (next === 'stale') this.#restartGrace()
    if (next !== 'ready') this.#options.warn(`${next}: ${this.#problem}`)
    this.#options.onChange()
  }

  #restartGrace(): void {
    if (this.#status !== 'stale') return
    this.#cancelOverdue()
    this.#cancelOverdue = this.#options.clock.after(this.#options.errorAfterMs, () => this.#move('overdue'))
  }

  #soon(): number {
    return FIRST_POLL_MS * (1 + 2 * this.#options.clock.random())
  }
}

/** `undefined` for what is no JSON. */
function textOf(input: unknown): string | undefined {
  try {
    return typeof input === 'string' ? input : JSON.stringify(input)
  } catch {
    return undefined
  }
}
