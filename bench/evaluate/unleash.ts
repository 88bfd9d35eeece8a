import { load } from './peers'
import {
  type Contender,
  type Environment,
  type FlagSpec,
  isSplit,
  type Serve,
  type Test,
  type WiredEngine,
} from './spec'

type Context = { userId: string; properties: Record<string, string | number> }
type Variant = { name: string; enabled: boolean }
type Client = {
  start(): Promise<void>
  destroy(): void
  once(event: 'ready', listener: () => void): void
  isEnabled(name: string, context: Context, fallback: boolean): boolean
  getVariant(name: string, context: Context, fallback: Variant): Variant
  /** Private to TypeScript; what its fetchers call with each answer of the server. */
  repository: { save(response: object, fromApi: true): Promise<void> }
}
type Package = {
  Unleash: new (options: object) => Client
  InMemStorageProvider: new () => object
}

const NO_VARIANT: Variant = { name: '', enabled: false }
const FULL = 1_000 // weights of variants add up to this

function constraintOf(test: Exclude<Test, { segment: string }>) {
  const { attribute: contextName } = test
  if ('endsWith' in test) return { contextName, operator: 'STR_ENDS_WITH', values: [test.endsWith] }
  if ('atLeast' in test) return { contextName, operator: 'NUM_GTE', values: [], value: String(test.atLeast) }
  return { contextName, operator: 'IN', values: test.oneOf }
}

function rolloutOf(serve: Serve, groupId: string) {
  if ('value' in serve) return { name: 'default', parameters: {} }
  const parameters = { groupId, stickiness: 'default', rollout: '100' }
  if ('percent' in serve) {
    return { name: 'flexibleRollout', parameters: { ...parameters, rollout: String(serve.percent) } }
  }
  const weight = FULL / serve.split.length
  const variants = serve.split.map((name) => ({ name, weight, stickiness: 'default' }))
  return { name: 'flexibleRollout', parameters, variants }
}

type Ids = ReadonlyMap<string, number>

function strategyOf(when: readonly Test[], serve: Serve, key: string, ids: Ids) {
  const segments = when.flatMap((test) => ('segment' in test ? [ids.get(test.segment)!] : []))
  const constraints = when.flatMap((test) => ('segment' in test ? [] : [constraintOf(test)]))
  return { ...rolloutOf(serve, key), constraints, ...(segments.length === 0 ? {} : { segments }) }
}

function featureOf({ key, needs, rules, otherwise }: FlagSpec, ids: Ids) {
  const strategies = rules.map(({ when, serve }) => strategyOf(when, serve, key, ids))
  const isOn = !('value' in otherwise) || otherwise.value
  return {
    name: key,
    type: 'release',
    enabled: isOn || rules.length > 0, // without strategies this alone decides
    strategies: isOn ? [...strategies, strategyOf([], otherwise, key, ids)] : strategies,
    ...(needs.length === 0 ? {} : { dependencies: needs.map((feature) => ({ feature, enabled: true })) }),
  }
}

const idsOf = ({ segments }: Environment): Ids =>
  new Map(Object.keys(segments).map((name, i) => [name, i + 1]))

function text(environment: Environment): string {
  const ids = idsOf(environment)
  const segments = Object.entries(environment.segments).map(([name, values]) => ({
    id: ids.get(name)!,
    name,
    constraints: [{ contextName: 'userId', operator: 'IN', values }],
  }))
  return JSON.stringify({
    version: 2,
    features: environment.flags.map((flag) => featureOf(flag, ids)),
    segments,
  })
}

async function open(body: string): Promise<WiredEngine> {
  const { Unleash, InMemStorageProvider } = load<Package>('unleash-client')
  const { features, segments } = JSON.parse(body)
  const client = new Unleash({
    url: 'http://127.0.0.1:1/api/', // required, never called: a refresh interval of 0 turns fetching off
    appName: 'bench',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: features, segments },
  })
  const ready = new Promise<void>((resolve) => client.once('ready', resolve))
  await client.start()
  await ready
  return {
    prepare: ({ id, ...properties }): Context => ({ userId: id, properties }),
    ask: (flag) => {
      const { key } = flag
      return isSplit(flag)
        ? (context) => client.getVariant(key, context as Context, NO_VARIANT)
        : (context) => client.isEnabled(key, context as Context, false)
    },
    answerOf: (result) => (typeof result === 'boolean' ? result : (result as Variant).name),
    apply: (change) => client.repository.save({ ...JSON.parse(change), type: 'delta' }, true),
    close: () => client.destroy(),
  }
}

export const unleash: Contender = {
  name: 'unleash',
  call: 'isEnabled / getVariant (name, context, fallback)',
  isAsync: false,
  unable: ({ flags }) => {
    const needy = new Set(flags.filter(({ needs }) => needs.length > 0).map(({ key }) => key))
    return flags.some(({ needs }) => needs.some((key) => needy.has(key)))
      ? 'a parent feature cannot have parents itself'
      : undefined
  },
  open: (environment) => open(text(environment)),
  wire: {
    text,
    open,
    change: (environment, index, version) => {
      const feature = featureOf(environment.flags[index]!, idsOf(environment))
      return JSON.stringify({ events: [{ eventId: version, type: 'feature-updated', feature }] })
    },
    changeIs: 'a delta of one feature',
  },
}
