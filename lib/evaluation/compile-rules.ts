import type { Answers } from './answers'
import { type Ask, asAsk, type Holds, type Step } from './closures'
import { Comparison } from './comparison'
import { allOf, compileCondition, conjuncts } from './compile-condition'
import { compileRollout } from './compile-rollout'
import { type Column, columnsOf } from './rule-index'
import { windowOf } from './rule-window'
import type { Condition, Rule } from './types'

const INDEX_FROM = 4 // rules; fewer are asked faster one by one
const BLOCK = 30 // rules; one bit each in an integer that every engine keeps unboxed

/** The rules in order, each as a question or, where there are many, a block of them as one. */
export function compileRules(
  rules: readonly Rule[],
  flagSalt: string,
  answers: Answers,
  segment: (key: string) => Holds,
): Step[] {
  const compile = (rule: Rule, conditions: readonly Condition[]): Step =>
    compileRule(rule, conditions, flagSalt, answers, segment)
  if (rules.length < INDEX_FROM) return rules.map((rule) => compile(rule, conjuncts(rule.when)))

  const blocks: Ask[] = []
  for (let start = 0; start < rules.length; start += BLOCK)
    blocks.push(compileBlock(rules.slice(start, start + BLOCK), compile))
  return blocks
}

/** One look-up an attribute says which rules of a block can still hold; only those are asked, in order. */
function compileBlock(
  rules: readonly Rule[],
  compile: (rule: Rule, rest: readonly Condition[]) => Step,
): Ask {
  const { columns, rest } = columnsOf(rules.map(({ when }) => conjuncts(when)))
  const asks = rules.map((rule, i) => asAsk(compile(rule, rest[i]!)))
  const candidates = intersection(columns, 2 ** rules.length - 1)
  return (context, now) => {
    let left = candidates(context)
    while (left !== 0) {
      const answer = asks[31 - Math.clz32(left & -left)]!(context, now)
      if (answer !== undefined) return answer
      left &= left - 1
    }
    return undefined
  }
}

function intersection(columns: readonly Column[], every: number): Column {
  const [first, second, third] = columns
  if (!first) return () => every
  if (!second) return (context) => every & first(context)
  if (!third) return (context) => every & first(context) & second(context)
  const rest = intersection(columns.slice(3), every)
  return (context) => {
    const left = every & first(context) & second(context) & third(context)
    return left === 0 ? 0 : left & rest(context)
  }
}

function compileRule(
  rule: Rule,
  conditions: readonly Condition[],
  flagSalt: string,
  answers: Answers,
  segment: (key: string) => Holds,
): Step {
  const { serve: served, id } = rule
  const mark = { rule: id }
  const holds = within(rule, allOf(conditions.map((condition) => compileCondition(condition, segment))))
  if ('variant' in served) {
    const comparison = conditions.length === 1 && windowOf(rule) === null && Comparison.of(conditions[0]!)
    return { holds: comparison || holds, answer: answers.serve(served.variant, 'TARGETING_MATCH', mark) }
  }
  const serve = (variant: string) => answers.serve(variant, 'SPLIT', mark)
  const assign = compileRollout(served.rollout, flagSalt, serve, undefined)
  return (context, now) => (holds(context, now) ? assign(context) : undefined)
}

function within(rule: Rule, holds: Holds): Holds {
  const window = windowOf(rule)
  if (window === null) return holds
  const { from, until } = window
  return (context, now) => from <= now && now < until && holds(context, now)
}
