import { Answers, unanswered } from './answers'
import { readKey, TARGETING_KEY } from './attributes'
import { BOUNDS } from './bounds'
import { holds } from './conditions'
import { isMember } from './membership'
import { assign, type Miss } from './rollout'
import { isWithin, windowOf } from './rule-window'
import type { Scope, World } from './scope'
import type { Evaluation, EvaluationContext, Flag, Prerequisite, Rule, Trace } from './types'

/**
 * Decides one flag by walking it, question by question, as docs/evaluation.md tells it. Compiled flags answer the same,
 * faster; this is asked where the questions matter, and where they must be counted.
 */
export function interpret(
  world: World,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  trace: Trace | undefined,
): Evaluation {
  return decide(flagKey, { world, context, now, trace, nodes: 1 })
}

function decide(key: string, scope: Scope): Evaluation {
  const { world, trace } = scope
  const cell = world.cell(key)
  if (!cell?.flag) {
    trace?.push({ step: 'flag', flag: key, outcome: cell ? 'malformed' : 'not_found' })
    return cell
      ? unanswered('PARSE_ERROR', `flag "${key}" is malformed: ${cell.fault}`, world.flagSetId)
      : unanswered('FLAG_NOT_FOUND', `there is no flag "${key}" in ${world.flagSetId}`, world.flagSetId)
  }
  trace?.push({ step: 'flag', flag: key, outcome: 'found' })

  const { flag, killed } = cell
  const answers = new Answers(world.flagSetId, flag)
  if (killed || !flag.on) {
    trace?.push({ step: 'off', flag: key, killed })
    return answers.off('DISABLED', killed ? { killed } : undefined)
  }
  return (
    decideByPrerequisites(flag, answers, key, scope) ??
    decideByTargets(flag, answers, scope) ??
    decideByRules(flag, answers, scope) ??
    decideByFallthrough(flag, answers, scope)
  )
}

function decideByPrerequisites(
  flag: Flag,
  answers: Answers,
  key: string,
  scope: Scope,
): Evaluation | undefined {
  for (const prerequisite of flag.prerequisites) {
    const met = isMet(prerequisite, key, scope)
    if (scope.nodes > BOUNDS.prerequisiteNodes) {
      const message = `the prerequisites of flag "${key}" expand to more than ${BOUNDS.prerequisiteNodes} flags`
      return answers.failure('GENERAL', message)
    }
    if (!met) return answers.off('DEFAULT', { prerequisite: prerequisite.flag })
  }
  return undefined
}

/** A prerequisite is met by a flag that is on and serves one of the variants wanted of it. */
function isMet({ flag, variants }: Prerequisite, dependant: string, scope: Scope): boolean {
  scope.nodes++
  if (scope.nodes > BOUNDS.prerequisiteNodes) return false
  const { reason, variant } = decide(flag, scope)
  const met = reason !== 'DISABLED' && variant !== undefined && variants.includes(variant)
  scope.trace?.push({
    step: 'prerequisite',
    flag: dependant,
    prerequisite: flag,
    wanted: variants,
    served: variant ?? null,
    holds: met,
  })
  return met
}

function decideByTargets(flag: Flag, answers: Answers, scope: Scope): Evaluation | undefined {
  for (const { by, variant, values } of flag.targets) {
    const id = readKey(scope.context, by)
    const matches = id !== undefined && isMember(values)(id)
    scope.trace?.push({ step: 'target', by, variant, holds: matches })
    if (matches) return answers.serve(variant, 'TARGETING_MATCH')
  }
  return undefined
}

function decideByRules(flag: Flag, answers: Answers, scope: Scope): Evaluation | undefined {
  for (let index = 0; index < flag.rules.length; index++) {
    const rule = flag.rules[index]!
    const served = askRule(rule, flag, scope)
    const matched = typeof served === 'string'
    const { id, name } = rule
    scope.trace?.push({ step: 'rule', id, name, index, outcome: matched ? 'matched' : served.miss })
    if (matched)
      return answers.serve(served, 'variant' in rule.serve ? 'TARGETING_MATCH' : 'SPLIT', { rule: id })
  }
  return undefined
}

const OUTSIDE_WINDOW: Miss = { miss: 'outside_window' }
const NOT_MATCHED: Miss = { miss: 'not_matched' }

function askRule(rule: Rule, flag: Flag, scope: Scope): string | Miss {
  if (!isWithin(windowOf(rule), scope.now)) return OUTSIDE_WINDOW
  if (!holds(rule.when, scope)) return NOT_MATCHED
  return 'variant' in rule.serve ? rule.serve.variant : assign(rule.serve.rollout, flag.salt, scope)
}

function decideByFallthrough(flag: Flag, answers: Answers, scope: Scope): Evaluation {
  const { fallthrough } = flag
  scope.trace?.push({ step: 'fallthrough' })
  if ('variant' in fallthrough) return answers.serve(fallthrough.variant, fixedReason(flag))
  const served = assign(fallthrough.rollout, flag.salt, scope)
  return typeof served === 'string'
    ? answers.serve(served, 'SPLIT')
    : keyMissing(answers, fallthrough.rollout.by)
}

/** The reason of a fixed fallthrough: static where nothing else could have been served. */
export function fixedReason({ prerequisites, targets, rules }: Flag): 'STATIC' | 'DEFAULT' {
  return prerequisites.length + targets.length + rules.length === 0 ? 'STATIC' : 'DEFAULT'
}

/** The answer of a fallthrough that has nothing to count by. */
export function keyMissing(answers: Answers, by?: string): Evaluation {
  const { errorCode, errorMessage } = missingKey(by)
  return answers.failure(errorCode, errorMessage)
}

export function missingKey(by = TARGETING_KEY) {
  return {
    errorCode: by === TARGETING_KEY ? 'TARGETING_KEY_MISSING' : 'INVALID_CONTEXT',
    errorMessage: `the rollout needs "${by}", a string that is not empty or a number`,
  } as const
}
