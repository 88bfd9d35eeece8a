import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { type Client, type EvaluationContext, OpenFeature, OpenFeatureAPI } from '@openfeature/react-sdk'

/**
 * An OpenFeature client whose very first answer comes from the bootstrap.
 *
 * A browser has one visitor and uses the global API. A server renders for many at once, and the global API would show one
 * visitor the flags of another: each render has an API of its own, which asks nobody and needs no closing.
 */
export function openClient(options: JackstaffWebProviderOptions, context: EvaluationContext): Client {
  const onServer = typeof window === 'undefined'
  const api = onServer ? new IsolatedAPI() : OpenFeature
  if (options.bootstrap || !onServer)
    api.setProvider(new JackstaffWebProvider({ ...options, offline: onServer }), context)
  return api.getClient()
}

/** The SDK exports the class, but keeps its constructor to itself in its types. */
const IsolatedAPI = OpenFeatureAPI as unknown as new () => OpenFeatureAPI
