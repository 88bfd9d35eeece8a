import { isOwn, keyReader, peekTargetingKey, reader, TARGETING_KEY } from './attributes'
import type { Holds } from './closures'
import { Comparison } from './comparison'
import { isMember } from './membership'
import { prepareTest } from './operators'
import type { AttributeCondition, Condition, Segment } from './types'

type SegmentTest = (key: string) => Holds

const always: Holds = () => true
const never: Holds = () => false

export function compileCondition(condition: Condition, segment: SegmentTest): Holds {
  if ('attribute' in condition) return compileAttribute(condition)
  if ('segment' in condition) return negated(segment(condition.segment), condition.negate === true)
  if ('any' in condition) return anyOf(condition.any.map((inner) => compileCondition(inner, segment)))
  if ('not' in condition) return negated(compileCondition(condition.not, segment), true)
  return allOf(conjuncts(condition).map((inner) => compileCondition(inner, segment)))
}

export function compileSegment({ by, included, excluded, any }: Segment, segment: SegmentTest): Holds {
  const idOf = keyReader(by)
  const ids = new Set(included)
  const listsOnly = excluded.length === 0 && any.length === 0
  if (listsOnly && by === TARGETING_KEY) {
    return (context) => {
      const id = peekTargetingKey(context)
      return id !== undefined && ids.has(id) && isOwn(context, TARGETING_KEY)
    }
  }
  if (listsOnly) {
    return (context) => {
      const id = idOf(context)
      return id !== undefined && ids.has(id)
    }
  }
  const isExcluded = isMember(excluded)
  const matches = anyOf(any.map((condition) => compileCondition(condition, segment)))
  return (context, now) => {
    const id = idOf(context)
    if (id !== undefined && isExcluded(id)) return false
    return (id !== undefined && ids.has(id)) || matches(context, now)
  }
}

/** The conditions that must hold together, `all` inside `all` laid out flat. */
export function conjuncts(condition: Condition): readonly Condition[] {
  return 'all' in condition ? condition.all.flatMap(conjuncts) : [condition]
}

export function allOf(tests: readonly Holds[]): Holds {
  const [first, second, third] = tests
  if (!first) return always
  if (!second) return first
  if (!third) return (context, now) => first(context, now) && second(context, now)
  if (tests.length === 3)
    return (context, now) => first(context, now) && second(context, now) && third(context, now)
  return (context, now) => {
    for (const holds of tests) if (!holds(context, now)) return false
    return true
  }
}

function anyOf(tests: readonly Holds[]): Holds {
  const [first, second] = tests
  if (!first) return never
  if (!second) return first
  return (context, now) => {
    for (const holds of tests) if (holds(context, now)) return true
    return false
  }
}

function negated(holds: Holds, negate: boolean): Holds {
  return negate ? (context, now) => !holds(context, now) : holds
}

function compileAttribute(condition: AttributeCondition): Holds {
  const comparison = Comparison.of(condition)
  if (comparison) return (context, now) => comparison.passes(context, now)
  const { attribute, op, negate = false } = condition
  const read = reader(attribute)
  if (op === 'is_not_set' && !negate) return (context) => read(context) === undefined
  const test = prepareTest(condition)
  return (context, now) => {
    const actual = read(context)
    return actual !== undefined && test(actual, now) === !negate
  }
}
