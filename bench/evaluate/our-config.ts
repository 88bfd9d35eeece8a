import {
  type Condition,
  type Config,
  type Flag,
  type Serve as Served,
  toWire,
  type WireFlag,
} from '../../lib/evaluation/index'
import { type Environment, type FlagSpec, isSplit, type Serve, type Test } from './spec'

const WHOLE = 100_000

export const idOf = (version: number) => `1.${version}.${version.toString(16).padStart(8, '0')}`

export function configOf({ flags, segments }: Environment): Config {
  return {
    schema: 1,
    flagSetId: 'bench/production',
    id: idOf(1),
    flags: Object.fromEntries(flags.map((flag) => [flag.key, wireFlag(flag, 1)])),
    segments: Object.fromEntries(
      Object.entries(segments).map(([key, included]) => [
        key,
        { by: 'targetingKey', included, excluded: [], any: [] },
      ]),
    ),
    killed: [],
    killedAt: idOf(1),
  }
}

export function wireFlag(spec: FlagSpec, version: number): WireFlag {
  return toWire(spec.key, {
    type: isSplit(spec) ? 'string' : 'boolean',
    version,
    on: true,
    variants: variantsOf(spec.otherwise),
    offVariant: isSplit(spec) ? null : 'off',
    salt: spec.key,
    prerequisites: spec.needs.map((flag) => ({ flag, variants: ['on'] })),
    targets: [],
    rules: spec.rules.map(({ when, serve }, i) => ({
      id: `rule-${i + 1}`,
      when: whenOf(when),
      serve: serveOf(serve),
    })),
    fallthrough: serveOf(spec.otherwise),
  })
}

const variantsOf = (serve: Serve): Flag['variants'] =>
  'split' in serve ? Object.fromEntries(serve.split.map((name) => [name, name])) : { on: true, off: false }

function whenOf(tests: readonly Test[]): Condition {
  const conditions = tests.map(conditionOf)
  return conditions.length === 1 ? conditions[0]! : { all: conditions }
}

function conditionOf(test: Test): Condition {
  if ('segment' in test) return { segment: test.segment }
  const { attribute } = test
  if ('endsWith' in test) return { attribute, op: 'ends_with', values: [test.endsWith] }
  if ('atLeast' in test) return { attribute, op: 'gte', values: [test.atLeast] }
  return { attribute, op: 'is_one_of', values: test.oneOf }
}

function serveOf(serve: Serve): Served {
  if ('value' in serve) return { variant: serve.value ? 'on' : 'off' }
  if ('percent' in serve) {
    const share = (serve.percent * WHOLE) / 100
    return { rollout: { share, split: [{ variant: 'on', weight: WHOLE }], rest: { variant: 'off' } } }
  }
  const weight = WHOLE / serve.split.length
  const split = serve.split.map((variant) => ({ variant, weight }))
  return { rollout: { share: WHOLE, split, rest: { variant: serve.split[0]! } } }
}
