import { reader, readOwn } from './attributes'
import type { Test } from './operator-entry'
import { prepareTest } from './operators'
import type { AttributeCondition, Condition, EvaluationContext, Operator } from './types'

/** Which rules of a block, one bit each, can still hold for what a context says of one attribute. */
export type Column = (context: EvaluationContext) => number

type Kind = 'value' | 'number'
type Entry = { readonly bit: number; readonly condition: AttributeCondition; readonly test: Test }

const KINDS: Readonly<Partial<Record<Operator, Kind>>> = {
  is_one_of: 'value',
  eq: 'number',
  lt: 'number',
  lte: 'number',
  gt: 'number',
  gte: 'number',
  between: 'number',
}

const WORTH_IT_FROM = 2 // conditions on an attribute; a single one is tested as fast

/**
 * Takes the conditions of some rules (at most 31) that compare one attribute with constants, and turns them into one
 * column an attribute. `rest` is what is left to test of each rule.
 */
export function columnsOf(rules: readonly (readonly Condition[])[]): {
  readonly columns: readonly Column[]
  readonly rest: readonly (readonly Condition[])[]
} {
  const groups = new Map<string, Entry[]>()
  rules.forEach((conditions, bit) => {
    for (const condition of conditions) {
      const name = columnName(condition)
      if (name === null) continue
      const comparison = condition as AttributeCondition
      const entry = { bit, condition: comparison, test: prepareTest(comparison) }
      const group = groups.get(name)
      if (group) group.push(entry)
      else groups.set(name, [entry])
    }
  })
  for (const [name, group] of groups) if (group.length < WORTH_IT_FROM) groups.delete(name)
  return {
    columns: [...groups.values()].map(compileColumn),
    rest: rules.map((conditions) => conditions.filter((one) => !groups.has(columnName(one) ?? ''))),
  }
}

function columnName(condition: Condition): string | null {
  if (!('attribute' in condition)) return null
  const kind = KINDS[condition.op]
  return kind === undefined ? null : `${kind} ${condition.attribute}`
}

function compileColumn(group: readonly Entry[]): Column {
  const { attribute, op } = group[0]!.condition
  const maskOf = KINDS[op] === 'value' ? valueMasks(group) : numberMasks(group)
  if (attribute.includes('.')) {
    const read = reader(attribute)
    return (context) => maskOf(read(context))
  }
  return (context) => maskOf(readOwn(context, attribute))
}

/** The mask of one attribute value: a cleared bit for each rule with a condition that fails on it. */
function maskFor(group: readonly Entry[], actual: unknown): number {
  let failing = 0
  for (const { bit, condition, test } of group) {
    const wanted = condition.negate !== true
    if (actual === undefined || test(actual, 0) !== wanted) failing |= 1 << bit
  }
  return ~failing
}

function valueMasks(group: readonly Entry[]): (actual: unknown) => number {
  const masks = new Map<unknown, number>()
  for (const { condition } of group)
    for (const value of condition.values) if (!masks.has(value)) masks.set(value, maskFor(group, value))
  const missing = maskFor(group, undefined)
  const other = maskFor(group, unlisted(masks))
  return (actual) => {
    const mask = masks.get(actual)
    if (mask !== undefined) return mask
    const comparable = typeof actual === 'string' || typeof actual === 'boolean' || Number.isFinite(actual)
    return comparable ? other : missing
  }
}

/** A text that is none of the values. */
function unlisted(masks: ReadonlyMap<unknown, number>): string {
  let text = ''
  while (masks.has(text)) text += '-'
  return text
}

/** Thresholds cut the numbers into points and the stretches between them; each has one mask. */
function numberMasks(group: readonly Entry[]): (actual: unknown) => number {
  const values = group.flatMap(({ condition }) => condition.values as readonly number[])
  const thresholds = [...new Set(values)].sort((a, b) => a - b) // in a Set -0 and 0 are one
  const at = thresholds.map((threshold) => maskFor(group, threshold))
  const below = thresholds.map((threshold, i) => {
    return maskFor(group, between(thresholds[i - 1] ?? -Number.MAX_VALUE, threshold))
  })
  const above = maskFor(group, Number.MAX_VALUE)
  const missing = maskFor(group, undefined)
  return (actual) => {
    if (typeof actual !== 'number' || !Number.isFinite(actual)) return missing
    let low = 0
    let high = thresholds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (thresholds[middle]! < actual) low = middle + 1
      else high = middle
    }
    if (low === thresholds.length) return above
    return thresholds[low] === actual ? at[low]! : below[low]!
  }
}

/** A number between two others, of any size. Where there is none, the mask made of it is never looked up. */
function between(low: number, high: number): number {
  return low / 2 + high / 2
}
