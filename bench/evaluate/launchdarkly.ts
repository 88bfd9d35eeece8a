import { load } from './peers'
import {
  type Answer,
  type Contender,
  type Environment,
  type FlagSpec,
  isSplit,
  type Serve,
  type Test,
  type WiredEngine,
} from './spec'

type Client = {
  waitForInitialization(options: { timeout: number }): Promise<unknown>
  variation(key: string, context: object, fallback: boolean | string): Promise<Answer>
  close(): void
}
type Item = { key: string }
type TestData = {
  getFactory(): unknown
  usePreconfiguredFlag(flag: Item): Promise<unknown>
  usePreconfiguredSegment(segment: Item): Promise<unknown>
}
type Package = { init(sdkKey: string, options: object): Client; basicLogger(options: object): object }
type Integrations = {
  TestData: new () => TestData
  FileDataSourceFactory: new (options: { paths: string[] }) => { getFactory(): unknown }
}

const WHOLE = 100_000
const START_SECONDS = 30

function clauseOf(test: Test) {
  if ('segment' in test) return { attribute: '', op: 'segmentMatch', values: [test.segment], negate: false }
  const rest = { attribute: test.attribute, negate: false, contextKind: 'user' }
  if ('endsWith' in test) return { ...rest, op: 'endsWith', values: [test.endsWith] }
  if ('atLeast' in test) return { ...rest, op: 'greaterThanOrEqual', values: [test.atLeast] }
  return { ...rest, op: 'in', values: test.oneOf }
}

function serveOf(serve: Serve) {
  if ('value' in serve) return { variation: serve.value ? 0 : 1 }
  const weights =
    'percent' in serve
      ? [(serve.percent * WHOLE) / 100, ((100 - serve.percent) * WHOLE) / 100]
      : serve.split.map(() => WHOLE / serve.split.length)
  const variations = weights.map((weight, variation) => ({ variation, weight }))
  return { rollout: { contextKind: 'user', variations } }
}

function flagOf({ key, needs, rules, otherwise }: FlagSpec, version: number) {
  return {
    key,
    version,
    on: true,
    variations: 'split' in otherwise ? otherwise.split : [true, false],
    offVariation: 'split' in otherwise ? 0 : 1,
    salt: key,
    prerequisites: needs.map((needed) => ({ key: needed, variation: 0 })),
    targets: [],
    rules: rules.map(({ when, serve }, i) => ({
      id: `rule-${i + 1}`,
      clauses: when.map(clauseOf),
      ...serveOf(serve),
    })),
    fallthrough: serveOf(otherwise),
  }
}

const segmentOf = (key: string, included: readonly string[]) => ({
  key,
  version: 1,
  included,
  excluded: [],
  rules: [],
  salt: key,
})

type Payload = { flags: Record<string, Item>; segments: Record<string, Item> }

const text = ({ flags, segments }: Environment): string =>
  JSON.stringify({
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag, 1)])),
    segments: Object.fromEntries(Object.entries(segments).map(([key, ids]) => [key, segmentOf(key, ids)])),
  })

const integrations = () => load<Integrations>('@launchdarkly/node-server-sdk/integrations')

async function connect(updateProcessor: unknown, apply: WiredEngine['apply']): Promise<WiredEngine> {
  const { init, basicLogger } = load<Package>('@launchdarkly/node-server-sdk')
  const logger = basicLogger({ level: 'error' })
  const client = init('sdk-bench', { updateProcessor, sendEvents: false, diagnosticOptOut: true, logger })
  await client.waitForInitialization({ timeout: START_SECONDS })
  return {
    prepare: ({ id, ...attributes }) => ({ kind: 'user', key: id, ...attributes }),
    ask: (flag) => {
      const { key } = flag
      const fallback = isSplit(flag) ? '' : false
      return (context) => client.variation(key, context as object, fallback)
    },
    answerOf: (result) => result as Answer,
    apply,
    close: () => client.close(),
  }
}

async function open(body: string): Promise<WiredEngine> {
  const data = new (integrations().TestData)()
  const { flags, segments } = JSON.parse(body) as Payload
  await Promise.all(Object.values(flags).map((flag) => data.usePreconfiguredFlag(flag)))
  await Promise.all(Object.values(segments).map((segment) => data.usePreconfiguredSegment(segment)))
  return connect(data.getFactory(), async (change) => {
    await data.usePreconfiguredFlag(JSON.parse(change).data)
  })
}

function openFile(path: string): Promise<WiredEngine> {
  const source = new (integrations().FileDataSourceFactory)({ paths: [path] })
  return connect(source.getFactory(), () => {
    throw new Error('a file data source takes no patches')
  })
}

export const launchdarkly: Contender = {
  name: 'launchdarkly',
  call: 'await variation(key, context, default)',
  isAsync: true,
  unable: () => undefined,
  open: (environment) => open(text(environment)),
  wire: {
    text,
    open,
    openFile,
    change: ({ flags }, index, version) => {
      const flag = flags[index]!
      return JSON.stringify({ path: `/flags/${flag.key}`, data: flagOf(flag, version) })
    },
    changeIs: 'a patch of one flag',
  },
}
