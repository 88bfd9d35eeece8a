import type { KillView, StoredRule, Targeting } from '@/lib/control/views'
import type { AttributeCondition, Condition, JsonValue, Operator, Rule, Serve } from '@/lib/evaluation/types'
import { plural } from '@/lib/plural'
import { describeWindow } from '@/lib/rule-window'
import { publishedRules } from '@/lib/stored-rules'

/** All of 100 %, in the steps of 0.001 % that rollouts count in. */
export const WHOLE = 100_000

const NBSP = '\u00a0'
const UNWRITTEN = '…' // a draft may have blanks
const LISTED = 3 // values spelled out before "and 4 more": a sentence stays a sentence

/** 25000 -> "25 %" */
export const percent = (share: number) => `${share / 1000}${NBSP}%`

export const phrases: Record<Operator, { is: string; not: string }> = {
  is_one_of: { is: 'is one of', not: 'is not one of' },
  is_set: { is: 'is set', not: 'is not set' },
  is_not_set: { is: 'is not set', not: 'is set' },
  contains: { is: 'contains', not: 'does not contain' },
  starts_with: { is: 'starts with', not: 'does not start with' },
  ends_with: { is: 'ends with', not: 'does not end with' },
  eq: { is: '=', not: '≠' },
  lt: { is: '<', not: 'is not <' },
  lte: { is: '≤', not: 'is not ≤' },
  gt: { is: '>', not: 'is not >' },
  gte: { is: '≥', not: 'is not ≥' },
  between: { is: 'is between', not: 'is not between' },
  matches: { is: 'matches', not: 'does not match' },
  before: { is: 'is before', not: 'is not before' },
  after: { is: 'is after', not: 'is not after' },
  within_last: { is: 'is within the last', not: 'is not within the last' },
  older_than: { is: 'is older than', not: 'is not older than' },
  semver_eq: { is: 'is version', not: 'is not version' },
  semver_lt: { is: 'is below version', not: 'is not below version' },
  semver_lte: { is: 'is at most version', not: 'is not at most version' },
  semver_gt: { is: 'is above version', not: 'is not above version' },
  semver_gte: { is: 'is at least version', not: 'is not at least version' },
  semver_in_range: { is: 'is in version range', not: 'is not in version range' },
  has_any: { is: 'has any of', not: 'has none of' },
  has_all: { is: 'has all of', not: 'does not have all of' },
  has_none: { is: 'has none of', not: 'has any of' },
  ip_in_cidr: { is: 'is in network', not: 'is not in network' },
}

const spell = (value: JsonValue) => (typeof value === 'string' ? value : JSON.stringify(value))

const units: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' }

/** "7d" -> "7 days" */
function spellDuration(value: JsonValue | undefined): string {
  const [, count, unit] = /^(\d+)([smhdw])$/.exec(String(value)) ?? []
  return unit === undefined ? '' : plural(Number(count), units[unit]!)
}

const spellings: Partial<Record<Operator, (values: readonly JsonValue[]) => string>> = {
  is_set: () => '',
  is_not_set: () => '',
  between: (values) => values.map(spell).join(' and ') || UNWRITTEN,
  within_last: ([value]) => spellDuration(value) || UNWRITTEN,
  older_than: ([value]) => spellDuration(value) || UNWRITTEN,
}

function list(values: readonly JsonValue[]): string {
  const shown = values.slice(0, LISTED).map(spell).join(', ')
  return values.length > LISTED ? `${shown} and ${values.length - LISTED} more` : shown
}

function describeAttribute({ attribute, op, values, negate, ignoreCase }: AttributeCondition): string {
  const { is, not } = phrases[op]
  const phrase = negate ? not : is
  const spelled = spellings[op] ?? ((some: readonly JsonValue[]) => list(some) || UNWRITTEN)
  const words = [
    attribute || UNWRITTEN,
    values.length === 1 ? phrase.replace(/ (one|any|all) of$/, '') : phrase,
    spelled(values),
    ignoreCase ? '(ignoring case)' : '',
  ]
  return words.filter(Boolean).join(' ')
}

/** "plan is one of pro, team and in segment beta" */
export function describeCondition(when: Condition): string {
  if ('all' in when) return when.all.length === 0 ? 'anyone' : when.all.map(grouped).join(' and ')
  if ('any' in when) return when.any.length === 0 ? 'nobody' : when.any.map(grouped).join(' or ')
  if ('not' in when) return `not ${grouped(when.not)}`
  if ('segment' in when) return `${when.negate ? 'not in' : 'in'} segment ${when.segment}`
  return describeAttribute(when)
}

function grouped(when: Condition): string {
  const group = 'all' in when ? when.all : 'any' in when ? when.any : []
  return group.length > 1 ? `(${describeCondition(when)})` : describeCondition(when)
}

/** "treatment to 25 %, the rest continue" */
export function describeServe(serve: Serve): string {
  if ('variant' in serve) return serve.variant
  const { share, split, rest, by } = serve.rollout
  const among = split.map((part) => `${percent(part.weight)} ${part.variant}`).join(', ')
  const of = by && by !== 'targetingKey' ? ` of ${by}` : ''
  if (share === WHOLE) return split.length === 1 ? split[0]!.variant : `${among}${of && ` (by ${by})`}`
  const what = split.length === 1 ? split[0]!.variant : `a split (${among})`
  return `${what} to ${percent(share)}${of}, the rest ${rest === 'continue' ? 'continue' : `get ${rest.variant}`}`
}

/** "If plan is pro → serve treatment to 25 %, the rest continue" */
export function describeRule(rule: StoredRule): string {
  const window = describeWindow(rule)
  return `If ${describeCondition(rule.when)}${window && `, ${window}`} → serve ${describeServe(rule.serve)}${rule.disabled ? ' (disabled)' : ''}`
}

export const describeOff = (offVariant: string | null) => offVariant ?? 'the default in the code'

export type FlagState = 'killed' | 'off' | 'partial' | 'on'

/** One sentence about a flag in one environment: the label carries the state, the detail who gets what. */
export type Status = { state: FlagState; label: string; detail: string }

/** True when each person may get something else: rules, targets or a percentage decide. */
const varies = ({ targets, rules, prerequisites, fallthrough }: Targeting) =>
  targets.length + publishedRules(rules).length + prerequisites.length > 0 || 'rollout' in fallthrough

/** A lone rule, short enough for a table: whoever "continues" is told by the words after "otherwise". */
function describeOnlyRule({ when, serve }: Rule): string {
  const condition = `if ${describeCondition(when)}`
  if ('variant' in serve || serve.rollout.split.length > 1) return `${describeServe(serve)} ${condition}`
  const { share, split, rest } = serve.rollout
  if (share === WHOLE) return `${split[0]!.variant} ${condition}`
  const others = rest === 'continue' ? '' : ` (the rest of them ${rest.variant})`
  return `${percent(share)} get ${split[0]!.variant} ${condition}${others}`
}

function describeFallthrough(serve: Serve): string {
  if ('variant' in serve) return `everyone gets ${serve.variant}`
  const { share, split, rest } = serve.rollout
  const parts = split.map((part) => ({ ...part, weight: Math.round((part.weight * share) / WHOLE) }))
  const inside = parts.map((part) => `${percent(part.weight)} ${part.variant}`).join(', ')
  return share === WHOLE || rest === 'continue' ? inside : `${inside}, everyone else ${rest.variant}`
}

function describeOn(targeting: Targeting): string {
  const { targets, prerequisites, fallthrough } = targeting
  const rules = publishedRules(targeting.rules)
  const people = targets.reduce((sum, target) => sum + target.values.length, 0)
  const only = rules.length === 1 ? rules[0] : undefined
  const decided = [
    prerequisites.length > 0 && `needs ${prerequisites.map((needed) => needed.flag).join(', ')}`,
    people > 0 && plural(people, 'individual'),
    only && describeOnlyRule(only),
    rules.length > 1 && plural(rules.length, 'rule'),
  ].filter(Boolean)
  if (decided.length === 0) return describeFallthrough(fallthrough)
  const otherwise = 'variant' in fallthrough ? fallthrough.variant : describeFallthrough(fallthrough)
  return `${decided.join(', ')}; otherwise ${otherwise}`
}

export function describeStatus(targeting: Targeting & { kill?: KillView | null }): Status {
  const off = `everyone gets ${describeOff(targeting.offVariant)}`
  if (targeting.kill) return { state: 'killed', label: 'Killed', detail: off }
  if (!targeting.on) return { state: 'off', label: 'Off', detail: off }
  return { state: varies(targeting) ? 'partial' : 'on', label: 'On', detail: describeOn(targeting) }
}
