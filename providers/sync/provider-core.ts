import type { EvaluationContext, FlagMetadata, FlagType } from '../../lib/evaluation/types'
import type { Clock } from './clock'
import type { Desk, Handle } from './handle'
import { Handles } from './handles'
import type { Notes } from './notes'
import { type ProviderResolution, typeOf } from './resolution'
import type { InitFailure, Session } from './session'
import type { Tally } from './tally'

const NO_METADATA: FlagMetadata = Object.freeze({})

export type ProviderCoreOptions = {
  readonly clock: Clock
  /** Whether evaluations are counted, and where at first. */
  readonly counting: ((now: () => number) => Tally | Notes) | null
  readonly start: (desk: Desk) => Session
}

/** What both providers are made of: a session from `initialize` to `close`, and answers from its config. */
export class ProviderCore {
  readonly #start: ProviderCoreOptions['start']
  readonly #desk: Desk
  readonly #handles: Handles
  #session: Session | null = null

  constructor({ clock, counting, start }: ProviderCoreOptions) {
    this.#start = start
    const now = () => this.#session?.now() ?? clock.wall()
    this.#desk = {
      source: null,
      counting: counting ? counting(now) : null,
      now,
      unavailable: (defaultValue) => this.#unavailable(defaultValue),
    }
    this.#handles = new Handles(this.#desk)
  }

  get session(): Session | null {
    return this.#session
  }

  initialize(): Promise<InitFailure | null> {
    this.#session ??= this.#start(this.#desk)
    this.#desk.source = this.#session
    return this.#session.initialized
  }

  /** Resolves once what was counted is sent, or a second has passed. */
  async close(): Promise<void> {
    const closed = this.#session?.close()
    this.#session = null
    this.#desk.source = null
    await closed
  }

  /** One flag, for whoever asks for it again and again. */
  handle(flagKey: string): Handle {
    return this.#handles.of(flagKey)
  }

  resolve<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    return this.#handles.of(flagKey).resolve(type, defaultValue, context)
  }

  /** Decides by the type of the default. */
  evaluate<T>(flagKey: string, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    return this.#handles.of(flagKey).resolve(typeOf(defaultValue), defaultValue, context)
  }

  /** Remembers that something happened, to be sent with the counts. */
  track(name: string, context: EvaluationContext = {}, details: object = {}): void {
    this.#desk.counting?.track(name, context, details)
  }

  /** Answered here and not by the SDK alone: some callers, such as a MultiProvider, bypass its status check. */
  #unavailable<T>(value: T): ProviderResolution<T> {
    const session = this.#session
    const refused = session?.status === 'refused'
    return {
      value,
      reason: 'ERROR',
      errorCode: refused ? 'PROVIDER_FATAL' : 'PROVIDER_NOT_READY',
      errorMessage: refused ? session.problem : 'the provider has no config yet',
      flagMetadata: NO_METADATA,
    }
  }
}
