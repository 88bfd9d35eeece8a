import type { Cancel } from '../../sync/clock'
import type { Answer } from '../../sync/config-sync'
import type { Desk } from '../../sync/handle'
import type { LiveOptions } from '../../sync/keep-live'
import type { Replica } from '../../sync/replica'
import type { Keeper, Session } from '../../sync/session'
import { loadLive, persist } from './load'

const SILENT_MS = 25_000 // as long as a stream may be silent
const CLOSE_MS = 1_000 // what the application that closes may be kept waiting

/**
 * The beginning of a session in a page: one request for what is left of the config for this context, while the file that
 * keeps it true is on its way. As long as that does not come, the page goes on with what it has, and says that it is stale.
 */
export class Prelude implements Keeper {
  readonly #session: Session
  readonly #replica: Replica
  readonly #desk: Desk
  readonly #options: LiveOptions
  readonly #giveUp: Cancel
  #cancelTimer: Cancel
  #abort = new AbortController()
  #answer: Promise<Answer> | null = null
  #ended: () => void = () => {}

  constructor(session: Session, replica: Replica, desk: Desk, options: LiveOptions) {
    this.#session = session
    this.#replica = replica
    this.#desk = desk
    this.#options = options
    const { clock } = options
    if (!replica.pushed) this.#ask()
    this.#cancelTimer = clock.after(SILENT_MS, () => this.#lost('live.js is not here yet'))
    this.#giveUp = persist(
      clock,
      loadLive,
      ({ keep }) => this.#handOver(keep),
      (problem) => this.#lost(`live.js did not load: ${problem}`),
    )
  }

  async refetch(): Promise<string | null> {
    const answer = await this.#ask()
    return typeof answer === 'string' ? null : answer.message
  }

  /** Changes are told by what comes after. */
  announce(): void {}

  /** What was counted is sent by what comes after, if it is here within a second. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#cancelTimer()
    if (this.#desk.counting && this.#replica.validated)
      await new Promise<void>((resolve) => {
        this.#ended = resolve
        this.#cancelTimer = this.#options.clock.after(CLOSE_MS, resolve, true)
      })
    this.#giveUp()
  }

  /** One request, or the one that has taken its place. */
  #ask(): Promise<Answer> {
    this.#abort.abort()
    const abort = new AbortController()
    this.#abort = abort
    const { endpoint, clock } = this.#options
    const heard = (answer: Answer): Answer | Promise<Answer> => {
      if (abort !== this.#abort) return this.#answer!
      if (this.#session.keeper !== this) return answer
      if (answer === 'later') return this.#ask()
      this.#hear(answer)
      return answer
    }
    this.#answer = this.#replica.fetch({ endpoint, clock, abort, min: null }).then(heard)
    return this.#answer
  }

  #hear(answer: Answer): void {
    const session = this.#session
    if (typeof answer === 'string') session.changed()
    else if (answer.kind === 'refused') session.moveTo('refused', answer.message)
    else session.problem = answer.message
  }

  /** There is no stream, and nobody is asked again: what that comes to is the same as when a stream is lost. */
  #lost(problem: string): void {
    const session = this.#session
    if (!session.config) void this.#ask()
    if (session.status !== 'starting') return
    session.moveTo('stale', problem)
    void session.fallBack()
    this.#cancelTimer()
    this.#cancelTimer = this.#options.clock.after(this.#options.errorAfterMs, () => session.moveTo('error'))
  }

  #handOver(keep: typeof import('./live').keep): void {
    this.#cancelTimer()
    const session = this.#session
    const firstAnswer = (abort: AbortController) => {
      abort.signal.addEventListener('abort', () => this.#abort.abort())
      return this.#answer!
    }
    const options = { ...this.#options, ...(this.#answer && { firstAnswer }) }
    const live = keep(session, this.#replica, this.#desk, options)
    if (session.status === 'closed') {
      void live.close().then(this.#ended)
      return
    }
    session.keeper = live
    live.start()
    session.changed()
  }
}
