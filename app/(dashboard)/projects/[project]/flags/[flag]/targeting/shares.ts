import type { Rollout, Rule, Serve } from '@/lib/evaluation/types'

const TARGETING_KEY = 'targetingKey'

const rolloutOf = (serve: Serve): Rollout | null => ('rollout' in serve ? serve.rollout : null)

const sameCount = (a: Rollout, b: Rollout) =>
  (a.by ?? TARGETING_KEY) === (b.by ?? TARGETING_KEY) && a.salt === b.salt

/**
 * The place of an earlier rule that has taken this share already. Shares of one flag count the same people first
 * (docs/evaluation.md): whoever was outside the first 25 % there is outside the first 10 % here as well.
 */
export function takenBy(serve: Serve, earlier: readonly Rule[]): number | null {
  const mine = rolloutOf(serve)
  if (!mine) return null
  const index = earlier.findIndex((rule) => {
    const theirs = rolloutOf(rule.serve)
    return theirs?.rest === 'continue' && sameCount(mine, theirs) && mine.share <= theirs.share
  })
  return index === -1 ? null : index + 1
}
