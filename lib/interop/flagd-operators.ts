import { isRecord } from '../evaluation/records'
import { parseRange, type Version } from '../evaluation/semver'
import type { JsonValue } from '../evaluation/types'
import { isMissing, isNumber, isSet, isText, primitive } from './flagd-guards'
import { allOf, anyOf, isIn, type Logic, not } from './logic'

/** An operator on an attribute that may be missing and of any type: false for both, after `negate` too. */
type Writer = (attribute: Logic, values: readonly JsonValue[], negate: boolean) => Logic

const comparison = (operator: string): Writer =>
  guarded(isNumber, (attribute, values) => ({ [operator]: [attribute, values[0]!] }))

/** What flagd says exactly as the engine does. */
export const writers: Readonly<Record<string, Writer>> = {
  is_one_of: (attribute, values, negate) =>
    negate ? not(isIn(primitive(attribute), [null, ...values])) : isIn(attribute, values),
  is_set: (attribute, _values, negate) => (negate ? false : isSet(attribute)),
  is_not_set: (attribute, _values, negate) => (negate ? isSet(attribute) : isMissing(attribute)),
  contains: guarded(isText, (attribute, values) => anyOf(values.map((value) => contains(attribute, value)))),
  starts_with: text('starts_with'),
  ends_with: text('ends_with'),
  eq: (attribute, values, negate) =>
    negate
      ? allOf([isNumber(attribute), { '!==': [attribute, values[0]!] }])
      : { '===': [attribute, values[0]!] },
  lt: comparison('<'),
  lte: comparison('<='),
  gt: comparison('>'),
  gte: comparison('>='),
  between: guarded(isNumber, (attribute, [low, high]) => ({ '<=': [low!, attribute, high!] })),
  semver_eq: version('=', '!='),
  semver_lt: version('<', '>='),
  semver_lte: version('<=', '>'),
  semver_gt: version('>', '<='),
  semver_gte: version('>=', '<'),
  semver_in_range: versionRange,
}

/** Why flagd cannot say what an operator says. */
export const unwritable: Readonly<Record<string, string>> = {
  matches: 'flagd has no regular expressions',
  before: 'flagd cannot read RFC 3339 times',
  after: 'flagd cannot read RFC 3339 times',
  within_last: 'flagd cannot read RFC 3339 times',
  older_than: 'flagd cannot read RFC 3339 times',
  has_any: 'flagd fails where it meets no list',
  has_all: 'flagd fails where it meets no list',
  has_none: 'flagd fails where it meets no list',
  ip_in_cidr: 'flagd knows no networks',
}

/** Whether flagd-core would round a number in a version that an operator compares with. */
export function isRounded(op: string, values: readonly JsonValue[]): boolean {
  const numbers = values.flatMap((value) => String(value).match(/\d+/g) ?? [])
  return op.startsWith('semver_') && numbers.some((number) => !Number.isSafeInteger(Number(number)))
}

function guarded(
  isOfType: (attribute: Logic) => Logic,
  test: (attribute: Logic, values: readonly JsonValue[]) => Logic,
): Writer {
  return (attribute, values, negate) => {
    const passes = test(attribute, values)
    return allOf([isOfType(attribute), negate ? not(passes) : passes])
  }
}

function text(operator: 'starts_with' | 'ends_with'): Writer {
  const passes = (attribute: Logic, values: readonly JsonValue[]) =>
    anyOf(values.map((value) => ({ [operator]: [attribute, value] })))
  const denied = guarded(isText, passes)
  return (attribute, values, negate) => (negate ? denied(attribute, values, true) : passes(attribute, values)) // these two answer null to what is no string
}

/** Every string contains the empty one; flagd-core takes an empty attribute for a list. */
function contains(attribute: Logic, value: JsonValue): Logic {
  return value === '' || { in: [value, attribute] }
}

function version(operator: string, opposite: string): Writer {
  return (attribute, [value], negate) =>
    allOf([
      isText(attribute),
      startsLikeVersion(attribute),
      onVariable(attribute, (variable) => ({
        sem_ver: [variable, negate ? opposite : operator, fullVersion(String(value))],
      })),
    ])
}

const LOWEST_VERSION = '0.0.0-0'

/** A range is comparisons; that the text is a version at all is one more, or the negation would hold for any text. */
function versionRange(attribute: Logic, values: readonly JsonValue[], negate: boolean): Logic {
  const compared = (operator: string, limit: string) =>
    onVariable(attribute, (variable) => ({ sem_ver: [variable, operator, limit] }))
  const alternatives = values.flatMap((value) => parseRange(String(value))!)
  const passes = anyOf(
    alternatives.map((comparators) =>
      allOf(comparators.map(({ op, version }) => compared(op, versionText(version)))),
    ),
  )
  const isVersion = compared('>=', LOWEST_VERSION)
  return allOf([isText(attribute), startsLikeVersion(attribute), isVersion, negate ? not(passes) : passes])
}

function versionText({ major, minor, patch, prerelease }: Version): string {
  return [`${major}.${minor}.${patch}`, ...(prerelease.length > 0 ? [prerelease.join('.')] : [])].join('-')
}

/** The schema of flagd lets `sem_ver` compare a `var`, so that the choice between two of them comes first. */
export function onVariable(attribute: Logic, test: (variable: Logic) => Logic): Logic {
  if (!isRecord(attribute) || !Array.isArray(attribute.if)) return test(attribute)
  const [isMissing, path, whole] = attribute.if
  return { if: [isMissing, test(path), test(whole)] }
}

/** flagd also reads `V1.2.3`, `vv1.2.3` and leading white space; to the engine these are no versions. */
export function startsLikeVersion(attribute: Logic): Logic {
  return anyOf([{ '<=': ['0', attribute, ':'] }, { '<=': ['v0', attribute, 'v:'] }]) // ":" follows "9"
}

/** The schema of flagd wants all three numbers on the side of the rule. */
function fullVersion(value: string): string {
  const plain = value.replace(/^v/, '')
  return /^\d+(\.\d+)?$/.test(plain) ? `${plain}${plain.includes('.') ? '' : '.0'}.0` : plain
}
