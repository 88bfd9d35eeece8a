import type { FlagKind } from '@/db/schema'
import type { Condition, JsonValue, Prerequisite, Rule, Serve } from '@/lib/evaluation'

// What a large installation has, worked out from a number: the same each time, and like what people make.

export const FLAGS = 10_000
export const SEGMENTS = 200
/** The flag with the longest history. */
export const EDITED = 8
/** Flags of each of the other projects. */
export const FEW_FLAGS = 20
/** The first of them has the flags. Five environments each. */
export const PROJECTS = ['large', ...Array.from({ length: 9 }, (_, i) => `large-${i + 2}`)] as const
export const ENVIRONMENTS = ['development', 'staging', 'production', 'canary', 'partners'] as const
/** Those that a new project lacks. */
export const MORE_ENVIRONMENTS = [
  { key: 'canary', name: 'Canary', colour: 'violet' },
  { key: 'partners', name: 'Partners', colour: 'blue' },
] as const

const AREAS = ['checkout', 'search', 'basket', 'account', 'delivery', 'prices', 'login', 'reports'] as const
const THINGS = [
  'banner',
  'form',
  'layout',
  'button',
  'limit',
  'ranking',
  'summary',
  'filter',
  'menu',
] as const
const QUALITIES = ['new', 'faster', 'shorter', 'larger', 'quiet', 'regional', 'guided'] as const
const TAGS = ['web', 'mobile', 'beta', 'cleanup', 'growth', 'infra', 'experiment'] as const
const COUNTRIES = ['DE', 'FR', 'PL', 'SE', 'PT', 'IT'] as const
const KINDS: readonly FlagKind[] = ['release', 'release', 'experiment', 'ops', 'permission']

const of = <T>(list: readonly T[], i: number): T => list[i % list.length]!
const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1)

export const segmentKey = (i: number): string => `${of(AREAS, i)}-group-${i}`

export function largeSegment(i: number): { key: string; name: string; included: string[]; any: Condition[] } {
  const people = Array.from({ length: i % 7 === 0 ? 0 : 5 + (i % 20) }, (_, n) => `user-${i * 40 + n}`)
  const from: Condition = { attribute: 'country', op: 'is_one_of', values: [of(COUNTRIES, i)] }
  return { key: segmentKey(i), name: `${capital(of(AREAS, i))} group ${i}`, included: people, any: [from] }
}

export type LargeFlag = {
  key: string
  name: string
  type: 'boolean' | 'string'
  variants: Record<string, JsonValue>
  description: string
  tags: string[]
  owner: string | null
  kind: FlagKind
  browser: boolean
  /** Days since it was made, and since anybody asked for it last; null: never. */
  ageDays: number
  silentDays: number | null
}

const keyOf = (i: number) => `${of(AREAS, i)}.${of(QUALITIES, i >> 3)}-${of(THINGS, i >> 2)}-${i}`
const isText = (i: number) => i % 8 === 5

export function largeFlag(i: number): LargeFlag {
  const words = `${capital(of(QUALITIES, i >> 3))} ${of(THINGS, i >> 2)}`
  const ageDays = 1 + ((i * 37) % 400)
  return {
    key: keyOf(i),
    name: `${words} of ${of(AREAS, i)} ${i}`,
    ...(isText(i)
      ? { type: 'string', variants: { control: 'control', short: 'short', long: 'long' } }
      : { type: 'boolean', variants: { on: true, off: false } }),
    description: i % 3 === 0 ? `What ${of(AREAS, i)} shows while the ${of(THINGS, i >> 2)} is tried.` : '',
    tags: [of(TAGS, i), ...(i % 4 === 0 ? [of(TAGS, i + 3)] : [])],
    owner: i % 6 === 0 ? null : `team-${of(AREAS, i)}`,
    kind: of(KINDS, i),
    browser: false,
    ageDays,
    silentDays: i % 11 === 0 ? null : i % 5 === 0 ? Math.min(ageDays, 31 + (i % 50)) : i % 3,
  }
}

type Aim = {
  on: boolean
  offVariant: string
  prerequisites: Prerequisite[]
  rules: Rule[]
  fallthrough: Serve
}

const share = (variant: string, percent: number, rest: string): Serve => ({
  rollout: { share: percent * 1_000, split: [{ variant, weight: 100_000 }], rest: { variant: rest } },
})

/** What a flag does in one of its environments. The first few name no segment: other projects have none. */
export function largeTargeting(i: number, environment: (typeof ENVIRONMENTS)[number]): Aim {
  const [on, off] = isText(i) ? ['short', 'control'] : ['on', 'off']
  const early = environment === 'development' || environment === 'staging'
  const plain: Aim = {
    on: early || i % 3 > 0,
    offVariant: off,
    prerequisites: [],
    rules: [],
    fallthrough: { variant: early ? on : of([on, off], i) },
  }
  if (early) return plain
  const serve: Serve = { variant: on }
  const country: Condition = { attribute: 'country', op: 'is_one_of', values: [of(COUNTRIES, i)] }
  const inSegment: Condition = { segment: segmentKey(i % SEGMENTS) }
  const shapes: Record<number, Partial<Aim>> = {
    1: { fallthrough: share(on, 5 + (i % 90), off) },
    2: { rules: [{ id: 'country', when: country, serve }], fallthrough: { variant: off } },
    3: {
      rules: [
        { id: 'staff', when: { attribute: 'email', op: 'ends_with', values: ['@example.com'] }, serve },
      ],
    },
    4: {
      prerequisites: [{ flag: keyOf(i - (i % 100)), variants: isText(i - (i % 100)) ? ['short'] : ['on'] }],
    },
    5: { rules: [{ id: 'country', when: country, serve: share(on, 50, off) }] },
  }
  if (i % 40 === 27)
    return { ...plain, rules: [{ id: 'group', when: inSegment, serve }], fallthrough: { variant: off } }
  if (i % 10 === 4 && i % 100 > 90) return { ...plain, ...shapes[4] }
  return { ...plain, ...(i % 10 === 4 ? {} : shapes[i % 10]) }
}
