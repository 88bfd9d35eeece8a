import { parseTimestamp } from '../evaluation/timestamps'
import type { Condition } from '../evaluation/types'
import { conjuncts, readCondition, referenceOf, segmentDraft } from './flagd-import-conditions'
import { type Fraction, readFraction, shareOf, totalOf } from './flagd-import-fractional'
import { isTimestamp } from './flagd-import-operands'
import { add, type ImportScope, operation, refuse, spend } from './flagd-import-scope'
import type { Node } from './import-node'

export type Gate = {
  readonly by: string
  readonly salt: string
  readonly share: number
  readonly path: string
}

/** What must hold for a step to serve. */
export type Clause =
  | { readonly condition: Condition }
  | { readonly from: number }
  | { readonly until: number }
  | { readonly gate: Gate }

/** The decision of a flag as a list: the first step whose clauses hold serves. `null`: the default variant. */
export type Step = {
  readonly clauses: readonly Clause[]
  readonly serve: string | null | Fraction
  readonly node: Node
}

/** An expression whose value is a variant. */
export function readSteps(node: Node, clauses: readonly Clause[], scope: ImportScope): Step[] {
  const { input } = node
  if (!spend(scope)) {
    refuse(scope, node, 'the targeting is too large to import: split it up')
    return []
  }
  if (input === null || input === undefined) return [{ clauses, serve: null, node }]
  if (typeof input === 'string' || typeof input === 'boolean')
    return [{ clauses, serve: String(input), node }]
  const { operator = '', operands = [] } = operation(node) ?? {}
  if (operator === 'if') return readBranches(operands, node, clauses, scope)
  if (operator === 'fractional') {
    const fraction = readFraction(operands, node, scope)
    return fraction ? [{ clauses, serve: fraction, node }] : []
  }
  if (operator === '$ref') {
    const reference = referenceOf(node, scope)
    return reference ? readSteps(reference.node, clauses, reference.scope) : []
  }
  refuse(scope, node, 'a variant is named, or chosen by "if" or "fractional"; nothing else can be imported')
  return []
}

function readBranches(
  operands: readonly Node[],
  node: Node,
  clauses: readonly Clause[],
  scope: ImportScope,
): Step[] {
  const steps: Step[] = []
  for (let i = 0; i + 1 < operands.length; i += 2) {
    const held = [...clauses, ...readClauses(operands[i]!, scope)]
    steps.push(...readSteps(operands[i + 1]!, held, scope))
  }
  const otherwise = operands.length % 2 === 1 ? operands.at(-1)! : { input: null, path: node.path }
  return [...steps, ...readSteps(otherwise, clauses, scope)]
}

/** A condition as clauses: windows and shares have a place of their own in a rule, beside its condition. */
function readClauses(node: Node, scope: ImportScope): Clause[] {
  const found = operation(node)
  if (!found || !hasPlace(node)) return [{ condition: readCondition(node, scope) }]
  const { operator, operands } = found
  if (operator === 'and' && spend(scope))
    return conjuncts(operands).flatMap((operand) => readClauses(operand, scope))
  if (operator === '$ref') return readShared(node, scope)
  const clause = readEdge(operator, operands) ?? readGate(node, scope)
  return clause ? [clause] : [{ condition: readCondition(node, scope) }]
}

/** Whether an expression, or a part of it that has to hold, may be a window or a share. */
function hasPlace(node: Node): boolean {
  const { operator = '', operands = [] } = operation(node) ?? {}
  if (operator === 'and') return operands.some(hasPlace)
  return operator === '$ref' || operands.some((operand) => isTimestamp(operand) || isFractional(operand))
}

function isFractional(node: Node): boolean {
  return operation(node)?.operator === 'fractional'
}

/** An evaluator that makes no segment may still make clauses. */
function readShared(node: Node, scope: ImportScope): Clause[] {
  const reference = referenceOf(node, scope)
  if (!reference) return []
  const { faults } = segmentDraft(reference.name, reference.node, reference.scope)
  if (faults.length > 0) return readClauses(reference.node, reference.scope)
  return [{ condition: readCondition(node, scope) }]
}

const EDGES: Readonly<Record<string, (seconds: number) => Clause>> = {
  '>=': (seconds) => ({ from: seconds }),
  '>': (seconds) => ({ from: seconds + 1 }),
  '<': (seconds) => ({ until: seconds }),
  '<=': (seconds) => ({ until: seconds + 1 }),
}
const MIRRORED: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<': '>', '<=': '>=' }

/** flagd's time is in whole seconds, so that "later than" is "from the next second on". */
function readEdge(operator: string, [left, right, ...more]: readonly Node[]): Clause | null {
  if (!Object.hasOwn(EDGES, operator) || !left || !right || more.length > 0) return null
  if (isTimestamp(left)) return edge(operator, right.input)
  return isTimestamp(right) ? edge(MIRRORED[operator]!, left.input) : null
}

function edge(operator: string, seconds: unknown): Clause | null {
  return Number.isInteger(seconds) && rfc3339((seconds as number) + 1)
    ? EDGES[operator]!(seconds as number)
    : null
}

export function rfc3339(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z')
  return parseTimestamp(text) === null ? null : text
}

/** `fractional` asked for its first part is a share. */
function readGate(node: Node, scope: ImportScope): Clause | null {
  const { operator = '', operands = [] } = operation(node) ?? {}
  const inner = operands[0] && operation(operands[0])
  if (!['==', '==='].includes(operator) || operands.length !== 2 || inner?.operator !== 'fractional')
    return null
  const fraction = readFraction(inner.operands, operands[0]!, scope)
  if (!fraction) return { condition: { any: [] } }
  const [first, ...others] = fraction.parts
  const wanted = operands[1]!.input
  if (!first || first.variant !== wanted || others.some(({ variant }) => variant === wanted)) return null
  const { share, isExact } = shareOf(first.weight, totalOf(fraction))
  if (!isExact) roundedAt(node, share, scope)
  return { gate: { by: fraction.by, salt: fraction.salt, share, path: node.path } }
}

export function roundedAt({ path }: Pick<Node, 'path'>, share: number, scope: ImportScope): void {
  add(scope.inexact, {
    path,
    reason: `the cut is rounded to ${share / 1000} %: some 1 in 100,000 may change variant`,
  })
}
