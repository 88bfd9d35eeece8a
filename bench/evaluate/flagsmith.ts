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

type Flags = { isFeatureEnabled(name: string): boolean; getFeatureValue(name: string): Answer }
type Client = {
  updateEnvironment(): Promise<void>
  getIdentityFlags(identifier: string, traits: object): Promise<Flags>
  close(): Promise<void>
}
type Package = { Flagsmith: new (options: object) => Client }
type Context = { readonly id: string; readonly traits: Omit<User, 'id'> }

const NEVER_SECONDS = 86_400
const WITHOUT_PREREQUISITES = 'has no prerequisites'

function conditionOf(test: Exclude<Test, { segment: string }>) {
  const { attribute: property_ } = test
  if ('endsWith' in test) {
    return { property_, operator: 'REGEX', value: `${test.endsWith.replaceAll('.', '\\.')}$` }
  }
  if ('atLeast' in test) return { property_, operator: 'GREATER_THAN_INCLUSIVE', value: String(test.atLeast) }
  return { property_, operator: 'IN', value: test.oneOf.join(',') }
}

const percentOf = (serve: Serve) =>
  'percent' in serve ? [{ property_: null, operator: 'PERCENTAGE_SPLIT', value: String(serve.percent) }] : []

type Condition = { property_: string | null; operator: string; value: string }

/** Flags are numbered from 1, states and options of a flag by thousands above that. */
function stateOf({ key, otherwise }: FlagSpec, number: number, enabled: boolean, priority?: number) {
  const options = 'split' in otherwise ? otherwise.split : []
  return {
    feature: { id: number, name: key, type: options.length > 0 ? 'MULTIVARIATE' : 'STANDARD' },
    enabled,
    django_id: number,
    feature_state_value: options[0] ?? null,
    multivariate_feature_state_values: options.map((value, i) => ({
      id: i + 1,
      multivariate_feature_option: { id: i + 1, value },
      percentage_allocation: 100 / options.length,
    })),
    ...(priority === undefined ? {} : { feature_segment: { priority } }),
  }
}

type State = ReturnType<typeof stateOf>
type SegmentDocument = { id: number; name: string; rules: object[]; feature_states: State[] }

const segmentOf = (id: number, name: string, conditions: Condition[]): SegmentDocument => ({
  id,
  name,
  rules: [{ type: 'ALL', rules: [{ type: 'ALL', rules: [], conditions }], conditions: [] }],
  feature_states: [],
})

/** A rule is a segment that overrides the flag; a rule that is one segment and nothing else uses that one. */
function overridesOf(
  flag: FlagSpec,
  number: number,
  shared: Map<string, SegmentDocument>,
  nextId: () => number,
) {
  const rules =
    'percent' in flag.otherwise ? [...flag.rules, { when: [], serve: flag.otherwise }] : flag.rules
  return rules.flatMap(({ when, serve }, i) => {
    const state = stateOf(flag, number, !('value' in serve) || serve.value, i + 1)
    const [only] = when
    if (only && 'segment' in only) {
      shared.get(only.segment)!.feature_states.push(state)
      return []
    }
    const tests = when.flatMap((test) => ('segment' in test ? [] : [conditionOf(test)]))
    const own = segmentOf(nextId(), `${flag.key}-${i + 1}`, [...tests, ...percentOf(serve)])
    own.feature_states.push(state)
    return [own]
  })
}

function text({ flags, segments }: Environment): string {
  let id = 0
  const nextId = () => ++id
  const shared = new Map(
    Object.entries(segments).map(([name, ids]) => {
      const condition = { property_: '$.identity.identifier', operator: 'IN', value: ids.join(',') }
      return [name, segmentOf(nextId(), name, [condition])]
    }),
  )
  const own = flags.flatMap((flag, i) => overridesOf(flag, i + 1, shared, nextId))
  const organisation = {
    id: 1,
    name: 'bench',
    feature_analytics: false,
    stop_serving_flags: false,
    persist_trait_data: true,
  }
  return JSON.stringify({
    id: 1,
    api_key: 'bench',
    name: 'production',
    project: {
      id: 1,
      name: 'bench',
      hide_disabled_flags: false,
      organisation,
      segments: [...shared.values(), ...own],
    },
    feature_states: flags.map((flag, i) =>
      stateOf(flag, i + 1, 'split' in flag.otherwise || ('value' in flag.otherwise && flag.otherwise.value)),
    ),
  })
}

async function open(body: string): Promise<WiredEngine> {
  let arriving = body
  const client = new (load<Package>('flagsmith-nodejs').Flagsmith)({
    environmentKey: 'ser.bench',
    enableLocalEvaluation: true,
    environmentRefreshIntervalSeconds: NEVER_SECONDS,
    fetch: async () => new Response(arriving),
  })
  const refresh = async () => {
    await client.updateEnvironment()
    arriving = ''
  }
  await refresh()
  return {
    prepare: ({ id, ...traits }): Context => ({ id, traits }),
    ask: (flag) => {
      const { key } = flag
      return isSplit(flag)
        ? async (context) => {
            const { id, traits } = context as Context
            return (await client.getIdentityFlags(id, traits)).getFeatureValue(key)
          }
        : async (context) => {
            const { id, traits } = context as Context
            return (await client.getIdentityFlags(id, traits)).isFeatureEnabled(key)
          }
    },
    answerOf: (result) => result as Answer,
    apply: (change) => {
      arriving = change
      return refresh()
    },
    close: () => client.close(),
  }
}

export const flagsmith: Contender = {
  name: 'flagsmith',
  call: '(await getIdentityFlags(id, traits)).isFeatureEnabled / getFeatureValue (name)',
  isAsync: true,
  unable: ({ flags }) => (flags.some(({ needs }) => needs.length > 0) ? WITHOUT_PREREQUISITES : undefined),
  open: (environment) => open(text(environment)),
  wire: { text, open, change: text, changeIs: 'the whole document' },
}
