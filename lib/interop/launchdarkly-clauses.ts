import type { Condition, JsonValue, Operator } from '../evaluation/types'
import { child, type Node } from './import-node'
import { all, any, Inexpressible } from './import-plan'

const OPERATORS: Readonly<Record<string, Operator>> = {
  in: 'is_one_of',
  contains: 'contains',
  startsWith: 'starts_with',
  endsWith: 'ends_with',
  matches: 'matches',
  lessThan: 'lt',
  lessThanOrEqual: 'lte',
  greaterThan: 'gt',
  greaterThanOrEqual: 'gte',
  before: 'before',
  after: 'after',
  semVerEqual: 'semver_eq',
  semVerLessThan: 'semver_lt',
  semVerGreaterThan: 'semver_gt',
}

/** Those that take any number of values; the others take one. */
const OF_MANY: ReadonlySet<Operator> = new Set([
  'is_one_of',
  'contains',
  'starts_with',
  'ends_with',
  'matches',
])

/**
 * Where an attribute of a kind of context is expected: those of a user are the context's own. A reference may be a path,
 * `/address/city`; where no kind is named, it is the plain name that it was before there were kinds.
 */
export function attributeOf(kind: unknown, reference: unknown, path: string): string {
  if (typeof reference !== 'string' || reference === '')
    throw new Inexpressible(path, 'the attribute must be named')
  const isPlain = kind === undefined || kind === null
  const isPath = !isPlain && reference.startsWith('/')
  const name = isPath ? reference.slice(1).split('/').map(unescaped).join('.') : reference
  if (isPlain || kind === 'user') return name === 'key' ? 'targetingKey' : name
  if (typeof kind !== 'string') throw new Inexpressible(path, 'the kind of context must be named')
  return `${kind}.${name}`
}

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

const listOf = (node: Node): readonly JsonValue[] => (Array.isArray(node.input) ? node.input : [])

/** A clause as a condition. Of several values one is enough; a missing attribute is never a match, negated or not. */
function readClause(node: Node, segments: ReadonlySet<string>): Condition {
  const at = (name: string) => child(node, name)
  const op = at('op').input
  const negate = at('negate').input === true
  const values = listOf(at('values'))
  if (op === 'segmentMatch') return inSegments(values, negate, segments, node)
  const known = typeof op === 'string' && Object.hasOwn(OPERATORS, op) ? OPERATORS[op] : undefined
  if (!known) throw new Inexpressible(at('op').path, `there is nothing like the operator "${op}"`)
  if (at('attribute').input === 'kind')
    throw new Inexpressible(at('attribute').path, 'it asks which kinds of context there are')
  const attribute = attributeOf(at('contextKind').input, at('attribute').input, at('attribute').path)
  const leaf = (some: readonly JsonValue[]): Condition => ({
    attribute,
    op: known,
    values: some,
    ...(negate && { negate }),
  })
  if (OF_MANY.has(known)) return leaf(values)
  const each = values.map((value) => leaf([value]))
  return negate ? all(each) : any(each)
}

function inSegments(
  values: readonly JsonValue[],
  negate: boolean,
  segments: ReadonlySet<string>,
  { path }: Node,
): Condition {
  const named = values.map((segment): Condition => {
    if (typeof segment !== 'string' || !segments.has(segment))
      throw new Inexpressible(path, `it names the segment "${segment}", which is not in what was given`)
    return { segment, ...(negate && { negate }) }
  })
  return negate ? all(named) : any(named)
}

/** All of a rule's clauses must hold. */
export function readClauses(node: Node, segments: ReadonlySet<string>): Condition {
  return all(listOf(node).map((_, i) => readClause(child(node, i), segments)))
}
