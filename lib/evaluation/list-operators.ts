import { BOUNDS } from './bounds'
import { isMember } from './membership'
import { type Entry, primitive, someOf } from './operator-entry'
import type { JsonValue } from './types'

export const listOperators = {
  has_any: entry(hasOneOf),
  has_all: entry(hasAllOf),
  has_none: entry((values) => {
    const hasOne = hasOneOf(values)
    return (actual, length) => !hasOne(actual, length)
  }),
} as const satisfies Readonly<Record<string, Entry>>

type List = readonly unknown[]
type ListTest = (actual: List, length: number) => boolean

/** An application may pass a proxy, or a list of getters: what throws is no list. */
function entry(prepare: (values: readonly JsonValue[]) => ListTest): Entry {
  return {
    values: someOf(primitive),
    prepare: (values) => {
      const passes = prepare(values)
      return (actual) => {
        try {
          if (!Array.isArray(actual)) return undefined
          const { length } = actual
          return length <= BOUNDS.listLength ? passes(actual, length) : undefined
        } catch {
          return undefined
        }
      }
    },
  }
}

// By index and to a length read once: what a proxy iterates over, or grows to, may have no end.

function hasOneOf(values: List): ListTest {
  const isWanted = isMember(values)
  return (actual, length) => {
    for (let i = 0; i < length; i++) if (isWanted(actual[i])) return true
    return false
  }
}

const SCAN_UP_TO = 8 // values; past it a Set of the elements is faster than a scan for each

function hasAllOf(values: List): ListTest {
  const wanted = [...new Set(values)]
  if (wanted.length > SCAN_UP_TO) {
    return (actual, length) => {
      const found = new Set<unknown>()
      for (let i = 0; i < length; i++) found.add(actual[i])
      return wanted.every((value) => found.has(value))
    }
  }
  const tests = wanted.map((value) => hasOneOf([value]))
  return (actual, length) => {
    for (const has of tests) if (!has(actual, length)) return false
    return true
  }
}
