import { failure, onlyFlagSet, serve, serveOff } from './answers'
import { readKey } from './attributes'
import { BOUNDS } from './bounds'
import { holds } from './conditions'
import { isKilled } from './kills'
import { isMember } from './membership'
import { markedMetadata, plainMetadata } from './metadata'
import { own } from './records'
import { assign, type Miss, TARGETING_KEY } from './rollout'
import type { Scope } from './scope'
import type { Evaluation, EvaluationContext, Flag, ParsedConfig, Prerequisite, Rule, Trace } from './types'
import { isInWindow } from './windows'

/**
 * Decides one flag for one context at `now` (epoch ms). Never throws: what cannot be decided is an answer with reason
 * `ERROR`. With a `trace`, every question asked is appended to it together with its answer.
 *
 * @example evaluate(config, 'checkout', { targetingKey: 'user-1' }, Date.now()).variant
 */
export function evaluate(
  config: ParsedConfig,
  flagKey: string,
  context: EvaluationContext,
  now: number,
  trace?: Trace,
): Evaluation {
  try {
    return decide(flagKey, { config, context, now, trace, nodes: 1 })
  } catch {
    // Out of stack or memory: the caller called us from the bottom of its stack, or a string is at the runtime's limit.
    return failure('GENERAL', 'the evaluation could not be finished', onlyFlagSet(config))
  }
}

function decide(key: string, scope: Scope): Evaluation {
  const { config, trace } = scope
  const { flagSetId } = config
  const flag = own(config.flags, key)
  if (!flag) return unavailable(key, scope)
  trace?.push({ step: 'flag', flag: key, outcome: 'found' })

  const killed = isKilled(config, key)
  if (killed || !flag.on) {
    trace?.push({ step: 'off', flag: key, killed })
    return serveOff(
      flag,
      'DISABLED',
      killed ? markedMetadata(flagSetId, flag, 'killed', true) : plainMetadata(flagSetId, flag),
    )
  }
  return (
    decideByPrerequisites(flag, key, scope) ??
    decideByTargets(flag, scope) ??
    decideByRules(flag, scope) ??
    decideByFallthrough(flag, scope)
  )
}

function unavailable(key: string, { config, trace }: Scope): Evaluation {
  const fault = own(config.malformed, key)
  trace?.push({ step: 'flag', flag: key, outcome: fault === undefined ? 'not_found' : 'malformed' })
  return fault === undefined
    ? failure('FLAG_NOT_FOUND', `there is no flag "${key}" in ${config.flagSetId}`, onlyFlagSet(config))
    : failure('PARSE_ERROR', `flag "${key}" is malformed: ${fault}`, onlyFlagSet(config))
}

function decideByPrerequisites(flag: Flag, key: string, scope: Scope): Evaluation | undefined {
  for (const prerequisite of flag.prerequisites) {
    const met = isMet(prerequisite, key, scope)
    if (scope.nodes > BOUNDS.prerequisiteNodes) {
      const message = `the prerequisites of flag "${key}" expand to more than ${BOUNDS.prerequisiteNodes} flags`
      return failure('GENERAL', message, plainMetadata(scope.config.flagSetId, flag))
    }
    if (met) continue
    const metadata = markedMetadata(scope.config.flagSetId, flag, 'prerequisite', prerequisite.flag)
    return serveOff(flag, 'DEFAULT', metadata)
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

function decideByTargets(flag: Flag, scope: Scope): Evaluation | undefined {
  for (const { by, variant, values } of flag.targets) {
    const id = readKey(scope.context, by)
    const matches = id !== undefined && isMember(values)(id)
    scope.trace?.push({ step: 'target', by, variant, holds: matches })
    if (matches) return serve(flag, variant, 'TARGETING_MATCH', plainMetadata(scope.config.flagSetId, flag))
  }
  return undefined
}

function decideByRules(flag: Flag, scope: Scope): Evaluation | undefined {
  for (let index = 0; index < flag.rules.length; index++) {
    const rule = flag.rules[index]!
    const served = askRule(rule, flag, scope)
    const matched = typeof served === 'string'
    const { id, name } = rule
    scope.trace?.push({ step: 'rule', id, name, index, outcome: matched ? 'matched' : served.miss })
    if (!matched) continue
    const reason = 'variant' in rule.serve ? 'TARGETING_MATCH' : 'SPLIT'
    return serve(flag, served, reason, markedMetadata(scope.config.flagSetId, flag, 'rule', id))
  }
  return undefined
}

const OUTSIDE_WINDOW: Miss = { miss: 'outside_window' }
const NOT_MATCHED: Miss = { miss: 'not_matched' }

function askRule(rule: Rule, flag: Flag, scope: Scope): string | Miss {
  if (!isInWindow(rule, scope.now)) return OUTSIDE_WINDOW
  if (!holds(rule.when, scope)) return NOT_MATCHED
  return 'variant' in rule.serve ? rule.serve.variant : assign(rule.serve.rollout, flag, scope)
}

function decideByFallthrough(flag: Flag, scope: Scope): Evaluation {
  const { fallthrough } = flag
  const metadata = plainMetadata(scope.config.flagSetId, flag)
  scope.trace?.push({ step: 'fallthrough' })
  if ('variant' in fallthrough) {
    return serve(flag, fallthrough.variant, isStatic(flag) ? 'STATIC' : 'DEFAULT', metadata)
  }
  const served = assign(fallthrough.rollout, flag, scope)
  if (typeof served === 'string') return serve(flag, served, 'SPLIT', metadata)

  const { by = TARGETING_KEY } = fallthrough.rollout
  const errorCode = by === TARGETING_KEY ? 'TARGETING_KEY_MISSING' : 'INVALID_CONTEXT'
  return failure(errorCode, `the rollout needs "${by}", a string that is not empty or a number`, metadata)
}

function isStatic({ prerequisites, targets, rules }: Flag): boolean {
  return prerequisites.length === 0 && targets.length === 0 && rules.length === 0
}
