import type { FieldProblem } from '@/lib/api-client'
import type { Targeting } from '@/lib/control/views'

/** What the server had against a targeting, and which one that was. */
export type Refusal = { targeting: Targeting; problems: readonly FieldProblem[] }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const under = (problems: readonly FieldProblem[], path: string) =>
  problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))

type Line = 'offVariant' | 'fallthrough' | 'prerequisites' | 'targets'

/** What is wrong with a line. Once it has been edited nothing is: the next publish asks again. */
export function problemsOf(refusal: Refusal | null, line: Line, now: Targeting): FieldProblem[] {
  return refusal && same(refusal.targeting[line], now[line]) ? under(refusal.problems, line) : []
}

/** The same for a rule, wherever it has been moved; paths become relative to it. */
export function problemsOfRule(refusal: Refusal | null, rule: Targeting['rules'][number]): FieldProblem[] {
  const rules = refusal?.targeting.rules ?? []
  const index = rules.findIndex((refused) => refused.id === rule.id)
  if (index === -1 || !same(rules[index], rule)) return []
  const path = `rules.${index}`
  return under(refusal!.problems, path).map((problem) => ({
    ...problem,
    path: problem.path.slice(path.length + 1),
  }))
}
