import type { Condition } from '../evaluation/types'
import { child, type Finding, type Node } from './import-node'

/** What the import of one flag, or of one evaluator, carries along. */
export type ImportScope = {
  /** The flag's key, or null inside `$evaluators`: many flags may refer to those. */
  readonly flagKey: string | null
  readonly evaluators: Node
  /** The evaluators that became segments, or what kept them from it. Shared by all flags. */
  readonly segments: Map<string, SegmentDraft>
  /** The evaluators that any flag refers to. */
  readonly referred: Set<string>
  /** The evaluators being read, outermost first. */
  readonly trail: readonly string[]
  readonly faults: Finding[]
  readonly inexact: Finding[]
  readonly budget: { left: number }
}

export type SegmentDraft = {
  readonly condition: Condition
  readonly faults: readonly Finding[]
  readonly inexact: readonly Finding[]
}

export const NEVER: Condition = { any: [] }
export const ALWAYS: Condition = { all: [] }

/** Notes what cannot be imported. The condition only stands in: a flag with faults is left out. */
export function refuse(scope: ImportScope, { path }: Node, reason: string): Condition {
  add(scope.faults, { path, reason })
  return NEVER
}

const MOST_FINDINGS = 100 // of one flag; more tell nobody more

export function add(findings: Finding[], finding: Finding): void {
  const same = ({ path, reason }: Finding) => path === finding.path && reason === finding.reason
  if (findings.length < MOST_FINDINGS && !findings.some(same)) findings.push(finding)
}

/** The operator of an expression and its operands; null for what is no expression. */
export function operation(
  node: Node,
): { readonly operator: string; readonly operands: readonly Node[] } | null {
  const { input } = node
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
  const [operator, ...others] = Object.keys(input)
  if (operator === undefined || others.length > 0) return null
  const inner = child(node, operator)
  const operands = Array.isArray(inner.input) ? inner.input.map((_, i) => child(inner, i)) : [inner]
  return { operator, operands }
}

/** Takes one step of the work that one flag may cause; false once it is used up. */
export function spend({ budget }: ImportScope): boolean {
  budget.left--
  return budget.left >= 0
}
