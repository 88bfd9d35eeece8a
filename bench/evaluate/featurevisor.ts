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

type Context = Omit<User, 'id'> & { readonly userId: string }
type Instance = {
  setDatafile(text: string): void
  isEnabled(key: string, context: Context): boolean
  getVariation(key: string, context: Context): Answer | null
  close(): void
}
type Package = { createInstance(options: { datafile: string; logLevel: 'error' }): Instance }

const WHOLE = 100_000

function conditionOf(test: Exclude<Test, { segment: string }>) {
  const { attribute } = test
  if ('endsWith' in test) return { attribute, operator: 'endsWith', value: test.endsWith }
  if ('atLeast' in test) return { attribute, operator: 'greaterThanOrEquals', value: test.atLeast }
  return { attribute, operator: 'in', value: test.oneOf }
}

/** Conditions live in segments: those of a rule in one of its own. */
const ownSegment = (key: string, i: number) => `${key}-rule-${i + 1}`
const ownConditions = (when: readonly Test[]) =>
  when.flatMap((test) => ('segment' in test ? [] : [conditionOf(test)]))

function segmentsOf(when: readonly Test[], key: string, i: number): string | string[] {
  const shared = when.flatMap((test) => ('segment' in test ? [test.segment] : []))
  const all = ownConditions(when).length > 0 ? [...shared, ownSegment(key, i)] : shared
  return all.length === 1 ? all[0]! : all
}

function trafficOf(serve: Serve, key: string, segments: string | string[]) {
  if ('value' in serve) return { key, segments, percentage: serve.value ? WHOLE : 0 }
  if ('percent' in serve) return { key, segments, percentage: (serve.percent * WHOLE) / 100 }
  const width = WHOLE / serve.split.length
  const allocation = serve.split.map((variation, i) => ({ variation, range: [i * width, (i + 1) * width] }))
  return { key, segments, percentage: WHOLE, allocation }
}

function featureOf({ key, needs, rules, otherwise }: FlagSpec) {
  return {
    bucketBy: 'userId',
    ...('split' in otherwise ? { variations: otherwise.split.map((value) => ({ value })) } : {}),
    ...(needs.length === 0 ? {} : { required: needs }),
    traffic: [
      ...rules.map(({ when, serve }, i) => trafficOf(serve, String(i + 1), segmentsOf(when, key, i))),
      trafficOf(otherwise, 'everyone', '*'),
    ],
  }
}

function text({ flags, segments }: Environment): string {
  const shared = Object.entries(segments).map(([name, ids]) => [
    name,
    { conditions: [{ attribute: 'userId', operator: 'in', value: ids }] },
  ])
  const own = flags.flatMap(({ key, rules }) =>
    rules.flatMap(({ when }, i) => {
      const conditions = ownConditions(when)
      return conditions.length === 0 ? [] : [[ownSegment(key, i), { conditions }]]
    }),
  )
  return JSON.stringify({
    schemaVersion: '2',
    revision: '1',
    segments: Object.fromEntries([...shared, ...own]),
    features: Object.fromEntries(flags.map((flag) => [flag.key, featureOf(flag)])),
  })
}

function open(datafile: string): WiredEngine {
  const instance = load<Package>('@featurevisor/sdk').createInstance({ datafile, logLevel: 'error' })
  return {
    prepare: ({ id, ...attributes }): Context => ({ userId: id, ...attributes }),
    ask: (flag) => {
      const { key } = flag
      return isSplit(flag)
        ? (context) => instance.getVariation(key, context as Context) ?? '' // its own default hides every variation
        : (context) => instance.isEnabled(key, context as Context)
    },
    answerOf: (result) => result as Answer,
    apply: (change) => instance.setDatafile(change),
    close: () => instance.close(),
  }
}

export const featurevisor: Contender = {
  name: 'featurevisor',
  call: 'isEnabled(key, context) / getVariation(key, context) ?? default',
  isAsync: false,
  unable: () => undefined,
  open: (environment) => open(text(environment)),
  wire: { text, open, change: text, changeIs: 'the whole datafile' },
}
