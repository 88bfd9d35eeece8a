import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import {
  type Client,
  type EvaluationContext,
  OpenFeature,
  OpenFeatureAPI,
  ProviderEvents,
} from '@openfeature/react-sdk'

/**
 * An OpenFeature client whose very first answer comes from the bootstrap.
 *
 * A browser has one visitor and uses the global API. A server renders for many at once, and the global API would show one
 * visitor the flags of another: each render has an API of its own, which asks nobody and needs no closing.
 */
export function openClient(options: JackstaffWebProviderOptions, context: EvaluationContext): Client {
  const onServer = typeof window === 'undefined'
  const api = onServer ? new IsolatedAPI() : OpenFeature
  const provider = providerOf(options, onServer)
  if (provider) api.setProvider(provider, context)
  return api.getClient()
}

function providerOf(options: JackstaffWebProviderOptions, onServer: boolean) {
  if (options.bootstrap) return new PageProvider(onServer ? { ...options, ...SILENT } : options)
  return onServer ? null : new JackstaffWebProvider(options)
}

/** Without a key a provider asks nobody, and decides from its bootstrap; what it would count is the browser's to count. */
const SILENT = { key: '', telemetry: false }

/** The SDK exports the class, but keeps its constructor to itself in its types. */
const IsolatedAPI = OpenFeatureAPI as unknown as new () => OpenFeatureAPI

/** The SDK believes a provider ready when `initialize` has resolved, which is after the first render: say so at once. */
class PageProvider extends JackstaffWebProvider {
  override initialize(context: EvaluationContext) {
    const initialized = super.initialize(context)
    this.events.emit(ProviderEvents.Ready)
    return initialized
  }
}
