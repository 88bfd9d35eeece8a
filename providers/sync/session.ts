import type { Cancel, Clock } from './clock'
import type { LastKnownGood } from './last-known-good'
import type { Served, Snapshot } from './replica'
import type { Status } from './status'

/** What a provider tells the OpenFeature SDK. */
export type Announcement =
  | { readonly event: 'ready' }
  | { readonly event: 'stale'; readonly message: string }
  | { readonly event: 'error'; readonly message: string; readonly errorCode: 'GENERAL' | 'PROVIDER_FATAL' }
  | { readonly event: 'changed'; readonly flagsChanged: string[] }

/** The provider status that the application has in mind. */
export type Belief = 'ready' | 'stale' | 'error' | 'fatal'

/** Why `initialize` did not end with a usable config. */
export type InitFailure = { readonly fatal: boolean; readonly message: string }

/** What keeps a session in step with the server. */
export type Keeper = {
  /** Asks the server at once, whatever was asked before. Resolves with what went wrong, or `null`. */
  readonly refetch: () => Promise<string | null>
  /** The application listens, and what is served may be another snapshot than it has seen. */
  readonly announce: () => void
  /** Ends every request and timer. Resolves once what was counted is sent, or has had its time. */
  readonly close: () => Promise<void>
}

export type SessionOptions = {
  readonly clock: Clock
  /** What answers, and is kept in step. Where it is still on its way, nothing is served. */
  readonly replica: Served | Promise<Served>
  /** A config to start from, as untrusted JSON. */
  readonly bootstrap: unknown
  readonly lastKnownGood: LastKnownGood | null
  /** Nobody is ever asked: what there is at the start is all. */
  readonly offline?: boolean
  /** Why these options can never work: the key counts as refused, and nobody is asked. `null`: they can. */
  readonly misconfigured: string | null
  readonly initTimeoutMs: number
  /** Starts what asks the server. */
  readonly keep: (session: Session, replica: Served) => Keeper
  readonly emit: (announcement: Announcement) => void
  readonly warn: (message: string) => void
  /**
   * OpenFeature 0.9 (2.8.1-2.8.4) gives lifecycle events to providers, but the JS SDKs still emit READY and ERROR
   * for `initialize` themselves. Default off: on, each would arrive twice.
   */
  readonly emitsLifecycle?: boolean
}

/**
 * What lives between `initialize` and `close`: what is served, how it stands with the server, and what the application
 * believes of that. Each status is announced once.
 */
export class Session {
  /** Resolves once there is a usable config, or a reason why there is none; attempts go on after that. */
  readonly initialized: Promise<InitFailure | null>
  status: Status = 'starting'
  /** What went wrong last, for people. */
  problem = ''
  replica: Served | null = null
  /** What the server's clock is ahead of the one that never jumps, in ms; `null` until the server has told its time. */
  serverOffset: number | null = null
  /** The snapshot that the application has seen. */
  told: Snapshot | null = null
  /** How many wait for an answer of the server, and will judge it. */
  awaited = 0
  /** `null` where nobody is asked. */
  keeper: Keeper | null = null
  readonly #options: SessionOptions
  /** `null`: nobody listens yet. */
  #believed: Belief | 'nothing' | null = null
  #resolve: ((failure: InitFailure | null) => void) | null = null
  #cancelTimeout: Cancel

  constructor(options: SessionOptions) {
    const { clock, replica, initTimeoutMs, misconfigured } = options
    this.#options = options
    this.initialized = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#cancelTimeout = clock.after(initTimeoutMs, () => this.#timedOut(), true)
    if ('then' in replica) void replica.then((loaded) => this.#serve(loaded))
    else this.#serve(replica)
    if (misconfigured) this.moveTo('refused', misconfigured)
  }

  /** What is served; `null` while there is nothing, and from `close` on. */
  get config(): Snapshot | null {
    return this.status === 'closed' ? null : (this.replica?.current ?? null)
  }

  /** Epoch ms by the server's clock, carried by a clock that never jumps. */
  now(): number {
    const { clock } = this.#options
    return this.serverOffset === null ? clock.wall() : clock.monotonic() + this.serverOffset
  }

  moveTo(status: Status, problem = this.problem): void {
    this.status = status
    this.problem = problem
    if (status !== 'ready') this.#options.warn(`${status}: ${problem}`)
    this.changed()
  }

  /** The status or the config may be another one now. */
  changed(): void {
    if (this.config) this.#settle(null)
    else if (this.status === 'refused') this.#settle({ fatal: true, message: this.problem })
    this.#announce()
  }

  /** Serves the last known good config where there is nothing better yet; it may first have to wait for what it needs. */
  async fallBack(): Promise<void> {
    if (!this.config) await this.#seed(this.#options.lastKnownGood?.load())
  }

  /** The SDK is about to set this status by itself, whatever is so: correct it afterwards if need be. */
  overruled(believed: Belief): void {
    this.#options.clock.after(0, () => {
      this.#believed = believed
      this.#announce()
    })
  }

  /** The application knows of the current snapshot: it set the context that brought it. */
  acknowledged(): void {
    this.told = this.config
  }

  async close(): Promise<void> {
    this.status = 'closed'
    this.#settle({ fatal: false, message: 'the provider was closed before it was ready' })
    await this.keeper?.close()
  }

  #serve(replica: Served): void {
    if (this.status === 'closed') return
    const { bootstrap, offline, misconfigured, keep } = this.#options
    this.replica = replica
    const seeded = this.#seed(bootstrap)
    if (offline) void seeded.then(() => this.#endOffline())
    else if (!misconfigured) this.keeper = keep(this, replica)
  }

  /** Starts from a config that no server has confirmed: at once where that can be. */
  async #seed(input: unknown): Promise<void> {
    const text = textOf(input)
    if (text === undefined || this.config || !this.replica) return
    const seeded = this.replica.seed(text)
    if (seeded === true || (await seeded)) this.changed()
  }

  async #endOffline(): Promise<void> {
    await this.fallBack()
    this.problem = 'it is offline'
    this.#settle({ fatal: false, message: `${this.problem}, and has nothing to start from` })
  }

  async #timedOut(): Promise<void> {
    await this.fallBack()
    const why = this.problem || 'the server does not answer'
    this.#settle({ fatal: false, message: `no config within ${this.#options.initTimeoutMs} ms: ${why}` })
  }

  #settle(failure: InitFailure | null): void {
    if (!this.#resolve) return
    this.#resolve(failure)
    this.#resolve = null
    this.#cancelTimeout()
    const { clock, emitsLifecycle = false } = this.#options
    const told = failure ? null : this.config
    const believed = failure === null ? 'ready' : failure.fatal ? 'fatal' : 'error'
    // The SDK hears of the outcome a few microtasks later; what is emitted before that, it loses.
    clock.after(0, () => {
      this.#believed = emitsLifecycle ? 'nothing' : believed
      this.told = told
      this.#announce()
    })
  }

  #announce(): void {
    const { config } = this
    if (!this.#believed || this.status === 'closed') return
    if (config && !this.told) {
      // The first usable config makes a provider ready, even where the next thing to say is that it is stale.
      this.told = config
      this.#tell('ready')
    }
    this.#tell(this.#truth())
    if (config) this.keeper?.announce()
  }

  /** While there are rules to serve, a refused key is an error and not the end: rotating it must switch nothing off. */
  #truth(): Belief {
    const { status } = this
    if (!this.config) return status === 'refused' ? 'fatal' : 'error'
    if (status === 'refused' || (this.replica!.outdated && !this.awaited)) return 'error'
    return status === 'stale' || status === 'error' ? status : 'ready'
  }

  #tell(belief: Belief): void {
    if (belief === this.#believed) return
    this.#believed = belief
    const { problem: message } = this
    const { emit } = this.#options
    if (belief === 'ready') emit({ event: 'ready' })
    else if (belief === 'stale') emit({ event: 'stale', message })
    else emit({ event: 'error', message, errorCode: belief === 'fatal' ? 'PROVIDER_FATAL' : 'GENERAL' })
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
