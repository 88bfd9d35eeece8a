import { type Announcement, Announcer, type Belief } from './announcer'
import type { Cancel } from './clock'
import { ConfigSync, type SyncOptions } from './config-sync'

export type SessionOptions = Omit<SyncOptions, 'onChange'> & {
  readonly initTimeoutMs: number
  readonly emit: (announcement: Announcement) => void
  /**
   * OpenFeature 0.9 (2.8.1-2.8.4) gives lifecycle events to providers, but the JS SDKs still emit READY and ERROR
   * for `initialize` themselves. Default off: on, each would arrive twice.
   */
  readonly emitsLifecycle?: boolean
}

/** Why `initialize` did not end with a usable config. */
export type InitFailure = { readonly fatal: boolean; readonly message: string }

/** What lives between `initialize` and `close`. */
export class Session {
  readonly sync: ConfigSync
  /** Resolves once there is a usable config, or a reason why there is none; attempts go on after that. */
  readonly initialized: Promise<InitFailure | null>
  readonly #options: SessionOptions
  readonly #announcer: Announcer
  #resolve: ((failure: InitFailure | null) => void) | null = null
  #cancelTimeout: Cancel

  constructor(options: SessionOptions) {
    const { clock, initTimeoutMs, emit } = options
    this.#options = options
    this.sync = new ConfigSync({ ...options, onChange: () => this.#changed() })
    this.#announcer = new Announcer(this.sync, clock, emit)
    this.initialized = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const { offline = false } = options
    this.#cancelTimeout = clock.after(offline ? 0 : initTimeoutMs, () => this.#timedOut(), true)
    this.sync.start()
    this.#changed()
  }

  /** The SDK is about to set this status by itself, whatever is so: correct it afterwards if need be. */
  overruled(believed: Belief): void {
    this.#options.clock.after(0, () => this.#announcer.corrected(believed))
  }

  /** The application knows of the current snapshot: it set the context that brought it. */
  acknowledged(): void {
    this.#announcer.acknowledged()
  }

  close(): void {
    this.#announcer.close()
    this.sync.close()
    this.#settle({ fatal: false, message: 'the provider was closed before it was ready' })
  }

  #changed(): void {
    const { config, status, problem } = this.sync
    if (config) this.#settle(null)
    else if (status === 'refused') this.#settle({ fatal: true, message: problem })
    this.#announcer.announce()
  }

  async #timedOut(): Promise<void> {
    await this.sync.fallBack()
    const { initTimeoutMs, offline } = this.#options
    const why = this.sync.problem || 'the server does not answer'
    this.#settle({ fatal: false, message: offline ? why : `no config within ${initTimeoutMs} ms: ${why}` })
  }

  #settle(failure: InitFailure | null): void {
    if (!this.#resolve) return
    this.#resolve(failure)
    this.#resolve = null
    this.#cancelTimeout()
    const { clock, emitsLifecycle = false } = this.#options
    const told = failure ? null : this.sync.config
    const believed = failure === null ? 'ready' : failure.fatal ? 'fatal' : 'error'
    // The SDK hears of the outcome a few microtasks later; what is emitted before that, it loses.
    clock.after(0, () => this.#announcer.open(emitsLifecycle ? null : believed, told))
  }
}
