import type {
  AttributeCondition,
  Condition,
  Config,
  EvaluationContext,
  Flag,
  FlagType,
  JsonValue,
  Operator,
  Rollout,
  Rule,
  Segment,
  Serve,
} from '../../lib/evaluation/index'
import { isOperator } from '../../lib/evaluation/operators'
import { aConfig } from './build-config'
import type { Random } from './random'

/** Configs and contexts for comparing with flagd: all in ASCII, and rarely a form that flagd cannot express. */

const FLAGS = 20
const SEGMENTS = 5
const ATTRIBUTES = [
  'targetingKey',
  'country',
  'age',
  'plan.tier',
  'beta',
  'roles',
  'email',
  'version',
  'constructor',
]
const IDS = ['user-1', 'user-2', 'user-3', '42', '1.5', '', 'true', '1e+21']
const TEXTS = ['DE', 'FR', 'us', 'gold', 'a@b.example', '@b', '', '5', 'user-1', 'true']
const VERSIONS = ['1.2.3', '1.2', 'v1.3.0', '2.0.0-beta.2', '2', '10.0.0']
const NO_VERSIONS = ['V1.2.3', 'vv1.2.3', ' 1.2.3', '1.2.3.4', '1.2-beta', '01.2.3', '']
const NUMBERS = [0, 1, 5, 18, -3.5, 42, 1e21]
const SALTS = ['salt', 'other', '', 'with space']
const EDGES = [
  '2026-01-01T00:00:00Z',
  '2026-02-01T00:00:00Z',
  '2026-03-01T01:00:00+01:00',
  '2026-04-01T00:00:00.000Z',
]
export const MOMENTS = EDGES.flatMap((edge) =>
  [-1000, -1, 0, 1, 999, 1000].map((ms) => Date.parse(edge) + ms),
)

const VARIANTS: Readonly<Record<FlagType, Readonly<Record<string, JsonValue>>>> = {
  boolean: { on: true, off: false, third: true },
  string: { on: 'yes', off: '', third: '$&' },
  number: { on: 1, off: 0, third: -0.5 },
  object: { on: { a: [1] }, off: {}, third: { $ref: 's4' } },
}
const NAMES = ['on', 'off', 'third']

const RARE = 0.004 // of what can be inexpressible, each time it could be: some 3 % of the flags

export function randomConfig(random: Random): Config {
  const flags = Array.from({ length: FLAGS }, (_, i) => [`flag-${i}`, flag(random, i)] as const)
  const segments = Array.from({ length: SEGMENTS }, (_, i) => [`s${i}`, segment(random, i)] as const)
  return aConfig({
    flags: Object.fromEntries(flags),
    segments: Object.fromEntries(segments),
    killed: flags.map(([key]) => key).filter(() => random.chance(0.05)),
  })
}

/** Attributes that are there or missing, of the right type or another, read whole or by path. */
export function randomContext(random: Random): EvaluationContext {
  const { chance, pick } = random
  const mostly = (usual: () => JsonValue) => (chance(0.8) ? usual() : anything(random))
  const attributes: [name: string, present: number, value: () => JsonValue][] = [
    ['targetingKey', 0.9, () => (chance(0.6) ? `user-${random.below(1000)}` : pick(IDS))],
    ['country', 0.8, () => mostly(() => pick(TEXTS))],
    ['age', 0.8, () => mostly(() => pick(NUMBERS))],
    ['plan', 0.6, () => mostly(() => ({ tier: anything(random) }))],
    ['plan.tier', 0.2, () => anything(random)],
    ['beta', 0.6, () => mostly(() => chance(0.5))],
    ['roles', 0.4, () => mostly(() => ['admin', 'DE'])],
    ['email', 0.6, () => mostly(() => pick(TEXTS))],
    ['version', 0.6, () => mostly(() => pick(chance(0.8) ? VERSIONS : NO_VERSIONS))],
    ['constructor', 0.1, () => anything(random)],
  ]
  const present = attributes.filter(([, probability]) => chance(probability))
  return Object.fromEntries(present.map(([name, , value]) => [name, value()]))
}

function anything({ below, pick }: Random): JsonValue {
  const kinds: JsonValue[] = [
    pick(TEXTS),
    pick(NUMBERS),
    true,
    false,
    null,
    [],
    ['DE', 5],
    [5],
    {},
    { tier: 'gold' },
    '5',
  ]
  return kinds[below(kinds.length)]!
}

function flag(random: Random, i: number): Flag {
  const { below, chance, pick } = random
  const type = pick<FlagType>(['boolean', 'boolean', 'string', 'number', 'object'])
  const variants = type === 'object' && chance(0.02) ? { ...VARIANTS.object, third: [1] } : VARIANTS[type]
  return {
    type,
    version: i,
    on: chance(0.92),
    variants,
    offVariant: chance(0.8) ? pick(NAMES) : null,
    salt: chance(RARE) ? 's\u00e4lz' : pick(SALTS),
    prerequisites: chance(0.25)
      ? times(1 + below(2), () => ({ flag: neededBy(i, random), variants: some(NAMES, random) }))
      : [],
    targets: times(below(3), () => ({ variant: pick(NAMES), by: by(random), values: some(IDS, random) })),
    rules: times(below(4), (index) => rule(random, index)),
    fallthrough: chance(0.5) ? { variant: pick(NAMES) } : { rollout: rollout(random, false) },
    ...(chance(0.3) && { metadata: { owner: 'payments', tier: 1 } }),
  }
}

/** Mostly a flag further down, so that chains end; sometimes one that makes a cycle or is not there. */
function neededBy(i: number, { below, chance }: Random): string {
  if (chance(0.01)) return `flag-${below(FLAGS)}`
  return `flag-${i + 1 + below(5)}`
}

function rule(random: Random, index: number): Rule {
  const { chance, pick } = random
  const [first, second] = [random.below(4), random.below(4)].sort((a, b) => a - b) as [number, number]
  return {
    id: `rule-${index}`,
    when: condition(random, 2),
    serve: serve(random),
    ...(chance(0.15) && { from: chance(RARE) ? '2026-01-01T00:00:00.5Z' : EDGES[first] }),
    ...(chance(0.15) && second > first && { until: pick(EDGES.slice(second)) }),
  }
}

function serve(random: Random): Serve {
  return random.chance(0.5) ? { variant: random.pick(NAMES) } : { rollout: rollout(random, true) }
}

function rollout(random: Random, mayContinue: boolean): Rollout {
  const { below, chance, pick } = random
  const cut = chance(0.2) ? pick([0, 100_000]) : below(100_001)
  const [first, second] = chance(0.5) ? ['on', 'off'] : ['third', 'on']
  return {
    ...(chance(0.3) && { by: by(random) }),
    ...(chance(0.3) && { salt: pick(SALTS) }),
    share: chance(0.4) ? pick([0, 1, 99_999, 100_000]) : below(100_001),
    split: [
      { variant: first!, weight: cut },
      { variant: 'off', weight: 0 },
      { variant: second!, weight: 100_000 - cut },
    ],
    rest: mayContinue && chance(0.6) ? 'continue' : { variant: pick(NAMES) },
  }
}

function by(random: Random): string {
  return random.chance(0.6) ? 'targetingKey' : random.pick(ATTRIBUTES)
}

function segment(random: Random, i: number): Segment {
  const inner = i + 1 < SEGMENTS && random.chance(0.4)
  return {
    by: by(random),
    included: random.chance(0.7) ? some(IDS, random) : [],
    excluded: random.chance(0.4) ? some(IDS, random) : [],
    any: [
      ...times(random.below(3), () => leaf(random)),
      ...(inner ? [{ segment: `s${i + 1}`, negate: random.chance(0.3) }] : []),
    ],
  }
}

function condition(random: Random, depth: number): Condition {
  const { below, chance, pick } = random
  if (depth === 0 || chance(0.4)) return chance(0.15) ? inSegment(random) : leaf(random)
  const inner = () => condition(random, depth - 1)
  return pick<() => Condition>([
    () => ({ all: times(below(4), inner) }),
    () => ({ any: times(below(4), inner) }),
    () => ({ not: inner() }),
  ])()
}

function inSegment(random: Random): Condition {
  return { segment: `s${random.below(SEGMENTS)}`, negate: random.chance(0.3) }
}

type Values = (random: Random) => JsonValue[]
const texts: Values = (random) => some(TEXTS, random)
const oneNumber: Values = ({ pick }) => [pick(NUMBERS)]
const oneVersion: Values = ({ pick }) => [pick(VERSIONS)]
const USUAL: Readonly<Record<string, Values>> = {
  is_one_of: (random) => some<JsonValue>([...TEXTS, ...NUMBERS, true, false], random),
  is_set: () => [],
  is_not_set: () => [],
  contains: texts,
  starts_with: texts,
  ends_with: texts,
  eq: oneNumber,
  lt: oneNumber,
  lte: oneNumber,
  gt: oneNumber,
  gte: oneNumber,
  between: ({ pick }) => [pick(NUMBERS), pick(NUMBERS)].sort((a, b) => a - b),
  semver_eq: oneVersion,
  semver_lt: oneVersion,
  semver_lte: oneVersion,
  semver_gt: oneVersion,
  semver_gte: oneVersion,
  semver_in_range: (random) => some(['^1.2.3', '~1.3', '1.x || >=2', '*', '1.2 - 2.0.0-beta.3'], random),
}
const UNUSUAL: Readonly<Record<string, Values>> = {
  before: ({ pick }) => [pick(EDGES)],
  within_last: () => ['7d'],
  has_any: texts,
  ip_in_cidr: () => ['10.0.0.0/8'],
}
const IGNORES_CASE = ['contains', 'starts_with', 'ends_with']
const known = (table: object) => Object.keys(table).filter(isOperator)

function leaf(random: Random): AttributeCondition {
  const { chance, pick } = random
  const unusual = known(UNUSUAL)
  const op = pick(unusual.length > 0 && chance(RARE) ? unusual : known(USUAL)) as Operator
  const attribute = op.startsWith('semver') && chance(0.8) ? 'version' : pick(ATTRIBUTES)
  return {
    attribute: chance(RARE) ? pick(['email.length', 'a\\b', '$flagd.timestamp']) : attribute,
    op,
    values: (USUAL[op] ?? UNUSUAL[op])!(random),
    ...(IGNORES_CASE.includes(op) && { ignoreCase: chance(RARE * 2) }),
    negate: chance(0.3),
  }
}

function some<T>(from: readonly T[], { below, pick }: Random): T[] {
  return [...new Set(times(1 + below(4), () => pick(from)))]
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
