import type { JsonValue, Provider, ResolutionDetails } from '@openfeature/server-sdk'
import { JackstaffProvider } from '../../providers/server/src'
import { ScriptedServer } from '../../tests/support/scripted-server'
import type { Ready } from '../evaluate/check'
import { configOf } from '../evaluate/our-config'
import { contextOf as evaluationContextOf, ours } from '../evaluate/ours'
import type { Answer, Ask, Contender, Environment, FlagSpec } from '../evaluate/spec'
import { isSplit } from '../evaluate/spec'
import { users } from '../evaluate/users'
import type { Workload } from '../evaluate/workloads'
import { clientOf, contextOf, type SdkPeer } from './through-sdk'

/** Our provider as it ships, counting included; its server is a function in this process. */
export async function providerOf(environment: Environment): Promise<JackstaffProvider> {
  const { fetch } = new ScriptedServer(configOf(environment))
  const provider = new JackstaffProvider({ url: 'http://flags.test', key: 'jks_srv_bench', fetch })
  await provider.initialize()
  return provider
}

export const oursThroughSdk: SdkPeer = {
  name: 'jackstaff',
  engine: ours,
  provide(text) {
    const { fetch } = new ScriptedServer(JSON.parse(text))
    return new JackstaffProvider({ url: 'http://flags.test', key: 'jks_srv_bench', fetch })
  },
}

/** What the SDK costs by itself: a provider with one answer, made and wrapped beforehand. */
function constantProvider(value: boolean | string): Provider {
  const details = Object.freeze({
    value,
    variant: 'on',
    reason: 'STATIC',
    flagMetadata: Object.freeze({ flagSetId: 'bench/production', version: 1 }),
  })
  const answer = Promise.resolve(details)
  const resolve = () => answer as unknown as Promise<ResolutionDetails<never>>
  return {
    metadata: { name: 'constant' },
    runsOn: 'server',
    resolveBooleanEvaluation: resolve,
    resolveStringEvaluation: resolve,
    resolveNumberEvaluation: resolve,
    resolveObjectEvaluation: resolve,
  }
}

export const CONSTANT = 'constant'

/** The floor under every provider: it answers each user alike, so it takes part in no check of a workload. */
export async function constantReady({ flag }: Workload): Promise<Ready> {
  const value = isSplit(flag) ? 'control' : true
  const client = await clientOf(constantProvider(value))
  const { key } = flag
  const ask: Ask = isSplit(flag)
    ? (context) => client.getStringValue(key, '', context as Record<string, JsonValue>)
    : (context) => client.getBooleanValue(key, false, context as Record<string, JsonValue>)
  const contexts = users.map(contextOf)
  if ((await ask(contexts[0])) !== value)
    throw new Error('the constant provider does not answer its constant')
  const contender: Contender = {
    name: CONSTANT,
    call: 'the same, with a provider that always returns one resolved promise',
    isAsync: true,
    unable: () => undefined,
    open: () => engine,
  }
  const engine = {
    prepare: contextOf,
    ask: () => ask,
    answerOf: (result: unknown) => result as Answer,
    close() {},
  }
  return { contender, engine, contexts, ask }
}

type AskOf = (provider: JackstaffProvider, flag: FlagSpec) => Ask

const native = (name: string, call: string, askOf: AskOf): Contender => ({
  name,
  call,
  isAsync: false,
  unable: () => undefined,
  async open(environment) {
    const provider = await providerOf(environment)
    return {
      prepare: evaluationContextOf,
      ask: (flag) => askOf(provider, flag),
      answerOf: (result) =>
        typeof result === 'object' ? (result as { value: Answer }).value : (result as Answer),
      close: () => provider.onClose(),
    }
  },
})

const fallbackOf = (flag: FlagSpec): boolean | string => (isSplit(flag) ? '' : false)
type Context = Record<string, JsonValue>

/** The synchronous ways in, without the SDK. */
export const natives: readonly Contender[] = [
  native('provider.evaluate', 'provider.evaluate(key, default, context)', (provider, flag) => {
    const { key } = flag
    const fallback = fallbackOf(flag)
    return (context) => provider.evaluate(key, fallback, context as Context)
  }),
  native('flag.value', 'provider.flag(key, default).value(context)', (provider, flag) => {
    const handle = provider.flag(flag.key, fallbackOf(flag))
    return (context) => handle.value(context as Context)
  }),
  native('flag.evaluate', 'provider.flag(key, default).evaluate(context)', (provider, flag) => {
    const handle = provider.flag(flag.key, fallbackOf(flag))
    return (context) => handle.evaluate(context as Context)
  }),
]
