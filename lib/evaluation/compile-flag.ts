import type { Answers } from './answers'
import { keyReader } from './attributes'
import type { Ask, Decide, Holds } from './closures'
import { compileRollout } from './compile-rollout'
import { compileRules } from './compile-rules'
import { fixedReason, keyMissing } from './interpret'
import { isMember } from './membership'
import type { Evaluation, Prerequisite, SoundFlag, Target } from './types'

/** How a flag reaches what it names. */
export type Links = {
  /** `undefined`: there is no such flag. */
  readonly prerequisite: (key: string) => { readonly decide: Decide } | undefined
  readonly segment: (key: string) => Holds
}

/**
 * A flag that is on as one closure, `interpret` worked out ahead: answers are made once, salts are hashed, lists are
 * sets. It calls nothing that looks a name up.
 */
export function compileFlag(flag: SoundFlag, answers: Answers, links: Links): Decide {
  const { prerequisites, targets, rules, fallthrough, salt } = flag
  const asks = [
    ...prerequisites.map((prerequisite) => compilePrerequisite(prerequisite, answers, links)),
    ...runsOfTargets(targets).map((run) => compileTargets(run, answers)),
    ...compileRules(rules, salt, answers, links.segment),
  ]
  if ('rollout' in fallthrough) {
    const serve = (variant: string) => answers.serve(variant, 'SPLIT')
    const { rollout } = fallthrough
    const assign = compileRollout(rollout, salt, serve, keyMissing(answers, rollout.by))
    return inOrder(asks, assign as Decide) // its rest is always a variant
  }
  const answer = answers.serve(fallthrough.variant, fixedReason(flag))
  return inOrder(asks, () => answer)
}

function inOrder(asks: readonly Ask[], last: Decide): Decide {
  const [first, second] = asks
  if (!first) return last
  if (!second) return (context, now) => first(context, now) ?? last(context, now)
  if (asks.length === 2)
    return (context, now) => first(context, now) ?? second(context, now) ?? last(context, now)
  return (context, now) => {
    for (const ask of asks) {
      const answer = ask(context, now)
      if (answer !== undefined) return answer
    }
    return last(context, now)
  }
}

function compilePrerequisite({ flag, variants }: Prerequisite, answers: Answers, links: Links): Ask {
  const unmet = answers.off('DEFAULT', { prerequisite: flag })
  const needed = links.prerequisite(flag)
  if (!needed) return () => unmet
  const isWanted = isMember(variants)
  return (context, now) => {
    const { reason, variant } = needed.decide(context, now)
    return reason !== 'DISABLED' && variant !== undefined && isWanted(variant) ? undefined : unmet
  }
}

/** Targets by the same attribute that follow each other: one look-up answers for them all. */
function runsOfTargets(targets: readonly Target[]): Target[][] {
  const runs: Target[][] = []
  for (const target of targets) {
    const run = runs.at(-1)
    if (run && run[0]!.by === target.by) run.push(target)
    else runs.push([target])
  }
  return runs
}

function compileTargets(run: readonly Target[], answers: Answers): Ask {
  const idOf = keyReader(run[0]!.by)
  const byId = new Map<string, Evaluation>()
  for (const { variant, values } of run) {
    const answer = answers.serve(variant, 'TARGETING_MATCH')
    for (const id of values) if (!byId.has(id)) byId.set(id, answer)
  }
  return (context) => {
    const id = idOf(context)
    return id === undefined ? undefined : byId.get(id)
  }
}
