import { leavesOf } from '@/app/_components/targeting/conditions'
import type { FlagView } from '@/lib/control/views'

/** What the editor suggests: attributes that applications have sent, and those that this flag's rules ask for, anywhere. */
export function attributesOf(flag: FlagView, sent: readonly string[]): string[] {
  const leaves = Object.values(flag.environments).flatMap(({ rules }) =>
    rules.flatMap((rule) => leavesOf(rule.when)),
  )
  const asked = leaves.map((leaf) => ('attribute' in leaf ? leaf.attribute : ''))
  return [...new Set(['targetingKey', ...sent, ...asked])].filter(Boolean).sort()
}
