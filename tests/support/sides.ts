import type { BaseHook, EvaluationContext, EvaluationDetails, FlagValue } from '@openfeature/core'
import { OpenFeature as ServerApi } from '@openfeature/server-sdk'
import { OpenFeature as WebApi } from '@openfeature/web-sdk'
import { JackstaffProvider } from '../../providers/server/src'
import { type Clock, systemClock } from '../../providers/sync/clock'
import type { CommonOptions } from '../../providers/sync/options'
import { JackstaffWebProvider } from '../../providers/web/src'
import { loadEngine, loadLive } from '../../providers/web/src/load'
import { type Heard, listen } from './openfeature'
import { CLIENT_KEY, SERVER_KEY } from './protocol-server'

await Promise.all([loadEngine(), loadLive()]) // virtual time waits for no file

const silence = () => {}
for (const api of [ServerApi, WebApi]) {
  api.setLogger({ error: silence, warn: silence, info: silence, debug: silence })
}

export type Method = 'Boolean' | 'String' | 'Number' | 'Object'
export type Details = EvaluationDetails<FlagValue>
type Provider = JackstaffProvider | JackstaffWebProvider
type Options = Partial<CommonOptions> & { readonly url: string }

/** Our provider in one of the SDKs, in a domain of its own, and all that its client heard from the start. */
export type Bound = {
  readonly provider: Provider
  readonly domain: string
  readonly heard: Heard[]
  names(): string[]
  status(): string
  /** How the SDK's own promise ended: with an error, or null. */
  readonly initialized: Promise<(Error & { code: string }) | null>
  /** Through the client. In a page the context is set first, on the domain. */
  ask(method: Method, key: string, fallback: unknown, context?: unknown, hooks?: BaseHook[]): Promise<Details>
}

/** One of the two worlds that a test can be true in. */
export type Side = {
  readonly side: 'server' | 'web' | 'residual web'
  readonly name: string
  readonly key: string
  make(options: Options, clock?: Clock): Provider
  /** A new provider in a new domain. */
  bind(options: Options, clock?: Clock): Bound
  /** A provider that may be in use elsewhere, in one more domain. */
  join(domain: string, provider: Provider): Bound
  rebind(domain: string, provider: Provider): Promise<void>
  close(): Promise<void>
}

type Ask = (...args: unknown[]) => Promise<Details>
type Asks = Record<`get${Method}Details`, Ask>
/** What the two SDKs have in common, without their types. */
type Api = {
  getClient(domain: string): Asks & { readonly providerStatus: string; addHandler(): void }
  setProviderAndWait(domain: string, provider: Provider): Promise<void>
}

let domains = 0

const newDomain = () => `domain-${++domains}`

function bound(sdk: unknown, domain: string, provider: Provider): Omit<Bound, 'ask'> & { asks: Asks } {
  const api = sdk as Api
  const client = api.getClient(domain)
  const heard = listen(client)
  return {
    provider,
    domain,
    heard,
    names: () => heard.map(({ event }) => event),
    status: () => client.providerStatus,
    initialized: api.setProviderAndWait(domain, provider).then(
      () => null,
      (error: Error & { code: string }) => error,
    ),
    asks: client,
  }
}

const server: Side = {
  side: 'server',
  name: 'jackstaff',
  key: SERVER_KEY,
  make: (options, clock = systemClock) => new JackstaffProvider({ key: SERVER_KEY, ...options }, clock),
  bind: (options, clock) => server.join(newDomain(), server.make(options, clock)),
  join(domain, provider) {
    const { asks, ...rest } = bound(ServerApi, domain, provider)
    return {
      ...rest,
      ask: (method, key, fallback, context = {}, hooks = []) =>
        asks[`get${method}Details`](key, fallback, context, { hooks }),
    }
  },
  rebind: (domain, provider) => ServerApi.setProviderAndWait(domain, provider as JackstaffProvider),
  close: () => ServerApi.clearProviders(),
}

function inPages(side: 'web' | 'residual web', mode: 'full' | 'residual'): Side {
  const pages: Side = {
    side,
    name: 'jackstaff-web',
    key: CLIENT_KEY,
    make: (options, clock = systemClock) =>
      new JackstaffWebProvider({ key: CLIENT_KEY, mode, ...options }, clock),
    bind(options, clock) {
      return pages.join(newDomain(), pages.make(options, clock))
    },
    join(domain, provider) {
      const { asks, ...rest } = bound(WebApi, domain, provider)
      let current: unknown
      return {
        ...rest,
        async ask(method, key, fallback, context, hooks = []) {
          if (context !== current) await WebApi.setContext(rest.domain, (context ?? {}) as EvaluationContext)
          current = context
          return asks[`get${method}Details`](key, fallback, { hooks })
        },
      }
    },
    rebind: (domain, provider) => WebApi.setProviderAndWait(domain, provider as JackstaffWebProvider),
    close: () => WebApi.clearProviders(),
  }
  return pages
}

const web = inPages('web', 'full')
const residual = inPages('residual web', 'residual')

export const sides: readonly Side[] = [server, web]

/** For what is true of residuals as well: they know nothing of patches, and start from another text. */
export const sidesAndResiduals: readonly Side[] = [...sides, residual]
