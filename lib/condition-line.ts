import { parseDuration } from '@/lib/evaluation/durations'
import {
  type Comparator,
  compareVersions,
  parseRange,
  parseVersion,
  type Version,
} from '@/lib/evaluation/semver'
import { readTime } from '@/lib/evaluation/times'
import type { AttributeCondition, JsonValue, Operator } from '@/lib/evaluation/types'

type Limit<T> = { op: Comparator['op']; at: T }

/** Where on a line an answer is yes: in any of these stretches, each with limits that all have to hold. */
export type Stretches<T> = readonly (readonly Limit<T>[])[]

type Line<T> = {
  compare: (a: T, b: T) => number
  /** null: a draft, of which nothing is said. */
  stretches: (values: readonly JsonValue[]) => Stretches<T> | null
}

export const byNumber = (a: number, b: number) => a - b

const single =
  <T>(op: Comparator['op'], read: (value: JsonValue) => T | null | undefined) =>
  ([value]: readonly JsonValue[]): Stretches<T> | null => {
    const at = value === undefined ? null : read(value)
    return at === null || at === undefined ? null : [[{ op, at }]]
  }

const readNumber = (value: JsonValue) => (typeof value === 'number' ? value : null)
const readDuration = (value: JsonValue) => parseDuration(String(value))
const readVersion = (value: JsonValue) => parseVersion(String(value))

function between([low, high]: readonly JsonValue[]): Stretches<number> | null {
  if (typeof low !== 'number' || typeof high !== 'number') return null
  return [
    [
      { op: '>=', at: low },
      { op: '<=', at: high },
    ],
  ]
}

function youngerThan(values: readonly JsonValue[]): Stretches<number> | null {
  const [young] = single('<=', readDuration)(values) ?? []
  return young ? [[{ op: '>=', at: 0 }, ...young]] : null
}

function inRanges(values: readonly JsonValue[]): Stretches<Version> | null {
  const ranges = values.map((value) => parseRange(String(value)))
  if (ranges.includes(null)) return null
  return ranges.flatMap((range) =>
    range!.map((limits) => limits.map(({ op, version }) => ({ op, at: version }))),
  )
}

const numbers = (stretches: Line<number>['stretches']): Line<number> => ({ compare: byNumber, stretches })
const versions = (stretches: Line<Version>['stretches']): Line<Version> => ({
  compare: compareVersions,
  stretches,
})

/** Operators by what they lay out: those of one line can be held against each other. */
const lines = {
  number: {
    eq: numbers(single('=', readNumber)),
    lt: numbers(single('<', readNumber)),
    lte: numbers(single('<=', readNumber)),
    gt: numbers(single('>', readNumber)),
    gte: numbers(single('>=', readNumber)),
    between: numbers(between),
  },
  time: { before: numbers(single('<', readTime)), after: numbers(single('>', readTime)) },
  age: { within_last: numbers(youngerThan), older_than: numbers(single('>', readDuration)) },
  version: {
    semver_eq: versions(single('=', readVersion)),
    semver_lt: versions(single('<', readVersion)),
    semver_lte: versions(single('<=', readVersion)),
    semver_gt: versions(single('>', readVersion)),
    semver_gte: versions(single('>=', readVersion)),
    semver_in_range: versions(inRanges),
  },
} as const satisfies Record<string, Partial<Record<Operator, unknown>>>

const lineOf = (op: Operator): Partial<Record<Operator, unknown>> | undefined =>
  Object.values(lines).find((line) => Object.hasOwn(line, op))

const holds: Readonly<Record<Comparator['op'], (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '=': (order) => order === 0,
}

/**
 * Whether no place on a line is inside (or outside, where that is asked) of both. Every limit is a place, and so is all that
 * lies between two limits.
 */
export function isNowhere<T>(
  compare: (a: T, b: T) => number,
  [a, insideA]: readonly [Stretches<T>, boolean],
  [b, insideB]: readonly [Stretches<T>, boolean],
): boolean {
  const limits = [...a, ...b].flat().map(({ at }) => at)
  /** Twice the limits that come before: what lies between two of them has the odd number between theirs. */
  const rankOf = (at: T) => 2 * limits.filter((other) => compare(other, at) < 0).length + 1
  const ranked = (stretches: Stretches<T>) =>
    stretches.map((stretch) => stretch.map(({ op, at }) => ({ passes: holds[op], rank: rankOf(at) })))
  const [rankedA, rankedB] = [ranked(a), ranked(b)]
  const isInside = (stretches: ReturnType<typeof ranked>, place: number) =>
    stretches.some((stretch) => stretch.every(({ passes, rank }) => passes(place - rank)))
  for (let place = 0; place <= 2 * limits.length; place++) {
    if (isInside(rankedA, place) === insideA && isInside(rankedB, place) === insideB) return false
  }
  return true
}

/** The same of two conditions about one attribute; `false` where they are not about one line. */
export function nowhereOnLine(
  a: AttributeCondition,
  isA: boolean,
  b: AttributeCondition,
  isB: boolean,
): boolean {
  const line = lineOf(a.op)
  if (!line || !Object.hasOwn(line, b.op)) return false
  const [mine, theirs] = [line[a.op] as Line<unknown>, line[b.op] as Line<unknown>]
  const [stretchesA, stretchesB] = [mine.stretches(a.values), theirs.stretches(b.values)]
  return (
    stretchesA !== null &&
    stretchesB !== null &&
    isNowhere(mine.compare, [stretchesA, isA], [stretchesB, isB])
  )
}
