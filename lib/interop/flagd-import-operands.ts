import type { JsonValue } from '../evaluation/types'
import { sameJson } from '../evaluation/values'
import { attributeLogic } from './flagd-attributes'
import { operation } from './flagd-import-scope'
import type { Node } from './import-node'

/** The name of the attribute that an expression reads, or null where it does something else. */
export function attributeOf(node: Node): string | null {
  const found = operation(node)
  if (found?.operator === 'var') return variableOf(found.operands.map(({ input }) => input))
  return found?.operator === 'if' ? exportedAttribute(node, found.operands) : null
}

function variableOf([name, ofMissing = null, ...more]: readonly unknown[]): string | null {
  if (typeof name !== 'string' || ofMissing !== null || more.length > 0) return null
  return attributeLogic(name) === null ? null : name
}

/** The export reads a name with dots whole first, then as a path. */
function exportedAttribute(node: Node, [, path]: readonly Node[]): string | null {
  const name = path && attributeOf(path)
  return typeof name === 'string' && sameJson(node.input, attributeLogic(name)) ? name : null
}

/** An attribute where it is a string, a number or a boolean, as the export asks for it. */
export function primitiveOf(node: Node): string | null {
  const found = operation(node)
  if (found?.operator !== 'fractional' || found.operands.length !== 2) return null
  const [key, entry] = found.operands as [Node, Node]
  if (!sameJson(key.input, { var: '$flagd.flagKey' })) return null
  if (!Array.isArray(entry.input) || entry.input.length !== 1) return null
  return attributeOf({ input: entry.input[0], path: entry.path })
}

/** An attribute as text, as the export looks for numbers in a list of ids. */
export function textOf(node: Node): string | null {
  const found = operation(node)
  if (found?.operator !== 'cat' || found.operands.length !== 2 || found.operands[0]!.input !== '') return null
  return attributeOf(found.operands[1]!)
}

export type Primitive = string | number | boolean

export function isPrimitive(input: unknown): input is Primitive {
  return typeof input === 'string' || typeof input === 'boolean' || Number.isFinite(input)
}

export function isNumber(input: unknown): input is number {
  return Number.isFinite(input)
}

export function isListOf<T extends JsonValue>(
  input: unknown,
  isEntry: (entry: unknown) => entry is T,
): input is readonly T[] {
  return Array.isArray(input) && input.every(isEntry)
}

export function isTimestamp({ input }: Node): boolean {
  return sameJson(input, { var: '$flagd.timestamp' })
}
