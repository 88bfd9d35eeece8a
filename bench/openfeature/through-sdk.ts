import { type JsonValue, OpenFeature, type Provider } from '@openfeature/server-sdk'
import type { Answer, Contender, Engine, Environment, User } from '../evaluate/spec'
import { isSplit } from '../evaluate/spec'

/** Attributes as users of OpenFeature write them. */
export const contextOf = ({ id, ...attributes }: User): Record<string, JsonValue> => ({
  targetingKey: id,
  ...attributes,
})

export type SdkPeer = {
  readonly name: string
  /** Of the engine inside: how a flag is said, and what cannot be. */
  readonly engine: Contender
  /** The provider, opened without a network from the text that the engine's server sends. */
  readonly provide: (text: string) => Provider | Promise<Provider>
  /** Why an environment cannot be expressed, where the provider comes with an older engine. */
  readonly unable?: Contender['unable']
  /** Where the provider wants the context otherwise. */
  readonly prepare?: (user: User) => Record<string, JsonValue>
}

let domains = 0

/** A client of the published SDK with this provider, in a domain of its own. */
export async function clientOf(provider: Provider) {
  const domain = `bench-${++domains}`
  await OpenFeature.setProviderAndWait(domain, provider)
  return OpenFeature.getClient(domain)
}

async function open(peer: SdkPeer, environment: Environment): Promise<Engine> {
  const client = await clientOf(await peer.provide(peer.engine.wire!.text(environment)))
  return {
    prepare: peer.prepare ?? contextOf,
    ask: (flag) => {
      const { key } = flag
      return isSplit(flag)
        ? (context) => client.getStringValue(key, '', context as Record<string, JsonValue>)
        : (context) => client.getBooleanValue(key, false, context as Record<string, JsonValue>)
    },
    answerOf: (result) => result as Answer,
    close: () => {},
  }
}

/** A provider as a contender: asked through the OpenFeature client, as applications do. */
export const throughSdk = (peer: SdkPeer): Contender => ({
  name: peer.name,
  call: 'await client.getBooleanValue / getStringValue (key, default, context)',
  isAsync: true,
  unable: (environment) => peer.engine.unable(environment) ?? peer.unable?.(environment),
  open: (environment) => open(peer, environment),
})
