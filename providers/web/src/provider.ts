import type * as OpenFeature from '@openfeature/web-sdk'
import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from '@openfeature/web-sdk'
import { type Cancel, type Clock, systemClock } from '../../sync/clock'
import { endpointAt } from '../../sync/endpoint'
import type { FlagHandle, Widened } from '../../sync/flag-types'
import { Notes } from '../../sync/notes'
import { ProviderCore } from '../../sync/provider-core'
import type { Replica } from '../../sync/replica'
import { type Announcement, type InitFailure, Session } from '../../sync/session'
import { problemWith, readCommonOptions } from '../../sync/settings'
import { version } from '../package.json'
import { hash } from './hash'
import { lastKnownGoodStorage } from './last-known-good-storage'
import { loadEngine, loadTests, persist } from './load'
import type { JackstaffWebProviderOptions } from './options'
import { prelude } from './prelude'
import { ResidualReplica } from './residual-replica'

const WRONG_KEY = 'a server key (jks_srv_...) is secret: revoke this one and use a client key (jks_cli_...)'
const NOT_INITIALIZED: InitFailure = { fatal: false, message: 'the provider is not initialized' }
const SEVEN_DAYS_MS = 604_800_000

/** The SDK's ErrorCode is an enum of exactly our strings. */
type Details<T> = OpenFeature.ResolutionDetails<T>

const events = {
  ready: ProviderEvents.Ready,
  stale: ProviderEvents.Stale,
  error: ProviderEvents.Error,
  changed: ProviderEvents.ConfigurationChanged,
} as const

/**
 * OpenFeature provider for browsers: decides every flag in the page, and one stream keeps it fresh.
 *
 * @example
 * await OpenFeature.setProviderAndWait(new JackstaffWebProvider({ url: 'https://flags.example.com', key }))
 */
export class JackstaffWebProvider implements OpenFeature.Provider {
  readonly metadata = { name: 'jackstaff-web' } as const
  readonly runsOn = 'client'
  readonly events = new OpenFeatureEventEmitter()
  /** With a residual the provider answers for one context, that of its domain. */
  readonly domainScoped: boolean
  readonly #core: ProviderCore
  #residual: ResidualReplica | null = null
  #context: OpenFeature.EvaluationContext = {}
  #domain = ''
  #giveUp: Cancel = () => {}

  /** `clock`: time and chance; replace it to see what a flag does next week. */
  constructor(options: JackstaffWebProviderOptions, clock: Clock = systemClock) {
    const { url, key, lastKnownGood, mode = 'residual' } = options
    const common = readCommonOptions(options)
    this.domainScoped = mode === 'residual' || lastKnownGood !== undefined
    const client = `openfeature-web/${version}`
    this.#core = new ProviderCore({
      clock,
      counting: options.telemetry === false || options.offline ? null : (now) => new Notes(now),
      start: (desk) => {
        const live = {
          ...common,
          clock,
          client,
          channel: `jackstaff:${hash(`${url} ${key} ${mode}`)}`,
          endpoint: endpointAt({
            url,
            headers: {},
            query: { key, client, mode },
            cache: 'no-cache',
            fetch: options.fetch ?? fetch,
          }),
          lastKnownGood: lastKnownGood
            ? lastKnownGoodStorage(
                { maxAgeMs: SEVEN_DAYS_MS, ...lastKnownGood },
                () => `${key} ${this.#domain}`,
                clock,
                common.warn,
              )
            : null,
          emit: ({ event, ...details }: Announcement) =>
            this.events.emit(events[event], details as OpenFeature.EventDetails),
        } as const
        return new Session({
          ...live,
          replica: mode === 'full' ? this.#loadFull(clock, common.warn) : this.#newResidual(),
          misconfigured: problemWith(options, 'jks_srv_', WRONG_KEY),
          keep: (session, replica) => prelude(session, replica, desk, live),
        })
      },
    })
  }

  /**
   * Resolves with a usable config.
   * @throws ProviderFatalError where the key is refused, ProviderNotReadyError where the time is up
   */
  async initialize(context: OpenFeature.EvaluationContext = {}, domain = ''): Promise<void> {
    this.#context = context
    this.#domain = domain
    const initialized = this.#core.initialize()
    // The SDK would believe it only when this has resolved, which is after the first render.
    if (this.#core.session?.config) this.events.emit(ProviderEvents.Ready)
    const failure = await initialized
    if (failure) throw errorOf(failure)
  }

  /**
   * Returns at once where what is held decides for the new context too: the whole config always does, a residual while
   * the private attributes are the same. Else, and while there is nothing yet, it returns a promise: the SDK calls a
   * provider ready as soon as this returns anything else, and never recovers from a throw.
   */
  onContextChange(
    _: OpenFeature.EvaluationContext,
    context: OpenFeature.EvaluationContext,
  ): Promise<void> | void {
    const { session } = this.#core
    this.#context = context
    const isCovered = this.#residual?.moveTo(context) ?? true
    if (!session?.config) return this.#contextBeforeConfig(session)
    if (!isCovered) return this.#reconcile(session, this.#residual!)
    session.overruled('ready')
  }

  /** Ends the stream, every request and every timer. The provider can be initialised again. */
  onClose(): Promise<void> {
    this.#giveUp()
    return this.#core.close()
  }

  /** Decides a flag without the SDK's hooks and context: for hot paths. The type is that of the default. */
  evaluate<T extends OpenFeature.JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: OpenFeature.EvaluationContext = {},
  ): OpenFeature.ResolutionDetails<Widened<T>> {
    return this.#core.evaluate(flagKey, defaultValue, context) as OpenFeature.ResolutionDetails<Widened<T>>
  }

  /**
   * One flag, to be asked again and again: the fastest way to a value, synchronous as `evaluate` is. A change of the
   * config is seen by the next call.
   *
   * @example
   * const newCheckout = provider.flag('new-checkout', false)
   * if (newCheckout.value({ targetingKey: 'user-42' })) openCheckout()
   */
  flag<T extends OpenFeature.JsonValue>(
    flagKey: string,
    defaultValue: T,
  ): FlagHandle<Widened<T>, OpenFeature.ResolutionDetails<Widened<T>>> {
    return this.#core.flag(flagKey, defaultValue)
  }

  /** Remembers that something happened, for the server: what `client.track` calls. Never throws and never waits. */
  track(
    name: string,
    context?: OpenFeature.EvaluationContext,
    details?: OpenFeature.TrackingEventDetails,
  ): void {
    this.#core.track(name, context, details)
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean, context: OpenFeature.EvaluationContext) {
    return this.#core.resolve(flagKey, 'boolean', defaultValue, context) as Details<boolean>
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string, context: OpenFeature.EvaluationContext) {
    return this.#core.resolve(flagKey, 'string', defaultValue, context) as Details<string>
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number, context: OpenFeature.EvaluationContext) {
    return this.#core.resolve(flagKey, 'number', defaultValue, context) as Details<number>
  }

  resolveObjectEvaluation<T extends OpenFeature.JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: OpenFeature.EvaluationContext,
  ) {
    return this.#core.resolve(flagKey, 'object', defaultValue, context) as Details<T>
  }

  #loadFull(clock: Clock, warn: (message: string) => void): Promise<Replica> {
    return new Promise((resolve) => {
      this.#giveUp = persist(
        clock,
        loadEngine,
        ({ fullReplica }) => resolve(fullReplica(clock, warn)),
        (problem) => {
          const message = `the evaluation engine did not load: ${problem}`
          warn(message)
          if (this.#core.session) this.#core.session.problem = message
        },
      )
    })
  }

  #newResidual(): ResidualReplica {
    this.#residual = new ResidualReplica(this.#context, loadTests)
    return this.#residual
  }

  /** The old answers stand until the new ones are here. */
  async #reconcile(session: Session, residual: ResidualReplica): Promise<void> {
    session.awaited++
    const problem = session.keeper ? await session.keeper.refetch() : session.problem
    session.awaited--
    session.overruled(residual.outdated ? 'error' : 'ready')
    if (residual.outdated) throw new Error(problem ?? 'the server knows only an older version')
    session.acknowledged()
  }

  async #contextBeforeConfig(session: Session | null): Promise<void> {
    const failure = session ? await session.initialized : NOT_INITIALIZED
    session?.overruled(failure ? 'error' : 'ready')
    if (failure) throw errorOf(failure)
  }
}

function errorOf({ fatal, message }: InitFailure): Error {
  return new (fatal ? ProviderFatalError : ProviderNotReadyError)(message)
}
