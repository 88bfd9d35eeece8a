import { BOUNDS } from '../evaluation/bounds'
import { own } from '../evaluation/records'
import { parseTimestamp } from '../evaluation/timestamps'
import type { Prerequisite, Rule, Serve, Target } from '../evaluation/types'
import { bounded, conditionLogic, readLogic } from './flagd-conditions'
import { isIdIn } from './flagd-guards'
import { rolloutBranch } from './flagd-rollouts'
import { cannot, type Draft, draft, type Export, type Scope, type Sound } from './flagd-scope'
import { allOf, type Branch, choose, isIn, type Logic, not } from './logic'

const MOST_BRANCHES = 1_000 // flagd-core compiles them to nested code and runs out of stack at some thousands

/** What a flag serves: the name of a variant, or null where the caller's default is left to stand. */
export function flagDraft(key: string, whole: Export): Draft {
  let found = whole.flags.get(key)
  if (!found) {
    found = draft(whole, (scope) => bounded(decisionLogic(key, scope), scope))
    whole.flags.set(key, found)
  }
  return found
}

function decisionLogic(key: string, scope: Scope): Logic {
  const flag = own(scope.config.flags, key)!
  const { offVariant, salt, prerequisites, targets, rules, fallthrough } = flag
  if (!isLive(key, scope.config)) return offVariant
  if (nodes(key, scope.config) > BOUNDS.prerequisiteNodes) {
    const most = BOUNDS.prerequisiteNodes
    return cannot(scope, 'prerequisites', `they expand to more than ${most} flags, or form a cycle`)
  }
  if (targets.length + rules.length > MOST_BRANCHES)
    return cannot(scope, 'size', `more than ${MOST_BRANCHES} targets and rules: list more ids in a target`)
  const [served, value] = serveBranch(fallthrough, salt, scope)
  return choose(
    [
      [not(allOf(prerequisites.map((prerequisite) => isMet(prerequisite, scope)))), offVariant],
      ...targets.map((target) => targetBranch(target, scope)),
      ...rules.map((rule) => ruleBranch(rule, salt, scope)),
      [served, value],
    ],
    null,
  )
}

function isLive(key: string, { flags, killed }: Sound): boolean {
  return own(flags, key)?.on === true && !killed.includes(key)
}

/** How many flags an evaluation looks at if every prerequisite is met; counted no further than the bound. */
function nodes(key: string, config: Sound, left: number = BOUNDS.prerequisiteNodes): number {
  const { prerequisites = [] } = own(config.flags, key) ?? {}
  if (!isLive(key, config)) return 1
  let sum = 1
  for (const { flag } of prerequisites) {
    if (sum > left) break
    sum += nodes(flag, config, left - sum)
  }
  return sum
}

function isMet({ flag, variants }: Prerequisite, scope: Scope): Logic {
  if (!isLive(flag, scope.config)) return false
  const { logic, faults } = flagDraft(flag, scope)
  for (const { form, detail } of faults) cannot(scope, form, `prerequisite "${flag}": ${detail}`)
  return isIn(logic, variants)
}

function targetBranch({ variant, by, values }: Target, scope: Scope): Branch {
  return [isIdIn(readLogic(by, scope), values), variant]
}

function ruleBranch({ when, serve, from, until }: Rule, salt: string, scope: Scope): Branch {
  const window = [edgeLogic('>=', from, scope), edgeLogic('<', until, scope)]
  const [served, value] = serveBranch(serve, salt, scope)
  return [allOf([...window, conditionLogic(when, scope), served]), value]
}

function serveBranch(serve: Serve, salt: string, scope: Scope): Branch {
  return 'variant' in serve ? [true, serve.variant] : rolloutBranch(serve.rollout, salt, scope)
}

/** flagd's time is in whole seconds, cut off: an edge on a whole second is met exactly. */
function edgeLogic(operator: '>=' | '<', edge: string | undefined, scope: Scope): Logic {
  if (edge === undefined) return true
  const seconds = parseTimestamp(edge)! / 1000
  if (!Number.isInteger(seconds))
    return cannot(scope, 'window', `flagd knows whole seconds only, so not ${edge}: round it`)
  return { [operator]: [{ var: '$flagd.timestamp' }, seconds] }
}
