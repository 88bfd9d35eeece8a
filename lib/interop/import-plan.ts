import type { Condition, Flag, Segment } from '../evaluation/types'
import type { Finding } from './import-node'

/** What people have written about a flag, beside what it decides. */
export type About = {
  readonly name: string
  readonly description: string
  readonly tags: readonly string[]
  /** Available to browsers. */
  readonly browser: boolean
}

/** What would come of an export of another system. */
export type ImportPlan = {
  readonly flags: Readonly<Record<string, Flag>>
  readonly segments: Readonly<Record<string, Segment>>
  readonly about: Readonly<Record<string, About>>
  /** What was left out. A flag with a part that cannot be expressed is left out whole. */
  readonly omitted: readonly Finding[]
  /** What was taken over, and in which respect it is not the same. */
  readonly inexact: readonly Finding[]
}

/** A part that Jackstaff cannot express: it keeps the flag out, by name. */
export class Inexpressible extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`)
  }
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
export const isKey = (text: unknown): text is string => typeof text === 'string' && KEY.test(text)

/** A key made of a name, unlike those that are taken: `Blue button` -> `blue-button`, `blue-button-2`. */
export function keyFrom(name: string, taken: ReadonlySet<string>, fallback: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
  const base = isKey(plain) ? plain : fallback
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}-${n}`
    if (!taken.has(key)) return key
  }
}

/** One condition for several that must hold, or one of which must. */
export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? conditions[0]! : { all: conditions }
export const any = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? conditions[0]! : { any: conditions }
