import type { Condition, WireFlag } from './types'

/** The segments that a flag names itself, each once, in the order of its rules. */
export function segmentsOfFlag({ rules = [] }: Pick<WireFlag, 'rules'>): readonly string[] {
  return segmentsNamed(rules.map(({ when }) => when))
}

/** The segments that some conditions name, each once, in order. */
export function segmentsNamed(conditions: readonly Condition[]): readonly string[] {
  return namedIn(conditions, (leaf) => ('segment' in leaf ? leaf.segment : null))
}

/** The attributes that some conditions compare, each once, in order. */
export function attributesNamed(conditions: readonly Condition[]): readonly string[] {
  return namedIn(conditions, (leaf) => ('attribute' in leaf ? leaf.attribute : null))
}

function namedIn(
  conditions: readonly Condition[],
  nameOf: (leaf: Condition) => string | null,
): readonly string[] {
  const found = new Set<string>()
  const visit = (condition: Condition): void => {
    const name = nameOf(condition)
    if (name !== null) found.add(name)
    else if ('all' in condition) condition.all.forEach(visit)
    else if ('any' in condition) condition.any.forEach(visit)
    else if ('not' in condition) visit(condition.not)
  }
  conditions.forEach(visit)
  return [...found]
}
