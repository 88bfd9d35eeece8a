import { join } from 'node:path'

/** A provider and the OpenFeature web SDK, as an application imports them. */
export type Pair = {
  readonly name: string
  /** Who decides a flag: the page for any context, or a server that is asked when the context changes. */
  readonly decides: 'page' | 'server' | 'nobody'
  /** Source of the module that makes the provider. */
  readonly provider: string
  /** Names of files that it imports by itself as soon as it has begun, whatever the config. */
  readonly importsNext?: readonly string[]
}

const made = (name: string, from: string, how = 'new') =>
  `import { ${name} } from '${from}'\nexport const make = (...options) => ${how === 'new' ? `new ${name}` : `${name}.${how}`}(...options)`

const peer = (name: string, decides: Pair['decides'], provider: string): Pair => ({ name, decides, provider })

/** What the SDK weighs by itself. */
export const SDK: Pair = {
  name: 'web-sdk alone',
  decides: 'nobody',
  provider: 'export const make = (provider) => provider',
}

export const OURS: Pair = {
  name: 'jackstaff',
  decides: 'page',
  provider: made('JackstaffWebProvider', join(process.cwd(), 'providers/web/dist/index.js')),
  importsNext: ['live.js'],
}

export const pairs: readonly Pair[] = [
  SDK,
  OURS,
  peer('ofrep', 'server', made('OFREPWebProvider', '@openfeature/ofrep-web-provider')),
  peer('unleash', 'server', made('UnleashWebProvider', '@openfeature/unleash-web-provider')),
  peer('growthbook', 'page', made('GrowthbookClientProvider', '@openfeature/growthbook-client-provider')),
  peer('flagd', 'server', made('FlagdWebProvider', '@openfeature/flagd-web-provider')),
  peer(
    'launchdarkly',
    'server',
    made('LaunchDarklyClientProvider', '@openfeature/launchdarkly-client-provider'),
  ),
  peer('configcat', 'page', made('ConfigCatWebProvider', '@openfeature/config-cat-web-provider', 'create')),
  peer('flagsmith', 'server', made('FlagsmithClientProvider', '@openfeature/flagsmith-client-provider')),
  peer(
    'go-feature-flag',
    'server',
    made('GoFeatureFlagWebProvider', '@openfeature/go-feature-flag-web-provider'),
  ),
]
