import type { Answers } from './answers'
import type { Ask, Holds } from './closures'
import { allOf, compileCondition, conjuncts } from './compile-condition'
import { compileRollout } from './compile-rollout'
import { columnsOf } from './rule-index'
import { windowOf } from './rule-window'
import type { Condition, Evaluation, EvaluationContext, Rule } from './types'

const INDEX_FROM = 4 // rules; fewer are asked faster one by one
const BLOCK = 30 // rules; one bit each in an integer that every engine keeps unboxed

/** The rules in order, each as a question or, where there are many, a block of them as one. */
export function compileRules(
  rules: readonly Rule[],
  flagSalt: string,
  answers: Answers,
  segment: (key: string) => Holds,
): Ask[] {
  const compile = (rule: Rule, conditions: readonly Condition[]): Ask =>
    compileRule(
      rule,
      allOf(conditions.map((condition) => compileCondition(condition, segment))),
      flagSalt,
      answers,
    )
  if (rules.length < INDEX_FROM) return rules.map((rule) => compile(rule, conjuncts(rule.when)))

  const blocks: Ask[] = []
  for (let start = 0; start < rules.length; start += BLOCK)
    blocks.push(compileBlock(rules.slice(start, start + BLOCK), compile))
  return blocks
}

/** One look-up an attribute says which rules of a block can still hold; only those are asked, in order. */
function compileBlock(rules: readonly Rule[], compile: (rule: Rule, rest: readonly Condition[]) => Ask): Ask {
  const { columns, rest } = columnsOf(rules.map(({ when }) => conjuncts(when)))
  const asks = rules.map((rule, i) => compile(rule, rest[i]!))
  const every = 2 ** rules.length - 1
  return (context, now) => {
    let left = every
    for (const column of columns) {
      left &= column(context)
      if (left === 0) return undefined
    }
    while (left !== 0) {
      const answer = asks[31 - Math.clz32(left & -left)]!(context, now)
      if (answer !== undefined) return answer
      left &= left - 1
    }
    return undefined
  }
}

function compileRule(rule: Rule, holds: Holds, flagSalt: string, answers: Answers): Ask {
  const { serve: served, id } = rule
  const mark = { rule: id }
  if ('variant' in served) {
    const answer = answers.serve(served.variant, 'TARGETING_MATCH', mark)
    return within(rule, (context, now) => (holds(context, now) ? answer : undefined))
  }
  const serve = (variant: string) => answers.serve(variant, 'SPLIT', mark)
  const assign = compileRollout(served.rollout, flagSalt, serve, undefined)
  return within(rule, (context, now) => (holds(context, now) ? assign(context) : undefined))
}

function within(rule: Rule, ask: Ask): Ask {
  const window = windowOf(rule)
  if (window === null) return ask
  const { from, until } = window
  return (context: EvaluationContext, now: number): Evaluation | undefined =>
    from <= now && now < until ? ask(context, now) : undefined
}
