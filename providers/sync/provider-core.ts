import type { EvaluationContext, FlagMetadata, FlagType } from '../../lib/evaluation/types'
import type { Desk, Handle } from './handle'
import { Handles } from './handles'
import type { Replica } from './replica'
import { type ProviderResolution, typeOf } from './resolution'
import { type InitFailure, Session, type SessionOptions } from './session'
import { Tally } from './tally'
import { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry'
import { trackedEvent } from './tracked-event'

const NO_METADATA: FlagMetadata = Object.freeze({})

/** `replica` makes one for each session. */
export type ProviderCoreOptions = Omit<SessionOptions, 'replica'> & {
  readonly replica: () => Replica
  /** `null`: the application counts nothing and sends nothing. */
  readonly telemetry: Pick<TelemetryOptions, 'client' | 'whenHidden'> | null
}

/** What both providers are made of: a session from `initialize` to `close`, and answers from its config. */
export class ProviderCore {
  readonly #options: ProviderCoreOptions
  readonly #desk: Desk
  readonly #handles: Handles
  #session: Session | null = null
  #telemetry: Telemetry | null = null

  constructor(options: ProviderCoreOptions) {
    this.#options = options
    this.#desk = {
      source: null,
      tally: options.telemetry && new Tally(() => this.#now()),
      unavailable: (defaultValue) => this.#unavailable(defaultValue),
    }
    this.#handles = new Handles(this.#desk)
  }

  get session(): Session | null {
    return this.#session
  }

  initialize(): Promise<InitFailure | null> {
    this.#session ??= this.#start()
    return this.#session.initialized
  }

  /** Resolves once what was counted is sent, or a second has passed. */
  async close(): Promise<void> {
    this.#session?.close()
    const told = this.#telemetry?.close()
    this.#session = null
    this.#desk.source = null
    this.#telemetry = null
    await told
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
    this.#desk.tally?.add(trackedEvent(name, context, details as Record<string, unknown>, this.#now()))
  }

  #start(): Session {
    const session = new Session({ ...this.#options, replica: this.#options.replica() })
    this.#desk.source = session.sync
    const { telemetry } = this.#options
    const { tally } = this.#desk
    if (telemetry && tally)
      this.#telemetry = startTelemetry({
        ...this.#options,
        ...telemetry,
        tally,
        replica: session.sync.replica,
      })
    return session
  }

  #now(): number {
    return this.#session?.sync.now() ?? this.#options.clock.wall()
  }

  /** Answered here and not by the SDK alone: some callers, such as a MultiProvider, bypass its status check. */
  #unavailable<T>(value: T): ProviderResolution<T> {
    const sync = this.#session?.sync
    const refused = sync?.status === 'refused'
    return {
      value,
      reason: 'ERROR',
      errorCode: refused ? 'PROVIDER_FATAL' : 'PROVIDER_NOT_READY',
      errorMessage: refused ? sync.problem : 'the provider has no config yet',
      flagMetadata: NO_METADATA,
    }
  }
}
