import type { Condition, WireFlag } from './types'

/** The segments that a flag names itself, each once, in the order of its rules. */
export function segmentsOfFlag({ rules = [] }: Pick<WireFlag, 'rules'>): readonly string[] {
  return segmentsNamed(rules.map(({ when }) => when))
}

/** The segments that some conditions name, each once, in order. */
export function segmentsNamed(conditions: readonly Condition[]): readonly string[] {
  const found = new Set<string>()
  const visit = (condition: Condition): void => {
    if ('segment' in condition) found.add(condition.segment)
    else if ('all' in condition) condition.all.forEach(visit)
    else if ('any' in condition) condition.any.forEach(visit)
    else if ('not' in condition) visit(condition.not)
  }
  conditions.forEach(visit)
  return [...found]
}
