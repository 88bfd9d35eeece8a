import type { Targeting, TargetingView } from '@/lib/control/views'

/** What of a view PUT takes. */
export function targetingOf(view: TargetingView): Targeting {
  const { on, offVariant, prerequisites, targets, rules, fallthrough } = view
  return { on, offVariant, prerequisites, targets, rules, fallthrough }
}
