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

type Context = { attributes: Record<string, string | number> }
type Payload = { features: Record<string, object>; savedGroups: Record<string, readonly string[]> }
type Client = {
  initSync(options: { payload: Payload }): unknown
  setPayload(payload: Payload): Promise<void>
  getFeatureValue(key: string, fallback: boolean | string, context: Context): Answer
  destroy(): void
}
type Package = { GrowthBookClient: new () => Client }

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function conditionOf(test: Test) {
  if ('segment' in test) return { id: { $inGroup: test.segment } }
  if ('endsWith' in test) return { [test.attribute]: { $regex: `${escaped(test.endsWith)}$` } }
  if ('atLeast' in test) return { [test.attribute]: { $gte: test.atLeast } }
  return { [test.attribute]: { $in: test.oneOf } }
}

function serveOf(serve: Serve, key: string) {
  if ('value' in serve) return { force: serve.value }
  if ('percent' in serve) return { force: true, coverage: serve.percent / 100, hashAttribute: 'id' }
  const weights = serve.split.map(() => 1 / serve.split.length)
  return { key, variations: serve.split, weights, coverage: 1, hashAttribute: 'id', hashVersion: 2 }
}

function featureOf({ key, needs, rules, otherwise }: FlagSpec) {
  const gate = {
    parentConditions: needs.map((id) => ({ id, condition: { value: true }, gate: true })),
  }
  const all = [
    ...(needs.length === 0 ? [] : [gate]),
    ...rules.map(({ when, serve }) => ({
      condition: Object.assign({}, ...when.map(conditionOf)),
      ...serveOf(serve, key),
    })),
    ...('value' in otherwise ? [] : [serveOf(otherwise, key)]),
  ]
  const defaultValue = 'split' in otherwise ? otherwise.split[0] : 'value' in otherwise && otherwise.value
  return { defaultValue, ...(all.length === 0 ? {} : { rules: all }) }
}

const text = ({ flags, segments }: Environment): string =>
  JSON.stringify({
    features: Object.fromEntries(flags.map((flag) => [flag.key, featureOf(flag)])),
    savedGroups: segments,
  })

function open(body: string): WiredEngine {
  const client = new (load<Package>('@growthbook/growthbook').GrowthBookClient)()
  client.initSync({ payload: JSON.parse(body) })
  return {
    prepare: (user): Context => ({ attributes: { ...user } }),
    ask: (flag) => {
      const { key } = flag
      const fallback = isSplit(flag) ? '' : false
      return (context) => client.getFeatureValue(key, fallback, context as Context)
    },
    answerOf: (result) => result as Answer,
    apply: (change) => client.setPayload(JSON.parse(change)),
    close: () => client.destroy(),
  }
}

export const growthbook: Contender = {
  name: 'growthbook',
  call: 'getFeatureValue(key, default, context)',
  isAsync: false,
  unable: () => undefined,
  open: (environment) => open(text(environment)),
  wire: { text, open, change: text, changeIs: 'the whole payload' },
}
