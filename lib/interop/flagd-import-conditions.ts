import { key as keyCheck } from '../evaluation/flag-shape'
import { isRecord, own } from '../evaluation/records'
import type { Condition } from '../evaluation/types'
import { sameJson } from '../evaluation/values'
import { attributeLogic } from './flagd-attributes'
import { withoutGuard, withoutRepetition } from './flagd-import-guards'
import { attributeOf } from './flagd-import-operands'
import { readers } from './flagd-import-operators'
import {
  ALWAYS,
  add,
  type ImportScope,
  NEVER,
  operation,
  refuse,
  type SegmentDraft,
  spend,
} from './flagd-import-scope'
import { onVariable, startsLikeVersion } from './flagd-operators'
import { child, type Node } from './import-node'
import type { Logic } from './logic'

const MOST_REFERENCES = 20 // evaluators inside evaluators

/** An expression where flagd asks whether it is true. */
export function readCondition(node: Node, scope: ImportScope): Condition {
  if (!spend(scope)) return refuse(scope, root(scope, node), 'it is too large to import: split it up')
  if (typeof node.input === 'boolean') return node.input ? ALWAYS : NEVER
  const found = operation(node)
  if (!found) return refuse(scope, node, 'this is no condition')
  const { operator, operands } = found
  const read = own(GROUPS, operator)
  if (read) return read(operands, node, scope)
  return (
    own(readers, operator)?.(operands, node, scope) ??
    refuse(scope, node, `no condition is like this "${operator}"`)
  )
}

/** The evaluator that an expression refers to; null where it refers to none that there is, or round in a circle. */
export function referenceOf(
  node: Node,
  scope: ImportScope,
): { name: string; node: Node; scope: ImportScope } | null {
  const name = operation(node)?.operands[0]?.input
  if (
    typeof name !== 'string' ||
    !isRecord(scope.evaluators.input) ||
    !Object.hasOwn(scope.evaluators.input, name)
  ) {
    refuse(scope, node, `there is no evaluator ${JSON.stringify(name)} under $evaluators`)
    return null
  }
  scope.referred.add(name)
  if (scope.trail.includes(name)) {
    refuse(scope, node, `evaluators refer to each other in a circle: ${[...scope.trail, name].join(' -> ')}`)
    return null
  }
  if (scope.trail.length === MOST_REFERENCES) {
    refuse(scope, node, `more than ${MOST_REFERENCES} evaluators refer to each other in a row`)
    return null
  }
  return { name, node: child(scope.evaluators, name), scope: { ...scope, trail: [...scope.trail, name] } }
}

/** What an evaluator would be as a segment. Read once, whoever refers to it. */
export function segmentDraft(name: string, node: Node, scope: ImportScope): SegmentDraft {
  let found = scope.segments.get(name)
  if (!found) {
    const faults: SegmentDraft['faults'][number][] = []
    const inexact: typeof faults = []
    const condition = readCondition(node, { ...scope, flagKey: null, faults, inexact })
    found = { condition, faults, inexact }
    scope.segments.set(name, found)
  }
  return found
}

type Reader = (operands: readonly Node[], node: Node, scope: ImportScope) => Condition

const GROUPS: Readonly<Record<string, Reader>> = {
  and: (operands, _node, scope) => all(conjuncts(operands).map((operand) => readCondition(operand, scope))),
  or: (operands, _node, scope) => any(operands.map((operand) => readCondition(operand, scope))),
  '!': (operands, node, scope) => not(readSole(operands, node, scope)),
  '!!': (operands, node, scope) => readSole(operands, node, scope),
  if: (operands, node, scope) =>
    versionOfEither(operands, node) !== null
      ? readCondition(operands[1]!, scope)
      : refuse(scope, node, 'an "if" inside a condition cannot be imported: write it with "and" and "or"'),
  $ref: (_operands, node, scope) => readReference(node, scope),
}

export function all(conditions: readonly Condition[]): Condition {
  const flat = conditions.flatMap((condition) => ('all' in condition ? condition.all : [condition]))
  return flat.length === 1 ? flat[0]! : (withoutGuard(flat) ?? { all: flat })
}

export function any(conditions: readonly Condition[]): Condition {
  const flat = withoutRepetition(
    conditions.flatMap((condition) => ('any' in condition ? condition.any : [condition])),
  )
  return flat.length === 1 ? flat[0]! : { any: flat }
}

function not(condition: Condition): Condition {
  if ('segment' in condition) return { ...condition, negate: condition.negate !== true }
  return 'not' in condition ? condition.not : { not: condition }
}

function readSole(operands: readonly Node[], node: Node, scope: ImportScope): Condition {
  return operands.length === 1
    ? readCondition(operands[0]!, scope)
    : refuse(scope, node, 'it takes one operand')
}

/** A condition that is shared becomes a segment: that is what it is in flagd, written once and edited once. */
function readReference(node: Node, scope: ImportScope): Condition {
  const reference = referenceOf(node, scope)
  if (!reference) return NEVER
  const { condition, faults, inexact } = segmentDraft(reference.name, reference.node, reference.scope)
  for (const fault of faults) add(scope.faults, fault)
  for (const finding of inexact) add(scope.inexact, finding)
  return keyCheck(reference.name) === null ? { segment: reference.name } : condition
}

/** The operands of an `and`, without what the export asks before `sem_ver`: the operators for versions imply it. */
export function conjuncts(operands: readonly Node[]): readonly Node[] {
  return operands.filter((operand, i) => {
    const asked = versionStartOf(operand)
    return asked === null || asked !== versionOf(operands[i + 1])
  })
}

function versionStartOf(node: Node): string | null {
  const between = operation(node)?.operands[0]
  const value = between && operation(between)?.operands[1]
  const attribute = value ? attributeOf(value) : null
  return attribute !== null && sameJson(node.input, startsLikeVersion(attributeLogic(attribute)))
    ? attribute
    : null
}

function versionOf(node: Node | undefined): string | null {
  const { operator = '', operands = [] } = (node && operation(node)) ?? {}
  if (operator === 'sem_ver' && operands[0]) return attributeOf(operands[0])
  return operator === 'if' ? versionOfEither(operands, node!) : null
}

/** How the export compares the version in an attribute whose name has dots. */
function versionOfEither([, path]: readonly Node[], node: Node): string | null {
  const { operator = '', operands = [] } = (path && operation(path)) ?? {}
  const name = operands[0] ? attributeOf(operands[0]) : null
  if (operator !== 'sem_ver' || name === null) return null
  const others = operands.slice(1).map(({ input }) => input as Logic)
  const written = onVariable(attributeLogic(name), (variable) => ({ sem_ver: [variable, ...others] }))
  return sameJson(node.input, written) ? name : null
}

function root(scope: ImportScope, node: Node): Node {
  return scope.flagKey === null ? node : child({ input: null, path: '$.flags' }, scope.flagKey)
}
