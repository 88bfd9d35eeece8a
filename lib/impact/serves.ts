import { bucket } from '@/lib/evaluation'
import type { Rollout, Serve } from '@/lib/evaluation/types'
import type { Person, Question } from './question'
import type { Questions, Side, Truth } from './questions'

const WHOLE = 100_000
const TARGETING_KEY = 'targetingKey'
const SPLIT = '/split/' // docs/evaluation.md: the share and the variant are hashed apart

/** What decides for a person, one after the other; null: the default in the code. */
export type Serves = readonly (Serve | { variant: null })[]

const ends = (serve: Serve) =>
  'variant' in serve || serve.rollout.rest !== 'continue' || serve.rollout.share === WHOLE

/** Whether every split gives all of its people a variant: drafts have sums that do not come out yet. */
export const isServed = ({ targeting }: Side): boolean =>
  [...targeting.rules.map(({ serve }) => serve), targeting.fallthrough].every(
    (serve) =>
      'variant' in serve || serve.rollout.split.reduce((sum, { weight }) => sum + weight, 0) === WHOLE,
  )

/** What a targeting serves to somebody, as far as that is decided by conditions; or what has to be asked first. */
export function servesFor({ targeting, segments }: Side, ask: Questions, person: Person): Serves | Question {
  const off = [{ variant: targeting.offVariant }] as Serves
  if (!targeting.on) return off
  for (const { flag, variants } of targeting.prerequisites) {
    const met = ask.serves(flag, variants, person)
    if (typeof met === 'object') return met
    if (!met) return off
  }
  for (const { by, variant, values } of targeting.targets) {
    const named = ask.holdsOf(ask.listed(by, values), person)
    if (typeof named === 'object') return named
    if (named) return [{ variant }]
  }
  const serves: Serve[] = []
  for (const { when, serve, ...window } of targeting.rules) {
    let applies: Truth = ask.isWithin(window, person)
    if (applies === true) applies = ask.holds(when, segments, person)
    if (typeof applies === 'object') return applies
    if (!applies) continue
    serves.push(serve)
    if (ends(serve)) return serves
  }
  return [...serves, targeting.fallthrough]
}

/** Where somebody falls under one salt: `low <= bucket < high`. */
type Range = readonly [low: number, high: number]
/** Ranges by attribute and salt; a hash that is not there may be anywhere. */
type Box = ReadonlyMap<string, Range>

type Hash = { by: string; salt: string }
/** Where hashes begin: anywhere, or, for a value that is known, exactly there. */
type Start = (hash: Hash) => Range

function within(
  box: Box,
  hash: Hash,
  { low, high }: { low: number; high: number },
  start: Start,
): Box | null {
  const name = JSON.stringify([hash.by, hash.salt])
  const [from, to] = box.get(name) ?? start(hash)
  const range = [Math.max(from, low), Math.min(to, high)] as const
  return range[0] < range[1] ? new Map([...box, [name, range]]) : null
}

type Landing = readonly [variant: string | null, box: Box]

/** Who inside the share gets what. */
function* landIn(
  { by = TARGETING_KEY, split }: Rollout,
  salt: string,
  box: Box,
  start: Start,
): Generator<Landing> {
  let low = 0
  for (const { variant, weight } of split) {
    const high = low + weight
    const part = weight === WHOLE ? box : within(box, { by, salt: salt + SPLIT }, { low, high }, start)
    if (part && weight > 0) yield [variant, part]
    low = high
  }
}

type Landings = { salt: string; start: Start; lacks: (attribute: string) => boolean }

const needsKey = ({ share, split }: Rollout) =>
  share > 0 && (share < WHOLE || split.every(({ weight }) => weight < WHOLE))

/** Everywhere that hashing can take people of a box, each with what is served there. */
function* land(serves: Serves, box: Box, how: Landings): Generator<Landing> {
  const [serve, ...later] = serves
  if (!serve) return
  if ('variant' in serve) {
    yield [serve.variant, box]
    return
  }
  const { rollout } = serve
  const { by = TARGETING_KEY, share, rest } = rollout
  if (needsKey(rollout) && how.lacks(by)) {
    if (later.length > 0) yield* land(later, box, how)
    else yield [null, box]
    return
  }
  const salt = rollout.salt ?? how.salt
  const cut = (low: number, high: number) => within(box, { by, salt }, { low, high }, how.start)
  const inside = share === WHOLE ? box : share === 0 ? null : cut(0, share)
  const outside = share === 0 ? box : share === WHOLE ? null : cut(share, WHOLE)
  if (inside) yield* landIn(rollout, salt, inside, how.start)
  if (outside && rest !== 'continue') yield [rest.variant, outside]
  if (outside && rest === 'continue') yield* land(later, outside, how)
}

const sizeOf = (box: Box) => [...box.values()].reduce((size, [low, high]) => (size * (high - low)) / WHOLE, 1)
const attributesOf = (box: Box) => [...box.keys()].map((name) => (JSON.parse(name) as [string])[0])

/** Sums of products of fractions, less what floating point adds to them. */
const rounded = (share: number) => Math.round(share * 1e9) / 1e9

export type Share = { variant: string | null; share: number }
export type Move = { from: string | null; to: string | null; share: number }

export type Joint = {
  moves: Move[]
  before: Share[]
  after: Share[]
  /** The attributes that are hashed. */
  by: string[]
}

/** What people who are served this got before and get now: exact, since the same hashes decide both. */
export function jointly(
  before: Serves,
  after: Serves,
  { salt, lacks, ids }: { salt: string; lacks: Landings['lacks']; ids: readonly string[] | null },
): Joint {
  const parts = new Map<string, Move>()
  const by = new Set<string>()
  const add = (start: Start, sizeOfBox: (box: Box) => number) => {
    const how = { salt, lacks, start }
    for (const [from, box] of land(before, new Map(), how)) {
      for (const [to, end] of land(after, box, how)) {
        const name = JSON.stringify([from, to])
        const part = parts.get(name) ?? { from, to, share: 0 }
        parts.set(name, { ...part, share: part.share + sizeOfBox(end) })
        for (const attribute of attributesOf(end)) by.add(attribute)
      }
    }
  }
  if (!ids) add(() => [0, WHOLE], sizeOf)
  for (const id of ids ?? []) {
    const at = (hash: Hash): Range => {
      const position = bucket(hash.salt, id)
      return [position, position + 1]
    }
    add(at, () => 1)
  }
  const whole = ids ? ids.length : 1
  const all = [...parts.values()].map((part) => ({ ...part, share: rounded(part.share / whole) }))
  const sumBy = (side: 'from' | 'to'): Share[] => {
    const shares = new Map<string | null, number>()
    for (const part of all) shares.set(part[side], (shares.get(part[side]) ?? 0) + part.share)
    return [...shares].map(([variant, share]) => ({ variant, share: rounded(share) }))
  }
  return {
    moves: all.filter(({ from, to }) => from !== to),
    before: sumBy('from'),
    after: sumBy('to'),
    by: [...by],
  }
}
