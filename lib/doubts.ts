import { contradiction, covers, isAlways, isNever } from '@/lib/condition-logic'
import type { StoredRule } from '@/lib/control/views'
import { describeCondition, WHOLE } from '@/lib/describe'
import type { Rollout, Serve } from '@/lib/evaluation/types'

const TARGETING_KEY = 'targetingKey'

const rolloutOf = (serve: Serve): Rollout | null => ('rollout' in serve ? serve.rollout : null)

/** An earlier rule that is asked at any time. Of a window it is not certain when whom it is about comes by. */
const isLasting = ({ disabled, from, until }: StoredRule) => !disabled && !from && !until

/**
 * Whom a rule leaves to the rules after it, of those who meet its condition: nobody, those who lack the attribute that it
 * counts by, or others as well (docs/evaluation.md, rollouts).
 */
function left(serve: Serve): 'nobody' | { lacking: string } | 'others' {
  const rollout = rolloutOf(serve)
  if (!rollout) return 'nobody'
  const { share, split, rest, by = TARGETING_KEY } = rollout
  if (rest === 'continue' && share < WHOLE) return 'others'
  const countsNobody = share === 0 || (share === WHOLE && split.some(({ weight }) => weight === WHOLE))
  return countsNobody ? 'nobody' : { lacking: by }
}

/** Why nobody, or hardly anybody, gets to a rule; null: that cannot be shown. */
function outOfReach(rule: StoredRule, earlier: readonly StoredRule[]): string | null {
  if (rule.disabled || isNever(rule.when)) return null
  let lacking: string | null = null
  for (const [index, other] of earlier.entries()) {
    if (!isLasting(other) || !covers(other.when, rule.when)) continue
    const after = left(other.serve)
    if (after === 'nobody') return `Nobody gets here: rule ${index + 1} serves all whom this one is about.`
    if (after !== 'others')
      lacking ??= `Only who has no ${after.lacking} gets here: rule ${index + 1} serves all others.`
  }
  return lacking
}

function aboutCondition({ when }: StoredRule): string | null {
  const pair = contradiction(when)
  if (pair) {
    const [a, b] = pair.map((each) => `“${describeCondition(each)}”`)
    return `Nobody meets this: ${a} and ${b} exclude each other.`
  }
  if (isNever(when)) return 'Nobody meets this condition.'
  if (!isAlways(when)) return null
  return 'all' in when && when.all.length === 0
    ? 'Everybody meets this: it has no condition.'
    : 'Everybody meets this condition.'
}

/** What is odd about each rule, though it may be published. What is not certain is not said. */
export const doubtsAbout = (rules: readonly StoredRule[]): string[][] =>
  rules.map((rule, index) =>
    [outOfReach(rule, rules.slice(0, index)), aboutCondition(rule)].filter((doubt) => doubt !== null),
  )

const sameCount = (a: Rollout, b: Rollout) =>
  (a.by ?? TARGETING_KEY) === (b.by ?? TARGETING_KEY) && a.salt === b.salt

/**
 * The place of an earlier rule that has taken this share already. Shares of one flag count the same people first
 * (docs/evaluation.md): whoever was outside the first 25 % there is outside the first 10 % here as well.
 */
export function takenBy(serve: Serve, earlier: readonly StoredRule[]): number | null {
  const mine = rolloutOf(serve)
  if (!mine) return null
  const index = earlier.findIndex((rule) => {
    const theirs = rule.disabled ? null : rolloutOf(rule.serve)
    return theirs?.rest === 'continue' && sameCount(mine, theirs) && mine.share <= theirs.share
  })
  return index === -1 ? null : index + 1
}

/** Whether such a rule leaves nobody to the share at all: it is asked at any time, of everybody whom this line is about. */
export function isUsedUp(rule: Pick<StoredRule, 'when' | 'serve'>, taker: StoredRule): boolean {
  const mine = rolloutOf(rule.serve)
  return mine !== null && mine.share < WHOLE && isLasting(taker) && covers(taker.when, rule.when)
}
