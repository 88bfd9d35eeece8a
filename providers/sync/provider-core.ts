import type { EvaluationContext, FlagMetadata, FlagType } from '../../lib/evaluation/types'
import type { Clock } from './clock'
import type { Answerer, Desk } from './desk'
import type { FlagHandle, Widened } from './flag-types'
import { type ProviderResolution, typeOf } from './resolution'
import type { InitFailure, Session } from './session'

const NOBODY: EvaluationContext = Object.freeze({})
const NO_METADATA: FlagMetadata = Object.freeze({})

export type ProviderCoreOptions = {
  readonly clock: Clock
  /** Where evaluations are counted at first; `null`: they are not. */
  readonly counting: ((now: () => number) => Desk['counting']) | null
  readonly start: (desk: Desk) => Session
}

/** What both providers are made of: a session from `initialize` to `close`, and answers from its config. */
export class ProviderCore implements Desk {
  session: Session | null = null
  counting: Desk['counting']
  handles: Desk['handles'] = null
  readonly now: () => number
  readonly #start: ProviderCoreOptions['start']

  constructor({ clock, counting, start }: ProviderCoreOptions) {
    this.#start = start
    this.now = () => this.session?.now() ?? clock.wall()
    this.counting = counting ? counting(this.now) : null
  }

  initialize(): Promise<InitFailure | null> {
    this.session ??= this.#start(this)
    return this.session.initialized
  }

  /** Resolves once what was counted is sent, or a second has passed. */
  async close(): Promise<void> {
    const closed = this.session?.close()
    this.session = null
    await closed
  }

  resolve<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    const { handles } = this
    return handles === null
      ? this.answer(flagKey, type, defaultValue, context)
      : handles.of(flagKey).resolve(type, defaultValue, context)
  }

  answer<T>(
    flagKey: string,
    type: FlagType,
    defaultValue: T,
    context: EvaluationContext,
  ): ProviderResolution<T> {
    const { session, counting } = this
    const replica = session?.replica
    if (!replica?.current) return unavailable(session, defaultValue)
    const resolution = replica.resolve(flagKey, type, defaultValue, context, this.now())
    const { variant = null, reason, errorCode } = resolution
    const cached = !replica.validated && reason !== 'ERROR'
    const told = cached ? 'CACHED' : reason
    const exists = errorCode !== 'FLAG_NOT_FOUND'
    const isKey = typeof flagKey === 'string' // JavaScript may pass anything
    if (isKey) counting?.count(flagKey, exists, variant, told, errorCode)
    return cached ? { ...resolution, reason: told } : resolution
  }

  /** Decides by the type of the default. */
  evaluate<T>(flagKey: string, defaultValue: T, context: EvaluationContext): ProviderResolution<T> {
    return this.resolve(flagKey, typeOf(defaultValue), defaultValue, context)
  }

  /** Remembers that something happened, to be sent with the counts. */
  track(name: string, context: EvaluationContext = {}, details: object = {}): void {
    this.counting?.track(name, context, details)
  }

  /** One flag, for whoever asks for it again and again. `Details`: what a resolution is called by the SDK. */
  flag<T, Details>(flagKey: string, defaultValue: T): FlagHandle<Widened<T>, Details> {
    const type = typeOf(defaultValue)
    let handle: Answerer | undefined
    const resolve = (context: EvaluationContext) => {
      handle ??= this.handles?.of(flagKey)
      return handle === undefined
        ? this.answer(flagKey, type, defaultValue, context)
        : handle.resolve(type, defaultValue, context)
    }
    return {
      value: (context = NOBODY) => resolve(context).value as Widened<T>,
      evaluate: (context = NOBODY) => resolve(context) as Details,
    }
  }
}

/** Answered here and not by the SDK alone: some callers, such as a MultiProvider, bypass its status check. */
function unavailable<T>(session: Session | null, value: T): ProviderResolution<T> {
  const refused = session?.status === 'refused'
  return {
    value,
    reason: 'ERROR',
    errorCode: refused ? 'PROVIDER_FATAL' : 'PROVIDER_NOT_READY',
    errorMessage: refused ? session.problem : 'the provider has no config yet',
    flagMetadata: NO_METADATA,
  }
}
