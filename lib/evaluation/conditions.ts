import { readAttribute, readKey } from './attributes'
import { isMember } from './membership'
import { testOf } from './operators'
import { type Scope, traceable } from './scope'
import type { AttributeCondition, Condition } from './types'

export function holds(condition: Condition, scope: Scope): boolean {
  if ('attribute' in condition) return attributeHolds(condition, scope)
  if ('segment' in condition) return segmentHolds(condition.segment, condition.negate === true, scope)
  if ('all' in condition) return allHold(condition.all, scope)
  if ('any' in condition) return anyHolds(condition.any, scope)
  return !holds(condition.not, scope)
}

function allHold(conditions: readonly Condition[], scope: Scope): boolean {
  for (const condition of conditions) if (!holds(condition, scope)) return false
  return true
}

function anyHolds(conditions: readonly Condition[], scope: Scope): boolean {
  for (const condition of conditions) if (holds(condition, scope)) return true
  return false
}

/** An attribute of a type that the operator does not compare fails either way: its test says `undefined`. */
function attributeHolds(condition: AttributeCondition, scope: Scope): boolean {
  const { attribute, op, values } = condition
  const negate = condition.negate === true
  const actual = readAttribute(scope.context, attribute)
  const passes =
    actual === undefined ? op === 'is_not_set' && !negate : testOf(condition)(actual, scope.now) === !negate
  scope.trace?.push({
    step: 'condition',
    attribute,
    op,
    values,
    negate,
    actual: traceable(actual),
    holds: passes,
  })
  return passes
}

function segmentHolds(segment: string, negate: boolean, scope: Scope): boolean {
  const passes = isInSegment(segment, scope) !== negate
  scope.trace?.push({ step: 'segment', segment, negate, holds: passes })
  return passes
}

function isInSegment(key: string, scope: Scope): boolean {
  const segment = scope.world.segment(key)?.value
  if (!segment) return false
  const id = readKey(scope.context, segment.by)
  if (id !== undefined && isMember(segment.excluded)(id)) return false
  return (id !== undefined && isMember(segment.included)(id)) || anyHolds(segment.any, scope)
}
