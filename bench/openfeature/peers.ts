import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '@openfeature/server-sdk'
import { configcat } from '../evaluate/configcat'
import { flagd } from '../evaluate/flagd'
import { flagsmith } from '../evaluate/flagsmith'
import { growthbook } from '../evaluate/growthbook'
import { launchdarkly } from '../evaluate/launchdarkly'
import { load } from '../evaluate/peers'
import { contextOf, type SdkPeer } from './through-sdk'

type Make<Arguments extends readonly unknown[]> = new (...options: Arguments) => Provider

const NEVER_SECONDS = 86_400

const launchdarklyProvider: SdkPeer = {
  name: 'launchdarkly',
  engine: launchdarkly,
  async provide(text) {
    const { LaunchDarklyProvider } = load<{ LaunchDarklyProvider: Make<[string, object]> }>(
      '@launchdarkly/openfeature-node-server',
    )
    const { basicLogger } = load<{ basicLogger(options: object): object }>('@launchdarkly/node-server-sdk')
    const { TestData } = load<{
      TestData: new () => {
        getFactory(): unknown
        usePreconfiguredFlag(flag: object): Promise<unknown>
        usePreconfiguredSegment(segment: object): Promise<unknown>
      }
    }>('@launchdarkly/node-server-sdk/integrations')
    const data = new TestData()
    const { flags, segments } = JSON.parse(text) as Record<'flags' | 'segments', Record<string, object>>
    for (const flag of Object.values(flags)) await data.usePreconfiguredFlag(flag)
    for (const segment of Object.values(segments)) await data.usePreconfiguredSegment(segment)
    const logger = basicLogger({ level: 'error' })
    const quiet = { sendEvents: false, diagnosticOptOut: true, logger }
    return new LaunchDarklyProvider('sdk-bench', { updateProcessor: data.getFactory(), ...quiet })
  },
}

const growthbookProvider: SdkPeer = {
  name: 'growthbook',
  engine: growthbook,
  provide(text) {
    const { GrowthbookProvider } = load<{ GrowthbookProvider: Make<[object, object]> }>(
      '@openfeature/growthbook-provider',
    )
    return new GrowthbookProvider({}, { payload: JSON.parse(text) })
  },
  prepare: (user) => ({ ...contextOf(user), id: user.id }), // it hashes by this attribute
}

const flagsmithProvider: SdkPeer = {
  name: 'flagsmith',
  engine: flagsmith,
  async provide(text) {
    const provider = '@openfeature/flagsmith-provider'
    const { FlagsmithOpenFeatureProvider } = load<{
      FlagsmithOpenFeatureProvider: Make<[object, object]>
    }>(provider)
    // The release that the provider itself depends on, which is not the newest.
    const itsOwn = createRequire(createRequire(join(process.cwd(), 'bench/package.json')).resolve(provider))
    const { Flagsmith } = itsOwn('flagsmith-nodejs') as { Flagsmith: new (options: object) => object }
    const client = new Flagsmith({
      environmentKey: 'ser.bench',
      enableLocalEvaluation: true,
      environmentRefreshIntervalSeconds: NEVER_SECONDS,
      fetch: async () => new Response(text),
    })
    return new FlagsmithOpenFeatureProvider(client, { returnValueForDisabledFlags: true })
  },
  unable: ({ segments }) =>
    Object.keys(segments).length > 0 ? 'the release of its provider has no lists of ids' : undefined,
  prepare: ({ id, ...traits }) => ({ targetingKey: id, traits }),
}

let opened = 0

const configcatProvider: SdkPeer = {
  name: 'configcat',
  engine: configcat,
  provide(text) {
    const { ConfigCatProvider } = load<{
      ConfigCatProvider: { create(sdkKey: string, mode: number, options: object): Provider }
    }>('@openfeature/config-cat-provider')
    const { PollingMode } = load<{ PollingMode: { ManualPoll: number } }>('configcat-node')
    const key = `configcat-sdk-1/${String(++opened).padStart(22, '1')}/${'0'.repeat(22)}`
    const cached = `${Date.now()}\n"1"\n${text}`
    return ConfigCatProvider.create(key, PollingMode.ManualPoll, {
      offline: true,
      cache: { get: () => cached, set: () => {} },
    })
  },
}

const flagdProvider: SdkPeer = {
  name: 'flagd',
  engine: flagd,
  provide(text) {
    const { FlagdProvider } = load<{ FlagdProvider: Make<[object]> }>('@openfeature/flagd-provider')
    const file = join(mkdtempSync(join(tmpdir(), 'jackstaff-bench-')), 'flags.json')
    writeFileSync(file, text)
    return new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file })
  },
}

export const sdkPeers: readonly SdkPeer[] = [
  launchdarklyProvider,
  growthbookProvider,
  flagsmithProvider,
  configcatProvider,
  flagdProvider,
]
