import type { AttributeCondition, Condition, JsonValue, Operator } from '../evaluation/types'
import { attributeOf, isListOf, isNumber, isPrimitive, primitiveOf, textOf } from './flagd-import-operands'
import { add, type ImportScope } from './flagd-import-scope'
import type { Node } from './import-node'

/** An operator over an attribute and constants; null where the operands are of another kind. */
type Reader = (operands: readonly Node[], node: Node, scope: ImportScope) => Condition | null

export const readers: Readonly<Record<string, Reader>> = {
  '==': equality({ negate: false, isLoose: true }),
  '===': equality({ negate: false, isLoose: false }),
  '!=': equality({ negate: true, isLoose: true }),
  '!==': equality({ negate: true, isLoose: false }),
  '<': comparison('lt', 'gt', (a, b) => a < b),
  '<=': comparison('lte', 'gte', (a, b) => a <= b),
  '>': comparison('gt', 'lt', (a, b) => a > b),
  '>=': comparison('gte', 'lte', (a, b) => a >= b),
  in: membership,
  starts_with: text('starts_with'),
  ends_with: text('ends_with'),
  sem_ver: version,
  var: truth,
}

function leaf(attribute: string, op: Operator, values: readonly JsonValue[] = []): AttributeCondition {
  return { attribute, op, values }
}

function equality({ negate, isLoose }: { negate: boolean; isLoose: boolean }): Reader {
  return ([left, right, ...more], { path }, scope) => {
    if (!left || !right || more.length > 0) return null
    const [attribute, constant] =
      attributeOf(left) === null ? [attributeOf(right), left] : [attributeOf(left), right]
    if (attribute === null) return null
    const { input } = constant
    if (input === null) return leaf(attribute, negate ? 'is_set' : 'is_not_set')
    if (!isPrimitive(input)) return null
    if (isLoose && (input === 0 || input === false))
      add(scope.inexact, { path, reason: `a missing "${attribute}" is not equal to ${input} here` })
    const equal = leaf(attribute, 'is_one_of', [input])
    return negate ? { not: equal } : equal // a missing attribute is unequal in flagd
  }
}

function comparison(op: Operator, mirrored: Operator, holds: (a: number, b: number) => boolean): Reader {
  return (operands) => {
    const [first, second, third, ...more] = operands
    if (!first || !second || more.length > 0) return null
    if (third) return between(first, second, third, op, mirrored, holds)
    const [left, right] = [attributeOf(first), attributeOf(second)]
    if (left !== null && isNumber(second.input))
      return orMissing(leaf(left, op, [second.input]), holds(0, second.input))
    if (right !== null && isNumber(first.input))
      return orMissing(leaf(right, mirrored, [first.input]), holds(first.input, 0))
    return null
  }
}

function between(
  low: Node,
  middle: Node,
  high: Node,
  op: Operator,
  mirrored: Operator,
  holds: (a: number, b: number) => boolean,
): Condition | null {
  const attribute = attributeOf(middle)
  if (attribute === null || !isNumber(low.input) || !isNumber(high.input)) return null
  if (op === 'lte' && low.input <= high.input) {
    const within = leaf(attribute, 'between', [low.input, high.input])
    return orMissing(within, holds(low.input, 0) && holds(0, high.input))
  }
  const inside = { all: [leaf(attribute, mirrored, [low.input]), leaf(attribute, op, [high.input])] }
  return orMissing(inside, holds(low.input, 0) && holds(0, high.input))
}

/** flagd compares a missing attribute as 0. */
function orMissing(condition: Condition, holdsForZero: boolean): Condition {
  if (!holdsForZero) return condition
  const { attribute } = ('all' in condition ? condition.all[0] : condition) as AttributeCondition
  return { any: [condition, leaf(attribute, 'is_not_set')] }
}

function membership([item, collection, ...more]: readonly Node[]): Condition | null {
  if (!item || !collection || more.length > 0) return null
  const searched = attributeOf(collection)
  if (searched !== null)
    return typeof item.input === 'string' ? leaf(searched, 'contains', [item.input]) : null
  if (!isListOf(collection.input, isPrimitiveOrNull)) return null
  return (
    listed(attributeOf(item), collection.input) ??
    listedPrimitive(primitiveOf(item), collection.input) ??
    listedText(textOf(item), collection.input)
  )
}

function isPrimitiveOrNull(input: unknown): input is string | number | boolean | null {
  return input === null || isPrimitive(input)
}

function oneOf(attribute: string, values: readonly JsonValue[]): Condition {
  return values.length === 0 ? { any: [] } : leaf(attribute, 'is_one_of', values)
}

function listed(attribute: string | null, list: readonly JsonValue[]): Condition | null {
  if (attribute === null) return null
  const found = oneOf(
    attribute,
    list.filter((entry) => entry !== null),
  )
  return list.includes(null) ? { any: [found, leaf(attribute, 'is_not_set')] } : found
}

/** With null in the list, whatever is no primitive is found in it: the opposite of a negated `is_one_of`. */
function listedPrimitive(attribute: string | null, list: readonly JsonValue[]): Condition | null {
  const values = list.filter((entry) => entry !== null)
  if (attribute === null || values.length === 0) return null
  const found = leaf(attribute, 'is_one_of', values)
  return list.includes(null) ? { not: { ...found, negate: true } } : found
}

function listedText(attribute: string | null, list: readonly JsonValue[]): Condition | null {
  if (attribute === null || !list.every((entry) => typeof entry === 'string')) return null
  const numbers = list
    .map(Number)
    .filter((number, i) => String(number) === list[i] && Number.isFinite(number))
  return oneOf(attribute, [...list, ...numbers])
}

function text(op: 'starts_with' | 'ends_with'): Reader {
  return ([subject, wanted, ...more]) => {
    const attribute = subject && attributeOf(subject)
    if (typeof attribute !== 'string' || typeof wanted?.input !== 'string' || more.length > 0) return null
    return leaf(attribute, op, [wanted.input])
  }
}

type VersionReader = (version: string, major: number, minor: number) => Omit<AttributeCondition, 'attribute'>

const compared =
  (op: string, negate = false): VersionReader =>
  (version) => ({ op: op as Operator, values: [version], ...(negate && { negate }) })
const ranged = (range: (major: number, minor: number) => string): VersionReader => {
  const op: string = 'semver_in_range'
  return (_version, major, minor) => ({ op: op as Operator, values: [range(major, minor)] })
}

/** flagd's `^` and `~` ask for the same major, or minor, version: lower ones and prereleases too, unlike those of npm. */
const VERSIONS: Readonly<Record<string, VersionReader>> = {
  '=': compared('semver_eq'),
  '!=': compared('semver_eq', true),
  '<': compared('semver_lt'),
  '<=': compared('semver_lte'),
  '>': compared('semver_gt'),
  '>=': compared('semver_gte'),
  '^': ranged((major) => `>=${major}.0.0-0 <${major + 1}.0.0-0`),
  '~': ranged((major, minor) => `>=${major}.${minor}.0-0 <${major}.${minor + 1}.0-0`),
}

function version([subject, operator, limit, ...more]: readonly Node[]): Condition | null {
  const attribute = subject && attributeOf(subject)
  const parts = typeof limit?.input === 'string' ? /^[vV]?(\d+)(?:\.(\d+))?/.exec(limit.input) : null
  if (typeof attribute !== 'string' || !parts || more.length > 0) return null
  const name = operator!.input
  if (typeof name !== 'string' || !Object.hasOwn(VERSIONS, name)) return null
  const [, major, minor = 0] = parts
  return { attribute, ...VERSIONS[name]!(limit!.input as string, Number(major), Number(minor)) }
}

/** A bare attribute is true unless it is missing, false, 0 or empty. */
function truth(_operands: readonly Node[], node: Node, scope: ImportScope): Condition | null {
  const attribute = attributeOf(node)
  if (attribute === null) return null
  add(scope.inexact, {
    path: node.path,
    reason: `an empty list or object in "${attribute}" counts as true here`,
  })
  return { all: [leaf(attribute, 'is_set'), { not: leaf(attribute, 'is_one_of', [false, 0, '']) }] }
}
