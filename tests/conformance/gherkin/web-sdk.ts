import {
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  OpenFeature,
  ProviderStatus,
} from '@openfeature/web-sdk'
import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '../../../providers/web/src'
import { until } from '../../support/process'
import type { Sdk, State } from './sdk'
import type { Served } from './served-flags'

/** Remembers the context that the SDK handed over; it decides as ever. */
class Attentive extends JackstaffWebProvider {
  seen: EvaluationContext = {}

  override resolveBooleanEvaluation(...args: Parameters<JackstaffWebProvider['resolveBooleanEvaluation']>) {
    this.seen = args[2]
    return super.resolveBooleanEvaluation(...args)
  }
}

export async function webSdk({ url, deadUrl, clientKey: key }: Served): Promise<Sdk> {
  const asked = { method: 'POST', body: JSON.stringify({ context: {} }) }
  const bootstrap = await (await fetch(`${url}/config/residual?key=${key}`, asked)).text()
  const options: Record<State, JackstaffWebProviderOptions> = {
    stable: { url, key },
    'not ready': { url: deadUrl, key },
    error: { url: deadUrl, key, initTimeoutMs: 20 },
    fatal: { url, key: `${key}-that-is-wrong` },
    stale: { url: deadUrl, key, bootstrap },
  }
  let client: Client
  let provider: Attentive
  let domain = ''
  let domains = 0

  return {
    side: 'web',
    async provide(state) {
      domain = `gherkin-${++domains}`
      client = OpenFeature.getClient(domain)
      provider = new Attentive(options[state])
      const set = OpenFeature.setProviderAndWait(domain, provider).catch(() => {})
      if (state !== 'not ready') await set
      if (state === 'stale') await until('STALE', () => client.providerStatus === ProviderStatus.STALE)
    },
    status: () => client.providerStatus,
    addHook: (hook) => void client.addHooks(hook as Hook),
    async evaluate({ method, key, fallback, contexts, hooks }) {
      // Here the context belongs to the page and is set ahead of evaluations.
      if (contexts.API) await OpenFeature.setContext(contexts.API)
      if (contexts.Invocation) await OpenFeature.setContext(domain, contexts.Invocation)
      const asks = client as unknown as Record<string, (...args: unknown[]) => EvaluationDetails<FlagValue>>
      const details = asks[`get${method}Details`]!(key, fallback, { hooks })
      return { details, returned: details }
    },
    mergedContext: () => provider.seen,
    async close() {
      await OpenFeature.clearProviders()
      await OpenFeature.clearContexts()
    },
  }
}
