import {
  applyPatch,
  type ConfigPatch,
  changedFlags,
  type Evaluation,
  type EvaluationContext,
  evaluate,
  type ParsedConfig,
  parseConfig,
  resolve,
  writeConfig,
} from '../../lib/evaluation/index'
import { configOf, idOf, wireFlag } from './our-config'
import {
  type Answer,
  type Ask,
  type Contender,
  type FlagSpec,
  isSplit,
  type User,
  type Wire,
  type WiredEngine,
} from './spec'

const now = Date.now()

export const contextOf = ({ id, ...attributes }: User): EvaluationContext => ({
  targetingKey: id,
  ...attributes,
})
const answerOf = (result: unknown) => (result as Evaluation).value as Answer

type Asks = (config: () => ParsedConfig, flag: FlagSpec) => Ask

const byEvaluate: Asks = (config, { key }) => {
  const current = config()
  return (context) => evaluate(current, key, context as EvaluationContext, now)
}

const byResolve: Asks = (config, flag) => {
  const current = config()
  const { key } = flag
  const type = isSplit(flag) ? 'string' : 'boolean'
  const fallback = isSplit(flag) ? '' : false
  return (context) => resolve(current, key, type, fallback, context as EvaluationContext, now)
}

function openConfig(text: string, asks: Asks): WiredEngine & { readonly config: () => ParsedConfig } {
  const parsed = parseConfig(text)
  if (!parsed.ok) throw new Error(parsed.error)
  let { config } = parsed
  return {
    config: () => config,
    prepare: contextOf,
    ask: (flag) => asks(() => config, flag),
    answerOf,
    apply: (change) => {
      const applied = applyPatch(config, JSON.parse(change))
      if (!applied.ok) throw new Error(`a patch of the benchmark was refused: ${applied.reason}`)
      config = applied.config
    },
    close: () => {},
  }
}

const wireOf = (asks: Asks): Wire => ({
  text: (environment) => writeConfig(configOf(environment)),
  open: (text) => openConfig(text, asks),
  change: ({ flags }, index, version) => {
    const flag = flags[index]!
    const patch: Omit<ConfigPatch, 'flags'> & { flags: object } = {
      from: idOf(version - 1),
      to: idOf(version),
      flags: { [flag.key]: wireFlag(flag, version) },
      segments: {},
      killed: [],
      killedAt: idOf(1),
    }
    return JSON.stringify(patch)
  },
  changeIs: 'a patch of one flag',
})

const contender = (name: string, call: string, asks: Asks): Contender => {
  const wire = wireOf(asks)
  return {
    name,
    call,
    isAsync: false,
    unable: () => undefined,
    open: (environment) => wire.open(wire.text(environment)),
    wire,
  }
}

export const ours = contender('ours', 'evaluate(config, key, context, now)', byEvaluate)
export const oursTyped = contender(
  'ours, typed',
  'resolve(config, key, type, default, context, now)',
  byResolve,
)

/** As `ours`, but each change is followed by finding out which flags it concerns, as the providers do. */
export const oursWithEvents: Contender = {
  ...ours,
  name: 'ours + changedFlags',
  wire: {
    ...wireOf(byEvaluate),
    open: (text) => {
      const engine = openConfig(text, byEvaluate)
      return {
        ...engine,
        apply: (change) => {
          const before = engine.config()
          engine.apply(change)
          if (changedFlags(before, engine.config()).length === 0) throw new Error('a change went unnoticed')
        },
      }
    },
  },
}
