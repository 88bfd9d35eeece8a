import {
  AsyncLocalStorageTransactionContextPropagator,
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  OpenFeature,
  ProviderStatus,
} from '@openfeature/server-sdk'
import { JackstaffProvider, type JackstaffProviderOptions } from '../../../providers/server/src'
import { until } from '../../support/process'
import type { Question, Sdk, State } from './sdk'
import type { Served } from './served-flags'

type Details = EvaluationDetails<FlagValue>

/** Remembers the context that the SDK merged; it decides as ever. */
class Attentive extends JackstaffProvider {
  seen: EvaluationContext = {}

  override resolveBooleanEvaluation(...args: Parameters<JackstaffProvider['resolveBooleanEvaluation']>) {
    this.seen = args[2]
    return super.resolveBooleanEvaluation(...args)
  }
}

export async function serverSdk({ url, deadUrl, serverKey: key }: Served): Promise<Sdk> {
  OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator())
  const bootstrap = await (
    await fetch(`${url}/config`, { headers: { authorization: `Bearer ${key}` } })
  ).text()
  const options: Record<State, JackstaffProviderOptions> = {
    stable: { url, key },
    'not ready': { url: deadUrl, key },
    error: { url: deadUrl, key, initTimeoutMs: 20 },
    fatal: { url, key: `${key}-that-is-wrong` },
    stale: { url: deadUrl, key, bootstrap },
  }
  let client: Client
  let provider: Attentive
  let domains = 0

  return {
    side: 'server',
    async provide(state) {
      const domain = `gherkin-${++domains}`
      client = OpenFeature.getClient(domain)
      provider = new Attentive(options[state])
      const set = OpenFeature.setProviderAndWait(domain, provider).catch(() => {})
      if (state !== 'not ready') await set
      if (state === 'stale') await until('STALE', () => client.providerStatus === ProviderStatus.STALE)
    },
    status: () => client.providerStatus,
    addHook: (hook) => void client.addHooks(hook as Hook),
    async evaluate({ contexts, ...question }) {
      await OpenFeature.setContext(contexts.API ?? {})
      client.setContext(contexts.Client ?? {})
      const hooks = [...question.hooks, { before: () => contexts['Before Hooks'] ?? {} }] as Hook[]
      let returned!: Promise<Details>
      OpenFeature.setTransactionContext(contexts.Transaction ?? {}, () => {
        returned = ask(client, question, contexts.Invocation ?? {}, hooks)
      })
      return { details: await returned, returned }
    },
    mergedContext: () => provider.seen,
    async close() {
      await OpenFeature.clearProviders()
      await OpenFeature.setContext({})
    },
  }
}

function ask(
  client: Client,
  { method, key, fallback }: Omit<Question, 'contexts'>,
  context: EvaluationContext,
  hooks: Hook[],
): Promise<Details> {
  const asks = client as unknown as Record<string, (...args: unknown[]) => Promise<Details>>
  return asks[`get${method}Details`]!(key, fallback, context, { hooks })
}
