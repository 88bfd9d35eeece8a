import { leavesOf } from '@/app/_components/targeting/conditions'
import type { FlagView } from '@/lib/control/views'

/** Attributes that this flag's rules already ask for, anywhere: what the editor suggests. */
export function attributesOf(flag: FlagView): string[] {
  const leaves = Object.values(flag.environments).flatMap(({ rules }) =>
    rules.flatMap((rule) => leavesOf(rule.when)),
  )
  const seen = leaves.map((leaf) => ('attribute' in leaf ? leaf.attribute : ''))
  return [...new Set(['targetingKey', ...seen])].filter(Boolean).sort()
}
