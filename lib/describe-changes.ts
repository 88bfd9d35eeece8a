import type { StoredRule, Targeting } from '@/lib/control/views'
import { describeCondition, describeOff, describeRule, describeServe } from '@/lib/describe'
import type { Target } from '@/lib/evaluation/types'
import { describeWindow } from '@/lib/rule-window'
import { sequenceDiff } from '@/lib/sequence-diff'

export type Change = { kind: 'added' | 'removed' | 'changed' | 'moved'; text: string }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const added = (text: string): Change => ({ kind: 'added', text })
const removed = (text: string): Change => ({ kind: 'removed', text })
const changed = (text: string): Change => ({ kind: 'changed', text })

const label = (rule: StoredRule, index: number) =>
  rule.name ? `Rule ${index + 1} (${rule.name})` : `Rule ${index + 1}`

function changedRule(before: StoredRule, after: StoredRule, index: number): Change[] {
  const who = label(after, index)
  const window = (rule: StoredRule) => describeWindow(rule) || 'at any time'
  return [
    before.name !== after.name && changed(`Rule ${index + 1} is now named “${after.name ?? ''}”`),
    !same(before.when, after.when) &&
      changed(
        `${who} applies if ${describeCondition(after.when)} (was if ${describeCondition(before.when)})`,
      ),
    !same(before.serve, after.serve) &&
      changed(`${who} serves ${describeServe(after.serve)} (was ${describeServe(before.serve)})`),
    window(before) !== window(after) && changed(`${who} holds ${window(after)} (was ${window(before)})`),
    before.disabled !== after.disabled && changed(after.disabled ? `${who} disabled` : `${who} enabled`),
    before.comment !== after.comment &&
      changed(after.comment ? `${who} has the comment “${after.comment}”` : `${who} has no comment any more`),
  ].filter((change) => change !== false)
}

function ruleChanges(before: readonly StoredRule[], after: readonly StoredRule[]): Change[] {
  const old = new Map(before.map((rule, index) => [rule.id, { rule, index }]))
  const kept = new Set(after.map((rule) => rule.id))
  const order = (rules: readonly StoredRule[], other: { has: (id: string) => boolean }) =>
    rules.map((rule) => rule.id).filter((id) => other.has(id))
  const moves = sequenceDiff(order(before, kept), order(after, old))
  const moved = new Set(moves.filter((step) => step.kind === 'added').map((step) => step.item))

  const gone = before.flatMap((rule, index) =>
    kept.has(rule.id) ? [] : [removed(`${label(rule, index)} removed: ${describeRule(rule)}`)],
  )
  const here = after.flatMap((rule, index) => {
    const was = old.get(rule.id)
    if (!was) return [added(`${label(rule, index)} added: ${describeRule(rule)}`)]
    const move: Change[] = moved.has(rule.id)
      ? [{ kind: 'moved', text: `${label(rule, index)} moved here from place ${was.index + 1}` }]
      : []
    return [...move, ...changedRule(was.rule, rule, index)]
  })
  return [...gone, ...here]
}

const ids = (targets: readonly Target[]) =>
  new Map(
    targets.flatMap(({ by, variant, values }) =>
      values.map((value) => [JSON.stringify([by, value]), { by, variant, value }] as const),
    ),
  )

/** Sentences about people, gathered by what they get, so that a pasted list stays one line. */
function targetChanges(before: readonly Target[], after: readonly Target[]): Change[] {
  const [old, now] = [ids(before), ids(after)]
  const gather = (entries: Iterable<{ by: string; variant: string; value: string }>) => {
    const groups = new Map<string, string[]>()
    for (const { by, variant, value } of entries) {
      const who = by === 'targetingKey' ? value : `${by} ${value}`
      groups.set(variant, [...(groups.get(variant) ?? []), who])
    }
    return [...groups]
  }
  const names = (people: string[]) =>
    people.length > 5 ? `${people.slice(0, 5).join(', ')} and ${people.length - 5} more` : people.join(', ')
  const gains = [...now].filter(([id, { variant }]) => old.get(id)?.variant !== variant).map(([, it]) => it)
  const losses = [...old].filter(([id]) => !now.has(id)).map(([, it]) => it)
  return [
    ...gather(gains).map(([variant, people]) => added(`Always ${variant} for ${names(people)}`)),
    ...gather(losses).map(([variant, people]) => removed(`No longer always ${variant} for ${names(people)}`)),
  ]
}

const needs = ({ prerequisites }: Targeting) =>
  prerequisites.map(({ flag, variants }) => `${flag} to serve ${variants.join(' or ')}`).join(', ') ||
  'nothing'

/** What one targeting does that another did not, as sentences that read the same before and after publishing. */
export function describeChanges(before: Targeting, after: Targeting): Change[] {
  return [
    before.on !== after.on && changed(after.on ? 'Turned on' : 'Turned off'),
    before.offVariant !== after.offVariant &&
      changed(`When off, serves ${describeOff(after.offVariant)} (was ${describeOff(before.offVariant)})`),
    !same(before.prerequisites, after.prerequisites) &&
      changed(`Needs ${needs(after)} (was ${needs(before)})`),
    ...targetChanges(before.targets, after.targets),
    ...ruleChanges(before.rules, after.rules),
    !same(before.fallthrough, after.fallthrough) &&
      changed(
        `Otherwise serves ${describeServe(after.fallthrough)} (was ${describeServe(before.fallthrough)})`,
      ),
  ].filter((change) => change !== false)
}
