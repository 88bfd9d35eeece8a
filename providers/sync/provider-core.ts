import type { ErrorCode, EvaluationContext, FlagMetadata, FlagType, Reason } from '../../lib/evaluation/types'
import type { Replica } from './replica'
import { type InitFailure, Session, type SessionOptions } from './session'

/** OpenFeature's ResolutionDetails, with reasons and error codes by name. */
export type ProviderResolution<T> = {
  readonly value: T
  readonly reason: Reason | 'CACHED'
  readonly variant?: string
  readonly errorCode?: ErrorCode | 'PROVIDER_NOT_READY' | 'PROVIDER_FATAL'
  readonly errorMessage?: string
  readonly flagMetadata: FlagMetadata
}

const NO_METADATA: FlagMetadata = Object.freeze({})

/** `replica` makes one for each session. */
export type CoreOptions = Omit<SessionOptions, 'replica'> & { readonly replica: () => Replica }

/** What both providers are made of: a session from `initialize` to `close`, and answers from its config. */
export class ProviderCore {
  readonly #options: CoreOptions
  #session: Session | null = null

  constructor(options: CoreOptions) {
    this.#options = options
  }

  get session(): Session | null {
    return this.#session
  }

  initialize(): Promise<InitFailure | null> {
    this.#session ??= new Session({ ...this.#options, replica: this.#options.replica() })
    return this.#session.initialized
  }

  close(): void {
    this.#session?.close()
    this.#session = null
  }

  resolve<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    const sync = this.#session?.sync
    if (!sync?.config) return this.#unavailable(defaultValue)
    const { replica } = sync
    const resolution = replica.resolve(flagKey, type, defaultValue, context, sync.now())
    if (replica.validated || resolution.reason === 'ERROR') return resolution
    return { ...resolution, reason: 'CACHED' }
  }

  /** Decides by the type of the default. */
  evaluate<T>(flagKey: string, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    const type = typeof defaultValue
    const known = type === 'boolean' || type === 'string' || type === 'number'
    return this.resolve(flagKey, known ? type : 'object', defaultValue, context)
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
