import type { Answers } from './answers'
import { keyReader } from './attributes'
import { type Ask, asAsk, type Compiled, type Decide, type Holds, type Step } from './closures'
import { Comparison } from './comparison'
import { compileRollout } from './compile-rollout'
import { compileRules } from './compile-rules'
import { fixedReason, keyMissing } from './interpret'
import type { Evaluation, Flag, Prerequisite, Target } from './types'

/** How a flag reaches what it names. */
export type Links = {
  /** `null`: there is no such flag, or it cannot meet anybody. */
  readonly prerequisite: (key: string) => Compiled | null
  readonly segment: (key: string) => Holds
}

/**
 * A flag that is on as one closure, `interpret` worked out ahead: answers are made once, salts are hashed, lists are
 * sets, prerequisites that answer everyone alike are settled. It calls nothing that looks a name up.
 */
export function compileFlag(flag: Flag, answers: Answers, links: Links): Compiled {
  const steps: Step[] = []
  for (const prerequisite of flag.prerequisites) {
    const ask = compilePrerequisite(prerequisite, answers, links)
    if (typeof ask === 'function') steps.push(ask)
    else if (ask !== undefined) return inOrder(steps, ask)
  }
  for (const run of runsOfTargets(flag.targets)) steps.push(compileTargets(run, answers))
  steps.push(...compileRules(flag.rules, flag.salt, answers, links.segment))
  return inOrder(steps, compileFallthrough(flag, answers))
}

function compileFallthrough(flag: Flag, answers: Answers): Compiled {
  const { fallthrough, salt } = flag
  if ('variant' in fallthrough) return answers.serve(fallthrough.variant, fixedReason(flag))
  const { rollout } = fallthrough
  const serve = (variant: string) => answers.serve(variant, 'SPLIT')
  return compileRollout(rollout, salt, serve, keyMissing(answers, rollout.by)) as Decide // its rest is always a variant
}

const NESTED_UP_TO = 8 // steps; closures inside closures are faster than a loop, and use the stack

function inOrder(steps: readonly Step[], last: Compiled): Compiled {
  if (steps.length > NESTED_UP_TO)
    return inALoop(steps.map(asAsk), typeof last === 'function' ? last : () => last)
  return steps.reduceRight(before, last)
}

function before(otherwise: Compiled, step: Step): Compiled {
  if (typeof step === 'function') {
    return typeof otherwise === 'function'
      ? (context, now) => step(context, now) ?? otherwise(context, now)
      : (context, now) => step(context, now) ?? otherwise
  }
  const { holds, answer } = step
  if (holds instanceof Comparison) {
    return typeof otherwise === 'function'
      ? (context, now) => (holds.passes(context, now) ? answer : otherwise(context, now))
      : (context, now) => (holds.passes(context, now) ? answer : otherwise)
  }
  return typeof otherwise === 'function'
    ? (context, now) => (holds(context, now) ? answer : otherwise(context, now))
    : (context, now) => (holds(context, now) ? answer : otherwise)
}

function inALoop(asks: readonly Ask[], last: Decide): Decide {
  return (context, now) => {
    for (const ask of asks) {
      const answer = ask(context, now)
      if (answer !== undefined) return answer
    }
    return last(context, now)
  }
}

/** `undefined`: it is met for everyone; an answer: for nobody. */
function compilePrerequisite(
  { flag, variants }: Prerequisite,
  answers: Answers,
  links: Links,
): Ask | Evaluation | undefined {
  const unmet = answers.off('DEFAULT', { prerequisite: flag })
  const needed = links.prerequisite(flag)
  if (needed === null) return unmet
  if (typeof needed !== 'function') return variants.includes(needed.variant!) ? undefined : unmet
  if (variants.length > 1) {
    return (context, now) => (variants.includes(needed(context, now).variant!) ? undefined : unmet)
  }
  const [only] = variants
  return (context, now) => (needed(context, now).variant === only ? undefined : unmet)
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
