import type { StoredRule } from '@/lib/control/views'
import type { Rule } from '@/lib/evaluation/types'

/** The rules as they are published: without those that are disabled, and without what only people read. */
export const publishedRules = (rules: readonly StoredRule[]): Rule[] =>
  rules.filter(({ disabled }) => !disabled).map(({ disabled: _, comment: __, ...rule }) => rule)

/**
 * The rules of an older config, put where `now` stands. Configs have neither comments nor disabled rules, so those of
 * now stay: a comment with its rule, a disabled rule behind the one that it stands behind.
 */
export function restoredRules(then: readonly Rule[], now: readonly StoredRule[]): StoredRule[] {
  const known = new Map(now.map((rule) => [rule.id, rule]))
  const restored = then.map((rule): StoredRule => {
    const comment = known.get(rule.id)?.comment
    return comment === undefined ? rule : { ...rule, comment }
  })
  const place = (id: string | undefined) => restored.findIndex((rule) => rule.id === id)
  for (const [index, rule] of now.entries()) {
    if (!rule.disabled || place(rule.id) !== -1) continue
    const before = now.slice(0, index).findLast(({ id }) => place(id) !== -1)
    restored.splice(place(before?.id) + 1, 0, rule)
  }
  return restored
}
