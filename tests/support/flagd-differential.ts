import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core'
import { vi } from 'vitest'
import {
  type Config,
  type EvaluationContext,
  evaluate,
  type ParsedConfig,
  parseConfig,
} from '../../lib/evaluation/index'
import { exportFlagd, type FlagdDefinition } from '../../lib/interop/flagd-export'
import { MOMENTS, randomConfig, randomContext } from './flagd-configs'
import { randomFrom } from './random'

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

/** flagd-core holding a definition. Strict: it throws where the definition breaks the schema that it carries. */
export function flagdWith(definition: unknown, options: { disableDynamicCodeGeneration?: boolean } = {}) {
  const storage = new MemoryStorage(silent, options)
  storage.setConfigurations(JSON.stringify(definition), true)
  return new FlagdCore(storage, silent, options)
}

/** What flagd-core serves: the name of a variant, undefined for the caller's default, or an error in words. */
export function flagdVariant(flagd: FlagdCore, key: string, context: EvaluationContext, now: number) {
  vi.setSystemTime(now) // `$flagd.timestamp` is the clock's
  const value = [...(flagd.getFlag(key)?.variants.values() ?? [])][0]
  const type = typeof value as 'boolean'
  const { variant, errorMessage } = flagd.resolve(type, key, false, context as never, silent)
  return errorMessage ?? variant
}

export function parse(config: Config): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

export type Tally = {
  flags: number
  comparisons: number
  omitted: number
  /** How many flags were omitted for what, by form. */
  readonly forms: Record<string, number>
  /** How often which variant was served. */
  readonly served: Record<string, number>
  readonly disagreements: string[]
}

/** Random configs with 20 flags each, exported and asked the same as the engine. Fake dates must be on. */
export function compareWithFlagd(seed: number, configs: number, contexts: number): Tally {
  const random = randomFrom(seed)
  const tally: Tally = { flags: 0, comparisons: 0, omitted: 0, forms: {}, served: {}, disagreements: [] }
  for (let i = 0; i < configs; i++) {
    const config = randomConfig(random)
    const { definition, omitted } = exportFlagd(config)
    tally.flags += Object.keys(config.flags).length
    tally.omitted += omitted.length
    for (const { reasons } of omitted) for (const { form } of reasons) count(tally.forms, form)
    const asked = Array.from({ length: contexts }, () => randomContext(random))
    compare(parse(config), definition, asked, i % 5 === 0, tally, () => random.pick(MOMENTS))
  }
  return tally
}

function compare(
  config: ParsedConfig,
  definition: FlagdDefinition,
  contexts: readonly EvaluationContext[],
  disableDynamicCodeGeneration: boolean,
  tally: Tally,
  moment: () => number,
) {
  const flagd = flagdWith(definition, { disableDynamicCodeGeneration })
  for (const context of contexts) {
    const now = moment()
    for (const key of Object.keys(definition.flags)) {
      const { variant } = evaluate(config, key, context, now)
      const theirs = flagdVariant(flagd, key, context, now)
      tally.comparisons++
      count(tally.served, variant ?? 'the default')
      if (variant === theirs) continue
      const facts = { theirs, variant, context, now, key, flag: config.flags.get(key), ...config.toConfig() }
      tally.disagreements.push(JSON.stringify({ ...facts, targeting: definition.flags[key]!.targeting }))
    }
  }
}

function count(counts: Record<string, number>, name: string) {
  counts[name] = (counts[name] ?? 0) + 1
}
