import type { StoredRule, Targeting } from '@/lib/control/views'

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** What I changed since `base` is mine, everything else is theirs. */
const merged = <T>(base: T, mine: T, theirs: T): T => (same(base, mine) ? theirs : mine)

const ids = (rules: readonly StoredRule[]) => rules.map((rule) => rule.id)
const byId = (rules: readonly StoredRule[]) => new Map(rules.map((rule) => [rule.id, rule]))

/** Their order, unless the order is what I changed. */
function mergedOrder(
  base: readonly StoredRule[],
  mine: readonly StoredRule[],
  theirs: readonly StoredRule[],
): string[] {
  const shared = (rules: readonly StoredRule[], other: readonly StoredRule[]) => {
    const kept = new Set(ids(other))
    return ids(rules).filter((id) => kept.has(id))
  }
  const reordered = !same(shared(base, mine), shared(mine, base))
  const [first, second] = reordered ? [ids(mine), ids(theirs)] : [ids(theirs), ids(mine)]
  const order = [...first]
  for (const [index, id] of second.entries()) {
    if (order.includes(id)) continue
    const before = second[index - 1]
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id)
  }
  return order
}

/** Rule by rule: mine where I touched it, theirs elsewhere. A rule that either side deleted, and the other left alone, is gone. */
function mergedRules(
  base: readonly StoredRule[],
  mine: readonly StoredRule[],
  theirs: readonly StoredRule[],
): StoredRule[] {
  const [old, my, their] = [byId(base), byId(mine), byId(theirs)]
  return mergedOrder(base, mine, theirs).flatMap((id) => {
    const rule = merged(old.get(id), my.get(id), their.get(id))
    return rule ? [rule] : []
  })
}

/** My draft of `base`, on top of what has been published meanwhile. */
export function rebase(base: Targeting, mine: Targeting, theirs: Targeting): Targeting {
  return {
    on: merged(base.on, mine.on, theirs.on),
    offVariant: merged(base.offVariant, mine.offVariant, theirs.offVariant),
    prerequisites: merged(base.prerequisites, mine.prerequisites, theirs.prerequisites),
    targets: merged(base.targets, mine.targets, theirs.targets),
    rules: mergedRules(base.rules, mine.rules, theirs.rules),
    fallthrough: merged(base.fallthrough, mine.fallthrough, theirs.fallthrough),
  }
}
