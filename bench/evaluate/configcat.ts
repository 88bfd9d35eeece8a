import { load } from './peers'
import {
  type Answer,
  type Contender,
  type Environment,
  type FlagSpec,
  isSplit,
  type Serve,
  type Test,
  type User,
  type WiredEngine,
} from './spec'

type ConfigCatUser = {
  identifier: string
  email: string
  country: string
  custom: Record<string, string | number>
}
type Snapshot = { getValue(key: string, fallback: boolean | string, user: ConfigCatUser): Answer }
type Client = {
  forceRefreshAsync(): Promise<{ isSuccess: boolean; errorMessage?: string }>
  snapshot(): Snapshot
  dispose(): void
}
type Package = {
  getClient(sdkKey: string, mode: number, options: object): Client
  PollingMode: { ManualPoll: number }
}

const NAMES = { email: 'Email', country: 'Country', plan: 'plan', seats: 'seats' } as const
const OPERATORS = { isOneOf: 0, numberAtLeast: 15, endsWithAnyOf: 32 } as const
const IS_NOT = 1
const TYPES = { boolean: 0, string: 1 } as const

let opened = 0
/** Clients are kept by key, so each gets its own, of the form that is checked. */
const nextKey = () => `configcat-sdk-1/${String(++opened).padStart(22, '0')}/${'0'.repeat(22)}`

function conditionOf(test: Test, segments: readonly string[]) {
  if ('segment' in test) return { s: { s: segments.indexOf(test.segment), c: 0 } }
  const a = NAMES[test.attribute]
  if ('endsWith' in test) return { u: { a, c: OPERATORS.endsWithAnyOf, l: [test.endsWith] } }
  if ('atLeast' in test) return { u: { a, c: OPERATORS.numberAtLeast, d: test.atLeast } }
  return { u: { a, c: OPERATORS.isOneOf, l: test.oneOf } }
}

const servedOf = (value: boolean | string) => (typeof value === 'string' ? { s: value } : { b: value })

/** What a rule or a setting serves: a value, or percentage options. */
function serveOf(serve: Serve) {
  if ('value' in serve) return { s: { v: servedOf(serve.value) } }
  if ('split' in serve) {
    return { p: serve.split.map((value) => ({ p: 100 / serve.split.length, v: servedOf(value) })) }
  }
  const [inside, outside] = [serve.percent, 100 - serve.percent]
  return {
    p: [
      { p: inside, v: servedOf(true) },
      { p: outside, v: servedOf(false) },
    ],
  }
}

function settingOf({ key: _, needs, rules, otherwise }: FlagSpec, segments: readonly string[]) {
  const unmet = needs.map((f) => ({
    c: [{ p: { f, c: IS_NOT, v: servedOf(true) } }],
    s: { v: servedOf(false) },
  }))
  const targeted = rules.map(({ when, serve }) => ({
    c: when.map((test) => conditionOf(test, segments)),
    ...serveOf(serve),
  }))
  const all = [...unmet, ...targeted]
  const value = 'split' in otherwise ? otherwise.split[0]! : 'value' in otherwise && otherwise.value
  return {
    t: 'split' in otherwise ? TYPES.string : TYPES.boolean,
    v: servedOf(value),
    ...(all.length === 0 ? {} : { r: all }),
    ...('value' in otherwise ? {} : serveOf(otherwise)),
  }
}

function text({ flags, segments }: Environment): string {
  const names = Object.keys(segments)
  return JSON.stringify({
    p: { s: 'bench' },
    s: names.map((n) => ({ n, r: [{ a: 'Identifier', c: OPERATORS.isOneOf, l: segments[n] }] })),
    f: Object.fromEntries(flags.map((flag) => [flag.key, settingOf(flag, names)])),
  })
}

const contextOf = ({ id, email, country, plan, seats }: User): ConfigCatUser => ({
  identifier: id,
  email,
  country,
  custom: { plan, seats },
})

async function open(body: string): Promise<WiredEngine> {
  const { getClient, PollingMode } = load<Package>('@configcat/sdk/node')
  let arriving = { statusCode: 200, reasonPhrase: 'OK', body, eTag: '0' }
  const client = getClient(nextKey(), PollingMode.ManualPoll, {
    configFetcher: { fetchAsync: async () => arriving },
  })
  const refresh = async () => {
    const { isSuccess, errorMessage } = await client.forceRefreshAsync()
    if (!isSuccess) throw new Error(`the config of the benchmark was refused: ${errorMessage}`)
    arriving = { ...arriving, body: '' }
    return client.snapshot()
  }
  let snapshot = await refresh()
  return {
    prepare: contextOf,
    ask: (flag) => {
      const current = snapshot
      const { key } = flag
      const fallback = isSplit(flag) ? '' : false
      return (context) => current.getValue(key, fallback, context as ConfigCatUser)
    },
    answerOf: (result) => result as Answer,
    apply: async (change) => {
      arriving = { ...arriving, body: change, eTag: String(Number(arriving.eTag) + 1) }
      snapshot = await refresh()
    },
    close: () => client.dispose(),
  }
}

export const configcat: Contender = {
  name: 'configcat',
  call: 'snapshot.getValue(key, default, user), of a snapshot taken beforehand',
  isAsync: false,
  unable: () => undefined,
  open: (environment) => open(text(environment)),
  wire: { text, open, change: text, changeIs: 'the whole config' },
}
