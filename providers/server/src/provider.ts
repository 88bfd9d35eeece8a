import type * as OpenFeature from '@openfeature/server-sdk'
import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
} from '@openfeature/server-sdk'
import type { Residual } from '../../../lib/evaluation/residual/types'
import { SeenAttributes } from '../../../lib/evaluation/seen-attributes'
import type { FlagType } from '../../../lib/evaluation/types'
import { loadRegex } from '../../../lib/regex'
import { type Clock, systemClock } from '../../sync/clock'
import { endpointAt } from '../../sync/endpoint'
import type { FlagHandle, Widened } from '../../sync/flag-types'
import { FullReplica } from '../../sync/full-replica'
import { keptSession } from '../../sync/keep-live'
import { ProviderCore } from '../../sync/provider-core'
import { RegexGate } from '../../sync/regex-gate'
import { problemWith, readCommonOptions } from '../../sync/settings'
import { Tally } from '../../sync/tally'
import { version } from '../package.json'
import { fetchResidual } from './fetch-residual'
import { lastKnownGoodFile } from './last-known-good-file'
import type { JackstaffProviderOptions } from './options'

const WRONG_KEY = 'a client key (jks_cli_...) reaches browser flags only: use a server key (jks_srv_...) here'

const events = {
  ready: ProviderEvents.Ready,
  stale: ProviderEvents.Stale,
  error: ProviderEvents.Error,
  changed: ProviderEvents.ConfigurationChanged,
} as const

/**
 * OpenFeature provider for servers: decides every flag in process, from a config that one stream keeps fresh.
 *
 * @example
 * await OpenFeature.setProviderAndWait(new JackstaffProvider({ url: 'https://flags.example.com', key }))
 */
export class JackstaffProvider implements OpenFeature.Provider {
  readonly metadata = { name: 'jackstaff' } as const
  readonly runsOn = 'server'
  readonly events = new OpenFeatureEventEmitter()
  readonly #core: ProviderCore
  readonly #residual: (context: object) => Promise<Residual | null>

  /** `clock`: time and chance; replace it to see what a flag does next week. */
  constructor(options: JackstaffProviderOptions, clock: Clock = systemClock) {
    const { url, key, lastKnownGood } = options
    const common = readCommonOptions(options)
    const client = `openfeature-server/${version}`
    const endpoint = endpointAt({
      url,
      headers: { Authorization: `Bearer ${key}`, 'Jackstaff-Client': client },
      query: {},
      cache: 'no-store',
      fetch: options.fetch ?? fetch,
    })
    this.#residual = (context) => fetchResidual(endpoint, clock, context, common.warn)
    this.#core = new ProviderCore({
      clock,
      counting:
        options.telemetry === false || options.offline ? null : (now) => new Tally(now, new SeenAttributes()),
      start: (desk) =>
        keptSession(desk, {
          ...common,
          clock,
          replica: new FullReplica(new RegexGate(clock, loadRegex, common.warn)),
          endpoint,
          client,
          misconfigured: problemWith(options, 'jks_cli_', WRONG_KEY),
          lastKnownGood: lastKnownGood ? lastKnownGoodFile(lastKnownGood, key, common.warn) : null,
          emit: ({ event, ...details }) =>
            this.events.emit(events[event], details as OpenFeature.EventDetails),
        }),
    })
  }

  /**
   * Resolves with a usable config.
   * @throws ProviderFatalError where the key is refused, ProviderNotReadyError where the time is up
   */
  async initialize(): Promise<void> {
    const failure = await this.#core.initialize()
    if (failure) throw new (failure.fatal ? ProviderFatalError : ProviderNotReadyError)(failure.message)
  }

  /** Ends the stream, every request and every timer. The provider can be initialised again. */
  onClose(): Promise<void> {
    return this.#core.close()
  }

  /** Decides a flag synchronously, without the SDK's hooks: for hot paths. The type is that of the default. */
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

  /**
   * What a browser may see for one context, to start a page from that this server renders: pass it as `bootstrap` to
   * `JackstaffWebProvider`, and the first render shows what the server rendered. Asks the Jackstaff server; `null` where
   * that fails or takes a second, since a page without it only starts later.
   *
   * @example const bootstrap = await provider.residual({ targetingKey: session.userId, country: 'DE' })
   */
  residual(context: OpenFeature.EvaluationContext): Promise<Residual | null> {
    return this.#residual(context)
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean, context: OpenFeature.EvaluationContext) {
    return this.#resolve(flagKey, 'boolean', defaultValue, context)
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string, context: OpenFeature.EvaluationContext) {
    return this.#resolve(flagKey, 'string', defaultValue, context)
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number, context: OpenFeature.EvaluationContext) {
    return this.#resolve(flagKey, 'number', defaultValue, context)
  }

  resolveObjectEvaluation<T extends OpenFeature.JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: OpenFeature.EvaluationContext,
  ) {
    return this.#resolve(flagKey, 'object', defaultValue, context)
  }

  #resolve<T>(flagKey: string, type: FlagType, defaultValue: T, context: OpenFeature.EvaluationContext) {
    // The SDK's ErrorCode is an enum of exactly these strings.
    const resolution = this.#core.resolve(flagKey, type, defaultValue, context)
    return Promise.resolve(resolution as OpenFeature.ResolutionDetails<T>)
  }
}
