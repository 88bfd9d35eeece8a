import { own } from '../evaluation/records'
import type { AttributeCondition, Condition } from '../evaluation/types'
import { attributeLogic } from './flagd-attributes'
import { isIdIn } from './flagd-guards'
import { isRounded, unwritable, writers } from './flagd-operators'
import { cannot, type Draft, draft, type Export, type Scope } from './flagd-scope'
import { allOf, anyOf, isWithin, type Logic, not } from './logic'

export function conditionLogic(condition: Condition, scope: Scope): Logic {
  if ('attribute' in condition) return comparisonLogic(condition, scope)
  if ('segment' in condition) return membershipLogic(condition.segment, condition.negate === true, scope)
  if ('all' in condition) return allOf(condition.all.map((inner) => conditionLogic(inner, scope)))
  if ('any' in condition) return anyOf(condition.any.map((inner) => conditionLogic(inner, scope)))
  return not(conditionLogic(condition.not, scope))
}

export function readLogic(attribute: string, scope: Scope): Logic {
  return (
    attributeLogic(attribute) ??
    cannot(scope, 'attribute', `flagd reads the attribute "${attribute}" otherwise: rename it`)
  )
}

export function segmentDraft(key: string, whole: Export): Draft {
  let found = whole.segments.get(key)
  if (!found) {
    found = draft(whole, (scope) => bounded(segmentLogic(key, scope), scope))
    whole.segments.set(key, found)
  }
  return found
}

function comparisonLogic(condition: AttributeCondition, scope: Scope): Logic {
  const { attribute, op, values, ignoreCase, negate = false } = condition
  const write = own(writers, op)
  if (!write) return cannot(scope, op, own(unwritable, op) ?? `flagd has nothing like "${op}"`)
  if (ignoreCase) return cannot(scope, 'ignoreCase', 'flagd compares text by case')
  if (isRounded(op, values))
    return cannot(scope, 'version', `flagd rounds numbers past 2^53 in ${values.join(', ')}`)
  return write(readLogic(attribute, scope), values, negate)
}

function membershipLogic(segment: string, negate: boolean, scope: Scope): Logic {
  const { logic, faults } = segmentDraft(segment, scope)
  for (const { form, detail } of faults) cannot(scope, form, `segment "${segment}": ${detail}`)
  const member = typeof logic !== 'boolean' && scope.isShared(segment) ? { $ref: segment } : logic
  return negate ? not(member) : member
}

/** A segment inside a segment is written out: flagd does not promise to follow a `$ref` inside `$evaluators`. */
function segmentLogic(key: string, scope: Scope): Logic {
  const { by, included, excluded, any } = own(scope.config.segments, key)!
  const inner: Scope = { ...scope, isShared: () => false }
  const id = readLogic(by, inner)
  const holds = any.map((condition) => conditionLogic(condition, inner))
  return allOf([not(isIdIn(id, excluded)), anyOf([isIdIn(id, included), ...holds])])
}

const MOST_VALUES = 250_000 // a segment with two full lists has 200,000; segments inside segments multiply

export function bounded(logic: Logic, scope: Scope): Logic {
  return isWithin(logic, MOST_VALUES)
    ? logic
    : cannot(scope, 'size', `more than ${MOST_VALUES} values once written out for flagd`)
}
