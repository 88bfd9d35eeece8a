import { BOUNDS } from './bounds'
import { digitAt, digitsIn } from './digits'
import { rememberLast } from './last-text'

/** Semantic Versioning 2.0, without build metadata: it takes no part in precedence. */
export type Version = {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** Empty for a release. */
  readonly prerelease: readonly string[]
}

export type Comparator = { readonly op: '<' | '<=' | '>' | '>=' | '='; readonly version: Version }

/** Alternatives, one of which has to hold; each is a list of comparators that all have to. */
export type Range = readonly (readonly Comparator[])[]

const SUFFIX = /^(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/
const OPEN =
  /^v?(0|[1-9]\d*|[xX*])(?:\.(0|[1-9]\d*|[xX*])(?:\.(0|[1-9]\d*|[xX*])(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?)?)?$/
const HYPHEN = /^(\S+)\s+-\s+(\S+)$/
const TERM = /^(\^|~|[<>]=?|=|)(.*)$/
const SPACE_AFTER_OPERATOR = /([\^~<>=])\s+/g

const LARGEST = Number.MAX_SAFE_INTEGER - 1 // a range still has to count one up from it

const DOT = 0x2e
const V = 0x76
const ZERO = 0x30

/** "5.3.1-beta.2", "v5.3.1+build" or "5.3", which is 5.3.0; `null` where the text is no version. */
export function parseVersion(text: string): Version | null {
  if (text.length > BOUNDS.versionLength) return null
  const start = text.charCodeAt(0) === V ? 1 : 0
  const afterMajor = endOfNumber(text, start)
  if (afterMajor === -1) return null
  const major = digitsIn(text, start, afterMajor)
  if (afterMajor === text.length) return versionOf(major, 0, 0)

  const afterMinor = text.charCodeAt(afterMajor) === DOT ? endOfNumber(text, afterMajor + 1) : -1
  if (afterMinor === -1) return null
  const minor = digitsIn(text, afterMajor + 1, afterMinor)
  if (afterMinor === text.length) return versionOf(major, minor, 0)

  const afterPatch = text.charCodeAt(afterMinor) === DOT ? endOfNumber(text, afterMinor + 1) : -1
  if (afterPatch === -1) return null
  const patch = digitsIn(text, afterMinor + 1, afterPatch)
  if (afterPatch === text.length) return versionOf(major, minor, patch)

  const suffix = SUFFIX.exec(text.slice(afterPatch))
  return suffix && versionOf(major, minor, patch, suffix[1])
}

/** Where digits without leading zeros end that start here; -1 where there are none. */
function endOfNumber(text: string, start: number): number {
  let end = start
  while (digitAt(text, end) !== -1) end++
  return end === start || (end > start + 1 && text.charCodeAt(start) === ZERO) ? -1 : end
}

/** As `parseVersion`, for texts that come again and again. */
export const readVersion = rememberLast(parseVersion)

const RELEASE: readonly string[] = []

function versionOf(major: number, minor: number, patch: number, prerelease?: string): Version | null {
  if (major > LARGEST || minor > LARGEST || patch > LARGEST) return null
  if (prerelease === undefined) return { major, minor, patch, prerelease: RELEASE }
  const identifiers = prerelease.split('.')
  return identifiers.some((it) => /^0\d+$/.test(it)) ? null : { major, minor, patch, prerelease: identifiers }
}

/** Below 0 where `a` comes first, above 0 where `b` does. */
export function compareVersions(a: Version, b: Version): number {
  if (a.major !== b.major) return a.major - b.major
  if (a.minor !== b.minor) return a.minor - b.minor
  if (a.patch !== b.patch) return a.patch - b.patch
  return comparePrereleases(a.prerelease, b.prerelease)
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareIdentifiers(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

const DIGITS = /^\d+$/

/** Numbers come before texts. They have no leading zeros, so the longer one is the larger, however many digits. */
function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0
  const numeric = DIGITS.test(a)
  if (numeric !== DIGITS.test(b)) return numeric ? -1 : 1
  if (numeric && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}

/**
 * Reads a range in the grammar of npm. What it means is pure precedence: ^1.2.3 is >=1.2.3 <2.0.0-0, so 1.3.0-beta is
 * in and 2.0.0-beta is not. `null` where the text is no range.
 */
export function parseRange(text: string): Range | null {
  if (text.length > BOUNDS.versionLength) return null
  const alternatives = text.split('||').map((part) => parseAlternative(part.trim()))
  return alternatives.includes(null) ? null : (alternatives as Comparator[][])
}

function parseAlternative(text: string): Comparator[] | null {
  const hyphen = HYPHEN.exec(text)
  const terms = hyphen
    ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
    : text.replace(SPACE_AFTER_OPERATOR, '$1').split(/\s+/)
  const comparators = terms.map(parseTerm)
  return comparators.includes(null) ? null : (comparators as Comparator[][]).flat()
}

/** A version of which the end may be open: 1, 1.x and 1.x.x leave all but the major number open. */
type OpenVersion = { readonly numbers: readonly number[]; readonly floor: Version }

function parseTerm(text: string): Comparator[] | null {
  const [, operator, rest] = TERM.exec(text)!
  const version = parseOpen(rest!)
  return version && terms[operator!]!(version)
}

function parseOpen(text: string): OpenVersion | null {
  const match = OPEN.exec(text)
  if (!match) return null
  const parts = match.slice(1, 4)
  const firstOpen = parts.findIndex((part) => part === undefined || /[xX*]/.test(part))
  const known = firstOpen === -1 ? parts : parts.slice(0, firstOpen)
  const isClosedAgain = parts.slice(known.length).some((part) => part !== undefined && /\d/.test(part))
  if (isClosedAgain || (match[4] !== undefined && known.length < 3)) return null
  const numbers = known.map(Number)
  const [major = 0, minor = 0, patch = 0] = numbers
  const floor = versionOf(major, minor, patch, match[4])
  return floor && { numbers, floor }
}

/** The first version past all that share the numbers up to `index`: its very first prerelease. */
function past(numbers: readonly number[], index: number): Version {
  const [major = 0, minor = 0, patch = 0] = [...numbers.slice(0, index), numbers[index]! + 1]
  return { major, minor, patch, prerelease: ['0'] }
}

const isWhole = ({ numbers }: OpenVersion) => numbers.length === 3
const isAnything = ({ numbers }: OpenVersion) => numbers.length === 0
const pastAll = ({ numbers }: OpenVersion) => past(numbers, numbers.length - 1)

/** From the floor until a number changes that the operator holds fast. */
function until(held: (numbers: readonly number[]) => number) {
  return (open: OpenVersion): Comparator[] =>
    isAnything(open)
      ? []
      : [
          { op: '>=', version: open.floor },
          { op: '<', version: past(open.numbers, held(open.numbers)) },
        ]
}

const lastOf = (numbers: readonly number[]) => numbers.length - 1

function equal(open: OpenVersion): Comparator[] {
  return isWhole(open) ? [{ op: '=', version: open.floor }] : until(lastOf)(open)
}

const terms: Readonly<Record<string, (open: OpenVersion) => Comparator[] | null>> = {
  '': equal,
  '=': equal,
  '^': until((numbers) => {
    const first = numbers.findIndex((number) => number > 0)
    return first === -1 ? lastOf(numbers) : first
  }),
  '~': until((numbers) => Math.min(1, lastOf(numbers))),
  '>=': (open) => (isAnything(open) ? [] : [{ op: '>=', version: open.floor }]),
  '<': (open) => (isAnything(open) ? null : [{ op: '<', version: open.floor }]),
  '>': (open) => {
    if (isAnything(open)) return null
    return isWhole(open) ? [{ op: '>', version: open.floor }] : [{ op: '>=', version: pastAll(open) }]
  },
  '<=': (open) => {
    if (isAnything(open)) return []
    return isWhole(open) ? [{ op: '<=', version: open.floor }] : [{ op: '<', version: pastAll(open) }]
  },
}
