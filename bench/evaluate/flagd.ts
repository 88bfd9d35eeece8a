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

type Resolved = { readonly value: boolean | string }
type Core = {
  setConfigurations(text: string): string[]
  resolveBooleanEvaluation(key: string, fallback: boolean, context: object): Resolved
  resolveStringEvaluation(key: string, fallback: string, context: object): Resolved
}
type Package = { FlagdCore: new () => Core }

function conditionOf(test: Test) {
  if ('segment' in test) return { $ref: test.segment }
  const attribute = { var: test.attribute }
  if ('endsWith' in test) return { ends_with: [attribute, test.endsWith] }
  if ('atLeast' in test) return { '>=': [attribute, test.atLeast] }
  return { in: [attribute, test.oneOf] }
}

function serveOf(serve: Serve) {
  if ('value' in serve) return serve.value ? 'on' : 'off'
  if ('split' in serve) return { fractional: serve.split.map((name) => [name, 100 / serve.split.length]) }
  return {
    fractional: [
      ['on', serve.percent],
      ['off', 100 - serve.percent],
    ],
  }
}

const allOf = (when: readonly Test[]) =>
  when.length === 1 ? conditionOf(when[0]!) : { and: when.map(conditionOf) }

function targetingOf({ rules, otherwise }: FlagSpec) {
  if (rules.length === 0) return 'value' in otherwise ? undefined : serveOf(otherwise)
  return { if: [...rules.flatMap(({ when, serve }) => [allOf(when), serveOf(serve)]), serveOf(otherwise)] }
}

function flagOf(flag: FlagSpec) {
  const { otherwise } = flag
  const targeting = targetingOf(flag)
  const variants =
    'split' in otherwise
      ? Object.fromEntries(otherwise.split.map((name) => [name, name]))
      : { on: true, off: false }
  const fixed = 'value' in otherwise && otherwise.value ? 'on' : 'off'
  return {
    state: 'ENABLED',
    variants,
    defaultVariant: 'split' in otherwise ? otherwise.split[0] : fixed,
    ...(targeting === undefined ? {} : { targeting }),
  }
}

const text = ({ flags, segments }: Environment): string =>
  JSON.stringify({
    $evaluators: Object.fromEntries(
      Object.entries(segments).map(([name, ids]) => [name, { in: [{ var: 'targetingKey' }, ids] }]),
    ),
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flagOf(flag)])),
  })

function open(body: string): WiredEngine {
  const core = new (load<Package>('@openfeature/flagd-core').FlagdCore)()
  core.setConfigurations(body)
  return {
    prepare: ({ id, ...attributes }) => ({ targetingKey: id, ...attributes }),
    ask: (flag) => {
      const { key } = flag
      return isSplit(flag)
        ? (context) => core.resolveStringEvaluation(key, '', context as object)
        : (context) => core.resolveBooleanEvaluation(key, false, context as object)
    },
    answerOf: (result): Answer => (result as Resolved).value,
    apply: (change) => {
      core.setConfigurations(change)
    },
    close: () => {},
  }
}

export const flagd: Contender = {
  name: 'flagd-core',
  call: 'resolveBooleanEvaluation / resolveStringEvaluation (key, default, context)',
  isAsync: false,
  unable: ({ flags }) => (flags.some(({ needs }) => needs.length > 0) ? 'has no prerequisites' : undefined),
  open: (environment) => open(text(environment)),
  wire: { text, open, change: text, changeIs: 'the whole definition' },
}
