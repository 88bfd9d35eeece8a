import type { FlagView } from '@/lib/control/views'
import type { Condition } from '@/lib/evaluation/types'

function named(condition: Condition): string[] {
  if ('attribute' in condition) return [condition.attribute]
  if ('all' in condition) return condition.all.flatMap(named)
  if ('any' in condition) return condition.any.flatMap(named)
  return 'not' in condition ? named(condition.not) : []
}

/** Attributes that this flag's rules already ask for, anywhere: what the editor suggests. */
export function attributesOf(flag: FlagView): string[] {
  const seen = Object.values(flag.environments).flatMap(({ rules }) =>
    rules.flatMap((rule) => named(rule.when)),
  )
  return [...new Set(['targetingKey', ...seen])].filter(Boolean).sort()
}
