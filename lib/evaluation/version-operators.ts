import { anyOf, type Entry, oneOfThem, someOf } from './operator-entry'
import {
  type Comparator,
  compareVersions,
  parseRange,
  parseVersion,
  readVersion,
  type Version,
} from './semver'
import { must } from './shape'

const version = must(
  'a semantic version, such as 5.3.1 or 5.3.1-beta.2',
  (input) => typeof input === 'string' && parseVersion(input) !== null,
)
const range = must(
  'a range of versions, such as "^1.2.3", "1.x", ">=1.2 <2 || 3.1.4" or "1.2 - 2.3.4"',
  (input) => typeof input === 'string' && parseRange(input) !== null,
)

const holds: Readonly<Record<Comparator['op'], (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '=': (order) => order === 0,
}

export const versionOperators = {
  semver_eq: comparison('='),
  semver_lt: comparison('<'),
  semver_lte: comparison('<='),
  semver_gt: comparison('>'),
  semver_gte: comparison('>='),
  semver_in_range: {
    values: someOf(range),
    prepare: (values) => {
      const alternatives = (values as readonly string[]).flatMap((value) => parseRange(value)!)
      return subject(anyOf(alternatives.map(allOf)))
    },
  },
} as const satisfies Readonly<Record<string, Entry>>

function comparison(op: Comparator['op']): Entry {
  return {
    values: oneOfThem(version),
    prepare: (values) => subject(allOf([{ op, version: parseVersion(values[0] as string)! }])),
  }
}

function subject(passes: (version: Version) => boolean) {
  return (actual: unknown) => {
    const version = typeof actual === 'string' ? readVersion(actual) : null
    return version === null ? undefined : passes(version)
  }
}

function allOf(comparators: readonly Comparator[]): (actual: Version) => boolean {
  return (actual) => {
    for (const { op, version } of comparators) {
      if (!holds[op](compareVersions(actual, version))) return false
    }
    return true
  }
}
