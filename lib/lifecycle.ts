import type { ListedFlag } from '@/lib/control/views'
import { publishedRules } from '@/lib/stored-rules'

/** After so many days without an evaluation a flag is taken for forgotten. */
export const STALE_DAYS = 30
const NEW_DAYS = 7
const LAUNCHED_DAYS = 14

const DAY_MS = 86_400_000

export type Lifecycle = 'new' | 'live' | 'launched' | 'stale'

type Known = Pick<ListedFlag, 'createdAt' | 'lastEvaluatedAt' | 'kind' | 'environments'>

/** Switches of operations and permissions are there to stay: that everybody gets the same says nothing. */
const STAYS: ReadonlySet<Known['kind']> = new Set(['ops', 'permission'])

const serves = ({
  on,
  offVariant,
  prerequisites,
  targets,
  rules,
  fallthrough,
  kill,
}: Known['environments'][string]) => {
  if (kill || !on) return offVariant
  const asked = prerequisites.length + targets.length + publishedRules(rules).length
  if (asked > 0 || !('variant' in fallthrough)) return undefined
  return fallthrough.variant
}

/** Since when everybody gets the same variant everywhere, in epoch ms; null: they do not, or nobody gets one. */
function sameSince({ environments }: Known): number | null {
  const all = Object.values(environments)
  const [first] = all
  const variant = first && serves(first)
  if (typeof variant !== 'string' || !all.every((one) => serves(one) === variant && one.on)) return null
  return Math.max(...all.map(({ updatedAt }) => Date.parse(updatedAt)))
}

/**
 * Where a flag is in its life: `new`, nobody has asked for it yet; `stale`, nobody has for 30 days; `launched`, everybody
 * has got the same everywhere for two weeks, so that it can leave the code; `live`, everything between.
 */
export function lifecycleOf(flag: Known, now: number): Lifecycle {
  const age = now - Date.parse(flag.createdAt)
  const silence =
    flag.lastEvaluatedAt === null ? Number.POSITIVE_INFINITY : now - Date.parse(flag.lastEvaluatedAt)
  if (age > STALE_DAYS * DAY_MS && silence > STALE_DAYS * DAY_MS) return 'stale'
  const since = STAYS.has(flag.kind) ? null : sameSince(flag)
  if (since !== null && now - since > LAUNCHED_DAYS * DAY_MS) return 'launched'
  return flag.lastEvaluatedAt === null && age < NEW_DAYS * DAY_MS ? 'new' : 'live'
}
