import type { Cancel, Clock } from './clock'
import type { ConfigSync } from './config-sync'
import type { Snapshot } from './replica'
import type { Status } from './status'
import { WindowTimer } from './window-timer'

// A burst of publishes is one event: applications render again on it. A kill does not wait, and values never do.
const COALESCE_MS = 25

/** What a provider tells the OpenFeature SDK. */
export type Announcement =
  | { readonly event: 'ready' }
  | { readonly event: 'stale'; readonly message: string }
  | { readonly event: 'error'; readonly message: string; readonly errorCode: 'GENERAL' | 'PROVIDER_FATAL' }
  | { readonly event: 'changed'; readonly flagsChanged: string[] }

/** The provider status that the application has in mind. */
export type Belief = 'ready' | 'stale' | 'error' | 'fatal'

/** While there are rules to serve, a refused key is an error and not the end: rotating it must switch nothing off. */
const beliefs: Readonly<Record<Status, Belief>> = {
  starting: 'ready',
  ready: 'ready',
  stale: 'stale',
  error: 'error',
  refused: 'error',
  closed: 'ready',
}

/**
 * Compares what the application believes with what is so, and announces the difference:
 * each status once, and the flags that changed since it last looked.
 */
export class Announcer {
  readonly #sync: ConfigSync
  readonly #clock: Clock
  readonly #emit: (announcement: Announcement) => void
  readonly #windows: WindowTimer
  #believed: Belief | null = null
  #told: Snapshot | null = null
  #passedEdges: string[] = []
  #cancelFlush: Cancel | null = null
  #state: 'silent' | 'open' | 'closed' = 'silent'

  constructor(sync: ConfigSync, clock: Clock, emit: (announcement: Announcement) => void) {
    this.#sync = sync
    this.#clock = clock
    this.#emit = emit
    this.#windows = new WindowTimer(clock, sync, (flags) => this.#edgePassed(flags))
  }

  /** From now on somebody listens, who believes this status and has seen this config. */
  open(believed: Belief | null, told: Snapshot | null): void {
    if (this.#state === 'closed') return
    this.#state = 'open'
    this.#believed = believed
    this.#told = told
    this.announce()
  }

  close(): void {
    this.#state = 'closed'
    this.#windows.stop()
    this.#cancelFlush?.()
  }

  /** The SDK has set this status by itself, whatever is so. */
  corrected(believed: Belief): void {
    this.#believed = believed
    this.announce()
  }

  acknowledged(): void {
    this.#told = this.#sync.config
  }

  announce(): void {
    const { config } = this.#sync
    if (this.#state === 'open' && config && !this.#told) {
      // The first usable config makes a provider ready, even where the next thing to say is that it is stale.
      this.#told = config
      this.#tell('ready')
    }
    this.#tell(this.#truth())
    if (this.#state !== 'open' || !config) return
    this.#windows.watch()
    if (config === this.#told) return
    this.#flushWithin(config.killedAt === this.#told?.killedAt ? COALESCE_MS : 0)
  }

  #truth(): Belief {
    const { config, status, replica } = this.#sync
    if (!config) return status === 'refused' ? 'fatal' : 'error'
    return replica.outdated && !this.#sync.awaited ? 'error' : beliefs[status]
  }

  #tell(belief: Belief): void {
    if (this.#state !== 'open' || belief === this.#believed) return
    this.#believed = belief
    const message = this.#sync.problem
    if (belief === 'ready') this.#emit({ event: 'ready' })
    else if (belief === 'stale') this.#emit({ event: 'stale', message })
    else this.#emit({ event: 'error', message, errorCode: belief === 'fatal' ? 'PROVIDER_FATAL' : 'GENERAL' })
  }

  #edgePassed(flags: readonly string[]): void {
    this.#passedEdges.push(...flags)
    this.#flushWithin(COALESCE_MS)
  }

  #flushWithin(ms: number): void {
    if (ms === 0) this.#cancelFlush?.()
    if (ms === 0 || !this.#cancelFlush) this.#cancelFlush = this.#clock.after(ms, () => this.#flush())
  }

  #flush(): void {
    this.#cancelFlush = null
    const config = this.#sync.config!
    const changed = this.#told === config ? [] : this.#sync.replica.changedSince(this.#told)
    const flagsChanged = [...new Set([...changed, ...this.#passedEdges])].sort()
    this.#told = config
    this.#passedEdges = []
    if (flagsChanged.length > 0) this.#emit({ event: 'changed', flagsChanged })
  }
}
