import { compareIds } from '../../lib/evaluation/ids'
import { Backoff } from './backoff'
import type { Cancel, Clock } from './clock'
import { openConnection } from './connection'
import type { Endpoint, Failure } from './endpoint'
import { type LastKnownGood, Saver } from './last-known-good'
import type { Message } from './messages'
import { Refresher } from './refresher'
import type { Offer, Replica } from './replica'
import type { Session } from './session'
import { nextStatus, type Signal } from './status'
import { StreamLink } from './stream-link'

const FIRST_POLL_MS = 1_000 // most streams are back before it
const SPREAD_MS = 2_000
const MUTED_POLL_MS = 3_000 // requests are all there is, and the server answers them: a kill must not wait for a minute

/** An answer to a request for the config. */
export type Answer = Offer | Failure

export type SyncOptions = {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly pollIntervalMs: number
  readonly errorAfterMs: number
  readonly lastKnownGood: LastKnownGood | null
  /** Opens the stream; default: a connection of its own. */
  readonly open?: typeof openConnection
  /** The first request where it is on its way already; `abort` gives it up. */
  readonly firstAnswer?: (abort: AbortController) => Promise<Answer>
  /** Told of each config that is applied while the server wants to hear of it, within so many ms. */
  readonly confirm?: (id: string, withinMs: number) => void
  readonly warn: (message: string) => void
}

/**
 * Keeps one session in step with the server: a stream while there is one, requests while there is not.
 * Streams, requests and timers only report; every decision is taken here.
 */
export class ConfigSync {
  readonly #options: SyncOptions
  readonly #session: Session
  readonly #replica: Replica
  readonly #link: StreamLink
  readonly #refresher: Refresher
  readonly #catchUp: Backoff
  readonly #saver: Saver | null
  #firstAnswer: SyncOptions['firstAnswer']
  #announced = ''
  /** Something was said that could not be read, and nothing fetched since. */
  #missed = false
  /** Who waits for the answer of the next request: told what went wrong, or null. */
  #waiting: ((problem: string | null) => void)[] = []
  /** The stream has had its chance right before the poll that is due next. */
  #triedStream = false
  #ackMs: number | null = null
  /** Streams are opened and say nothing, while requests are answered: a proxy on the way buffers them. */
  #muted = false
  /** What is planned is a poll: soon enough only while there is no stream. */
  #polls = false
  #cancelOverdue: Cancel = () => {}

  constructor(session: Session, replica: Replica, options: SyncOptions) {
    const { clock } = options
    this.#options = options
    this.#session = session
    this.#replica = replica
    this.#firstAnswer = options.firstAnswer
    this.#refresher = new Refresher(clock, (abort) => this.#refresh(abort))
    this.#link = new StreamLink(clock, () => this.#openStream())
    this.#catchUp = new Backoff(clock.random)
    this.#saver = options.lastKnownGood && new Saver(options.lastKnownGood, clock)
  }

  start(): void {
    this.#restartGrace()
    this.#link.connect()
    this.#refresher.request(this.#replica.pushed ? this.#soon() : 0)
  }

  /** Resolves with what went wrong, or `null`. */
  refetch(): Promise<string | null> {
    this.#firstAnswer = undefined // asked before what is asked now
    const answered = new Promise<string | null>((resolve) => this.#waiting.push(resolve))
    this.#refresher.restart()
    return answered
  }

  close(): void {
    this.#link.close()
    this.#refresher.close()
    this.#cancelOverdue()
    this.#saver?.flush()
    this.#tell('the provider was closed')
  }

  #openStream(): Cancel {
    const { endpoint, clock, open = openConnection } = this.#options
    const lastEventId = () => (this.#replica.validated ? this.#session.config!.id : null)
    return open(endpoint, clock, lastEventId, {
      message: (message) => this.#receive(message),
      end: (failure) => this.#ended(failure),
    })
  }

  #ended(failure: Failure): void {
    if (failure.kind === 'refused') {
      this.#refused(failure)
      return
    }
    const { message, retryMs, muted = false } = failure
    this.#muted = muted
    if (this.#session.status === 'refused') this.#link.retrySlowly(retryMs)
    else this.#link.retry(retryMs)
    this.#session.problem = message
    void this.#session.fallBack()
    const before = this.#session.status
    this.#move('disconnected')
    if (this.#session.status === 'refused') return
    if (this.#triedStream || muted) this.#refresher.request(0)
    else if (this.#session.status !== before) this.#refresher.request(this.#soon())
  }

  #refused({ message, retryMs }: Failure): void {
    this.#link.retrySlowly(retryMs)
    this.#refresher.cancel()
    this.#session.problem = message
    this.#move('refused')
  }

  #receive(message: Message): void {
    switch (message.type) {
      case 'hello':
        this.#link.greeted()
        this.#session.serverOffset = message.time - this.#options.clock.monotonic()
        this.#announced = message.id
        this.#triedStream = false
        this.#ackMs = message.ack
        this.#muted = false
        if (message.relayed && !this.#replica.validated) this.#refresher.request(0)
        break
      case 'put':
        this.#expect(message.id)
        this.#offered(this.#replica.replace(message.text, message.config))
        break
      case 'patch':
        this.#expect(message.patch.to)
        this.#offered(this.#replica.patch(message.text, message.patch))
        break
      case 'resync':
        this.#expect(message.id)
        this.#replica.kill(message)
        this.#refresher.request(this.#options.clock.random() * message.spread)
        break
      case 'changed':
        this.#expect(message.id)
        this.#replica.kill(message)
        if (this.#isBehind()) this.#refresher.request(this.#options.clock.random() * message.spread)
        break
      case 'unreadable':
        this.#session.problem = 'the server sent an event that cannot be read'
        this.#options.warn(this.#session.problem)
        this.#missed = true
        break
      case 'bye':
        // Announced and orderly: nothing is stale unless the attempt that follows fails.
        this.#link.comeBack(message.retry)
        this.#refresher.request(this.#soon())
        return
    }
    this.#settle()
  }

  #offered(offer: Offer): void {
    if (offer === 'applied') this.#saver?.saveSoon(this.#replica.toText)
    if (offer === 'applied' || offer === 'kept') return
    if (offer === 'malformed') {
      this.#session.problem = 'the server sent a malformed config'
      this.#options.warn(this.#session.problem)
    }
    const atOnce = offer === 'later' || (offer === 'gap' && this.#replica.validated)
    this.#refresher.request(atOnce ? 0 : this.#catchUp.next())
  }

  /** Before a poll: where the server is back, the stream shall be the first to know, unless it would say nothing. */
  #tryStreamFirst(): boolean {
    const first = this.#link.mayHurry && !this.#triedStream && !this.#muted
    this.#triedStream = first
    if (!first) return false
    this.#link.connect()
    this.#refresher.request(this.#soon())
    return true
  }

  async #refresh(abort: AbortController): Promise<void> {
    const firstAnswer = this.#firstAnswer?.(abort)
    this.#firstAnswer = undefined
    if (!firstAnswer && this.#waiting.length === 0 && this.#tryStreamFirst()) return
    const { endpoint, clock } = this.#options
    // Another node, or a CDN, may know less than the stream has told.
    const min = this.#link.isOpen && this.#isBehind() ? this.#announced : null
    const fetched = await (firstAnswer ?? this.#replica.fetch({ endpoint, clock, abort, min }))
    if (this.#session.status === 'closed') return
    if (typeof fetched === 'string') {
      this.#offered(fetched)
      if (fetched === 'applied' || fetched === 'kept') this.#missed = false
      if (fetched !== 'malformed') this.#answered()
      this.#settle()
    } else if (fetched.kind === 'refused') {
      this.#refused(fetched)
    } else {
      this.#session.problem = fetched.message
      this.#muted = false
      this.#plan(fetched.retryMs)
    }
    if (fetched !== 'later') this.#tell(typeof fetched === 'string' ? null : fetched.message)
  }

  #answered(): void {
    if (!this.#link.isOpen) this.#move('answered')
    this.#restartGrace()
  }

  #tell(problem: string | null): void {
    for (const resolve of this.#waiting.splice(0)) resolve(problem)
  }

  /** After anything was received. */
  #settle(): void {
    if (this.#link.isOpen && this.#replica.validated) this.#move('connected')
    this.#plan(0)
    this.#session.changed()
    const { config } = this.#session
    if (this.#ackMs !== null && this.#replica.validated && config)
      this.#options.confirm?.(config.id, this.#ackMs)
  }

  /** When to ask next: never while the stream keeps us up, soon while it is ahead of us, else at the poll interval. */
  #plan(hintMs: number): void {
    const { validated, outdated, validUntil } = this.#replica
    const live = this.#link.isOpen && validated
    if (live && !outdated && !this.#isBehind()) {
      this.#catchUp.reset()
      this.#refresher.cancel()
      if (validUntil !== null) this.#refresher.request(this.#spread(validUntil - this.#session.now()))
      return
    }
    const isPlanned = this.#refresher.pending && !(live && this.#polls)
    if (isPlanned || this.#session.status === 'refused') return
    this.#polls = !live
    const { pollIntervalMs, clock } = this.#options
    const interval = this.#muted ? Math.min(pollIntervalMs, MUTED_POLL_MS) : pollIntervalMs
    const poll = Math.max(hintMs, interval * (0.75 + clock.random() / 2))
    this.#refresher.request(live ? this.#catchUp.next(hintMs) : poll)
  }

  #expect(id: string): void {
    if (compareIds(id, this.#announced) > 0) this.#announced = id
  }

  #isBehind(): boolean {
    return this.#missed || compareIds(this.#announced, this.#session.config?.id ?? '') > 0
  }

  #move(signal: Signal): void {
    const next = nextStatus(this.#session.status, signal)
    if (next === this.#session.status) return
    this.#session.moveTo(next)
    this.#restartGrace()
  }

  #restartGrace(): void {
    this.#cancelOverdue()
    if (this.#session.status !== 'stale') return
    this.#cancelOverdue = this.#options.clock.after(this.#options.errorAfterMs, () => this.#move('overdue'))
  }

  /** Many may wait for the same moment: they do not all come back at once. */
  #spread(ms: number): number {
    return Math.max(ms, 0) + SPREAD_MS * this.#options.clock.random()
  }

  #soon(): number {
    return FIRST_POLL_MS * (1 + 2 * this.#options.clock.random())
  }
}
