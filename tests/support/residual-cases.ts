import {
  BOUNDS,
  type Condition,
  type Config,
  type EvaluationContext,
  type Flag,
  type FlagType,
  type JsonValue,
  type Operator,
  type ParsedConfig,
  parseConfig,
  type Rollout,
  type Rule,
  resolve,
  type Segment,
  type Serve,
} from '../../lib/evaluation/index'
import { prerequisiteNodes } from '../../lib/evaluation/prerequisites'
import { isPublic, type Marks, privatePart } from '../../lib/evaluation/residual/marks'
import { residualOf, type Source } from '../../lib/evaluation/residual/residual'
import { resolveResidual } from '../../lib/evaluation/residual/resolve-residual'
import type { Residual } from '../../lib/evaluation/residual/types'
import { aConfig } from './build-config'
import { type Random, randomFrom } from './random'

/** Random configs, marks and contexts for the law of residuals: nothing that publishing would refuse. */

const PUBLIC = ['country', 'age', 'plan', 'roles', 'version', 'signedUp', 'ip', 'device']
const PRIVATE = ['targetingKey', 'email', 'company', 'plan.price', 'invited', 'risk']
const ALL = [...PUBLIC, ...PRIVATE, 'plan.tier']
const TEXTS = ['DE', 'fr', 'gold', 'a@b.example', 'user-1', 'Zo\u00eb', '']
const IDS = ['user-1', 'user-2', 'user-3', '42', 'acme', 'globex']
const NUMBERS = [0, 1, 18, -3.5, 42]
const VERSIONS = ['1.2.3', 'v1.3.0', '2.0.0-beta.2', '10.0']
const DAY_MS = 86_400_000
const START = Date.parse('2026-01-01T00:00:00Z')
const TIMES = [0, 1, 2, 3, 30].map((days) => new Date(START + days * DAY_MS).toISOString())
const NAMES = ['on', 'off', 'third']
const FLAGS = 12
const SEGMENTS = 4

const VARIANTS: Readonly<Record<FlagType, Readonly<Record<string, JsonValue>>>> = {
  boolean: { on: true, off: false, third: true },
  string: { on: 'yes', off: '', third: 'constructor' },
  number: { on: 1, off: 0, third: -0.5 },
  object: { on: { a: [1] }, off: {}, third: [] },
}

type Values = (random: Random) => JsonValue[]
const oneTime: Values = ({ pick }) => [pick(TIMES)]
const oneNumber: Values = ({ pick }) => [pick(NUMBERS)]
const oneVersion: Values = ({ pick }) => [pick(VERSIONS)]
const texts: Values = (random) => some(TEXTS, random)

const OPERATORS: Readonly<Record<Operator, Values>> = {
  is_one_of: (random) => some<JsonValue>([...TEXTS, ...NUMBERS, true], random),
  is_set: () => [],
  is_not_set: () => [],
  contains: texts,
  starts_with: texts,
  ends_with: texts,
  matches: ({ pick }) => [pick(['^user-\\d$', 'e', '[A-Z]{2}'])],
  eq: oneNumber,
  lt: oneNumber,
  lte: oneNumber,
  gt: oneNumber,
  gte: oneNumber,
  between: ({ pick }) => [pick(NUMBERS), pick(NUMBERS)].sort((a, b) => a - b),
  before: oneTime,
  after: oneTime,
  within_last: ({ pick }) => [pick(['1d', '12h', '2w'])],
  older_than: ({ pick }) => [pick(['1d', '12h', '2w'])],
  semver_eq: oneVersion,
  semver_lt: oneVersion,
  semver_lte: oneVersion,
  semver_gt: oneVersion,
  semver_gte: oneVersion,
  semver_in_range: ({ pick }) => [pick(['^1.2.3', '1.x || >=2', '*'])],
  has_any: texts,
  has_all: texts,
  has_none: texts,
  ip_in_cidr: ({ pick }) => [pick(['10.0.0.0/8', '2001:db8::/32'])],
}
const IGNORES_CASE: readonly Operator[] = ['contains', 'starts_with', 'ends_with', 'matches']
/** Patterns make their attribute private: few, or little would be left. */
const OPS = (Object.keys(OPERATORS) as Operator[]).filter((op) => op !== 'matches')
/** What makes each attribute meet its usual operators. */
const USUAL: Readonly<Record<string, readonly Operator[]>> = {
  signedUp: ['within_last', 'older_than', 'before', 'after'],
  invited: ['within_last', 'older_than', 'before', 'after'],
  version: ['semver_gte', 'semver_lt', 'semver_in_range'],
  ip: ['ip_in_cidr'],
  roles: ['has_any', 'has_all', 'has_none'],
  age: ['gt', 'lte', 'between'],
}

function some<T>(from: readonly T[], { below, pick }: Random): T[] {
  return [...new Set(times(1 + below(4), () => pick(from)))]
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function leaf(random: Random): Condition {
  const { chance, pick } = random
  const attribute = pick(chance(0.6) ? PUBLIC : ALL)
  const op = chance(0.01)
    ? 'matches'
    : pick<Operator>(chance(0.7) ? (USUAL[attribute] ?? ['is_one_of', 'starts_with']) : OPS)
  return {
    attribute,
    op,
    values: OPERATORS[op](random),
    ...(IGNORES_CASE.includes(op) && { ignoreCase: chance(0.3) }),
    negate: chance(0.3),
  }
}

function condition(random: Random, depth: number): Condition {
  const { below, chance, pick } = random
  if (depth === 0 || chance(0.3)) {
    return chance(0.45) ? { segment: `s${below(SEGMENTS)}`, negate: chance(0.3) } : leaf(random)
  }
  const inner = () => condition(random, depth - 1)
  return pick<() => Condition>([
    () => ({ all: times(below(4), inner) }),
    () => ({ any: times(below(4), inner) }),
    () => ({ not: inner() }),
  ])()
}

function rollout(random: Random, mayContinue: boolean): Rollout {
  const { below, chance, pick } = random
  const cut = chance(0.3) ? pick([0, 100_000]) : below(100_001)
  return {
    ...(chance(0.5) && { by: pick(ALL) }),
    ...(chance(0.3) && { salt: pick(['salt', '', 'z\u00eb']) }),
    share: chance(0.3) ? pick([0, 1, 99_999, 100_000]) : below(100_001),
    split: [
      { variant: 'on', weight: cut },
      { variant: 'off', weight: 0 },
      { variant: 'third', weight: 100_000 - cut },
    ],
    rest: mayContinue && chance(0.6) ? 'continue' : { variant: pick(NAMES) },
  }
}

function serve(random: Random, mayContinue: boolean): Serve {
  return random.chance(0.5) ? { variant: random.pick(NAMES) } : { rollout: rollout(random, mayContinue) }
}

function rule(random: Random, index: number): Rule {
  const { chance, pick } = random
  const [from, until] = [random.below(4), random.below(4)].sort((a, b) => a - b) as [number, number]
  return {
    id: `rule-${index}`,
    when: condition(random, 2),
    serve: serve(random, true),
    ...(chance(0.2) && { from: TIMES[from]! }),
    ...(chance(0.2) && until > from && { until: pick(TIMES.slice(until)) }),
  }
}

function flag(random: Random, i: number): Flag {
  const { below, chance, pick } = random
  const type = pick<FlagType>(['boolean', 'boolean', 'string', 'number', 'object'])
  const later = () => `flag-${i + 1 + below(3)}`
  return {
    type,
    version: i,
    on: chance(0.9),
    variants: VARIANTS[type],
    offVariant: chance(0.8) ? pick(NAMES) : null,
    salt: pick(['salt', `flag-${i}`]),
    prerequisites: times(chance(0.6) ? 1 + below(2) : 0, () => ({
      flag: later(),
      variants: some(NAMES, random),
    })),
    targets: chance(0.15)
      ? [{ variant: pick(NAMES), by: pick(['targetingKey', 'company']), values: some(IDS, random) }]
      : [],
    rules: times(1 + below(4), (index) => rule(random, index)),
    fallthrough: serve(random, false),
    ...(chance(0.3) && { metadata: { owner: 'payments' } }),
  }
}

/** Segments name later ones alone, and mostly list nobody: a list makes its attribute private. */
function segment(random: Random, i: number): Segment {
  const { below, chance, pick } = random
  const listed = chance(0.3)
  const inner: Condition[] =
    i + 1 < SEGMENTS && chance(0.4) ? [{ segment: `s${i + 1}`, negate: chance(0.3) }] : []
  return {
    by: listed ? pick(['targetingKey', 'company', 'device']) : pick(ALL),
    included: listed ? some(IDS, random) : [],
    excluded: listed && chance(0.5) ? some(IDS, random) : [],
    any: [...times(1 + below(2), () => leaf(random)), ...inner],
  }
}

export function randomConfig(random: Random): Config {
  const flags = times(FLAGS, (i) => [`flag-${i}`, flag(random, i)] as const)
  const config = aConfig({
    flags: Object.fromEntries(flags),
    segments: Object.fromEntries(times(SEGMENTS, (i) => [`s${i}`, segment(random, i)])),
    killed: flags.map(([key]) => key).filter(() => random.chance(0.05)),
  })
  const byKey = new Map<string, Flag>(flags)
  const tooMany = flags.some(
    ([key]) => prerequisiteNodes(key, (name) => byKey.get(name)) > BOUNDS.prerequisiteNodes,
  )
  return tooMany ? randomConfig(random) : config
}

function randomMarks({ chance }: Random): Marks {
  const marks = PUBLIC.filter(() => chance(0.9)).map((name) => [name, 'public'] as const)
  return Object.fromEntries([...marks, ['plan.price', 'private']])
}

function anything({ pick }: Random): JsonValue {
  return pick<JsonValue>([...TEXTS, ...NUMBERS, true, false, null, [], ['DE', 18], {}, { tier: 'gold' }])
}

export function randomContext(random: Random): EvaluationContext {
  const { below, chance, pick } = random
  const mostly = (usual: () => JsonValue) => (chance(0.85) ? usual() : anything(random))
  const moment = () => new Date(START + below(6 * DAY_MS) - DAY_MS).toISOString()
  const time = () => (chance(0.5) ? moment() : pick([...TIMES, START - 14 * DAY_MS]))
  const plan = () => ({
    ...(chance(0.8) && { tier: pick(TEXTS) }),
    ...(chance(0.8) && { price: pick(NUMBERS) }),
  })
  const attributes: Record<string, () => JsonValue> = {
    targetingKey: () => (chance(0.6) ? `user-${below(100)}` : pick(IDS)),
    country: () => pick(TEXTS),
    age: () => pick(NUMBERS),
    plan,
    roles: () => some(TEXTS, random),
    version: () => pick(VERSIONS),
    signedUp: time,
    ip: () => pick(['10.0.0.1', '192.168.0.1', '2001:db8::1']),
    device: () => pick(IDS),
    email: () => pick(TEXTS),
    company: () => pick(IDS),
    invited: time,
    risk: () => pick(NUMBERS),
  }
  const present = Object.entries(attributes).filter(() => chance(0.8))
  return Object.fromEntries(present.map(([name, value]) => [name, mostly(value)]))
}

/** The private attributes of one context with the public ones of another. */
function withPublicOf(marks: Marks, mine: EvaluationContext, other: EvaluationContext): EvaluationContext {
  const mixed: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(mine), ...Object.keys(other)])) {
    const from = isPublic(marks, name) ? other : mine
    if (!Object.hasOwn(from, name)) continue
    const value = from[name] as JsonValue
    mixed[name] = name === 'plan' && isPublic(marks, 'plan') ? withPrice(value, mine.plan) : value
  }
  return mixed
}

function withPrice(plan: JsonValue, mine: unknown): JsonValue {
  const price = (mine as { price?: JsonValue } | undefined)?.price
  const isRecord = typeof plan === 'object' && plan !== null && !Array.isArray(plan)
  if (!isRecord) return plan
  const { price: _, ...rest } = plan as Record<string, JsonValue>
  return price === undefined ? rest : { ...rest, price }
}

function parsed(config: Config): ParsedConfig {
  const result = parseConfig(config)
  if (!result.ok) throw new Error(result.error)
  return result.config
}

/** What a run saw, so that it can be told from one that saw nothing. */
export type LawTally = {
  cases: number
  flags: number
  /** Flags that read a public attribute inside a segment or a prerequisite. */
  readPublicInside: number
  /** Flags that roll out by a private attribute. */
  rollOutByPrivate: number
  /** Cases where the answer differs from that of the context the residual was made for. */
  moved: number
  readonly reasons: Record<string, number>
  readonly broken: string[]
}

const seen = ({ value, variant, reason, errorCode, flagMetadata }: ReturnType<typeof resolve>) =>
  JSON.stringify([value, variant, reason, errorCode, Object.entries(flagMetadata).sort()])

/** Checks the law for at least so many cases. */
export function checkLaw(seed: number, cases: number): LawTally {
  const random = randomFrom(seed)
  const tally: LawTally = {
    cases: 0,
    flags: 0,
    readPublicInside: 0,
    rollOutByPrivate: 0,
    moved: 0,
    reasons: {},
    broken: [],
  }
  while (tally.cases < cases) {
    const config = randomConfig(random)
    const flags = Object.keys(config.flags)
    const source: Source = { config: parsed(config), flags, attributes: randomMarks(random) }
    describe(config, source.attributes, tally)
    for (let i = 0; i < 5; i++) checkContext(source, randomContext(random), random, tally)
  }
  return tally
}

function checkContext(source: Source, context: EvaluationContext, random: Random, tally: LawTally): void {
  const now = START + random.below(5 * DAY_MS) - DAY_MS
  const residual = JSON.parse(JSON.stringify(residualOf(source, context, now))) as Residual
  const { attributes, validUntil } = residual
  const last = Math.min((validUntil ?? now + 60 * DAY_MS) - 1, now + 60 * DAY_MS)
  for (let i = 0; i < 4; i++) {
    const other = withPublicOf(attributes, context, randomContext(random))
    if (privatePart(attributes, other) !== privatePart(attributes, context)) continue
    const moment = random.pick([now, last, now + random.below(last - now + 1)])
    for (const key of source.flags) compare(source, residual, key, context, other, moment, tally)
  }
}

function compare(
  { config }: Source,
  residual: Residual,
  key: string,
  context: EvaluationContext,
  other: EvaluationContext,
  now: number,
  tally: LawTally,
): void {
  const type = config.program.cell(key)?.flag?.type ?? 'boolean'
  const whole = resolve(config, key, type, 'default' as JsonValue, other, now)
  const local = resolveResidual(residual, key, type, 'default' as JsonValue, other, now)
  tally.cases++
  tally.reasons[whole.reason] = (tally.reasons[whole.reason] ?? 0) + 1
  if (seen(whole) !== seen(resolve(config, key, type, 'default' as JsonValue, context, now))) tally.moved++
  if (seen(whole) === seen(local)) return
  const facts = { key, context, other, now, whole: seen(whole), local: seen(local) }
  tally.broken.push(JSON.stringify({ ...facts, residual: residual.flags[key], config: config.toConfig() }))
}

/** Counts what the flags of a config read, so that the law is known to have been tried where it is hard. */
function describe({ flags, segments }: Config, marks: Marks, tally: LawTally): void {
  const text = JSON.stringify
  const readsPublic = (input: unknown) =>
    [...text(input).matchAll(/"attribute":"([^"]+)"/g)].some(([, name]) => isPublic(marks, name!))
  const segmentsRead = (input: unknown): string[] =>
    [...text(input).matchAll(/"segment":"([^"]+)"/g)].flatMap(([, name]) => [
      name!,
      ...segmentsRead(segments[name!]),
    ])
  const throughSegments = (key: string) =>
    segmentsRead(flags[key] ?? {}).some((name) => readsPublic(segments[name]))
  const needed = (key: string): string[] =>
    (flags[key]?.prerequisites ?? []).flatMap(({ flag }) => (flags[flag] ? [flag, ...needed(flag)] : []))
  for (const [key, flag] of Object.entries(flags)) {
    tally.flags++
    const through = needed(key)
    const inside = throughSegments(key) || through.some((name) => readsPublic(flags[name]))
    if (inside) tally.readPublicInside++
    const bys = [...text(flag).matchAll(/"rollout":\{(?:"by":"([^"]+)")?/g)].map(
      ([, by = 'targetingKey']) => by,
    )
    if (bys.some((by) => !isPublic(marks, by))) tally.rollOutByPrivate++
  }
}
