import type { Cancel, Clock } from './clock'
import type { Replica, Windows } from './replica'
import type { Announcement, Session } from './session'

// A burst of publishes is one event: applications render again on it. A kill does not wait, and values never do.
const COALESCE_MS = 25

/** Announces the flags that changed since the application last looked. */
export class Announcer {
  readonly #session: Session
  readonly #replica: Replica
  readonly #clock: Clock
  readonly #emit: (announcement: Announcement) => void
  readonly #windows: Windows | null
  #passedEdges: string[] = []
  #cancelFlush: Cancel | null = null

  constructor(session: Session, replica: Replica, clock: Clock, emit: (announcement: Announcement) => void) {
    this.#session = session
    this.#replica = replica
    this.#clock = clock
    this.#emit = emit
    const onEdge = (flags: readonly string[]) => this.#edgePassed(flags)
    this.#windows = replica.windows(clock, () => session.now(), onEdge)
  }

  close(): void {
    this.#windows?.stop()
    this.#cancelFlush?.()
  }

  /** There is a config, and somebody listens. */
  announce(): void {
    const { told } = this.#session
    const config = this.#replica.current!
    this.#windows?.watch()
    if (config !== told) this.#flushWithin(config.killedAt === told?.killedAt ? COALESCE_MS : 0)
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
    const { told } = this.#session
    const config = this.#replica.current!
    const changed = told === config ? [] : this.#replica.changedSince(told)
    const flagsChanged = [...new Set([...changed, ...this.#passedEdges])].sort()
    this.#session.told = config
    this.#passedEdges = []
    if (flagsChanged.length > 0) this.#emit({ event: 'changed', flagsChanged })
  }
}
