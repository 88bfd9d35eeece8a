import { type Leaf, linesOf } from '@/app/_components/targeting/conditions'
import type { Rule, Serve } from '@/lib/evaluation/types'

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Nobody who meets the condition is left for the rules after it. Of a rollout that is never sure: who lacks the attribute
 * that it counts by goes on (docs/evaluation.md).
 */
const servesAll = (serve: Serve) => 'variant' in serve

/** Whoever meets `later` meets `earlier`: it asks nothing that the other does not ask as well. */
function covers(earlier: Rule, later: Rule): boolean {
  if (earlier.from || earlier.until) return false
  const [asked, also] = [linesOf(earlier.when), linesOf(later.when)]
  if (!asked || !also) return same(earlier.when, later.when)
  return asked.every((line) => also.some((other) => same(line, other)))
}

const listed = (line: Leaf) =>
  'attribute' in line && line.op === 'is_one_of' && !line.negate && line.values.length > 0 ? line : null

/** Two questions that nobody answers with yes: the attribute that they cannot agree about, or the segment. */
function contradiction(lines: readonly Leaf[]): string | null {
  for (const [i, a] of lines.entries()) {
    for (const b of lines.slice(i + 1)) {
      if ('segment' in a && 'segment' in b) {
        if (a.segment === b.segment && Boolean(a.negate) !== Boolean(b.negate)) return `segment ${a.segment}`
        continue
      }
      if ('segment' in a || 'segment' in b || a.attribute !== b.attribute || a.attribute === '') continue
      const missing = [a, b].find(({ op, negate }) => op === 'is_not_set' && !negate)
      const [one, other] = [listed(a), listed(b)]
      const apart = one && other && !one.values.some((value) => other.values.includes(value))
      const opposite = same({ ...a, negate: !a.negate }, { ...b, negate: Boolean(b.negate) })
      if ((missing && a.op !== b.op) || apart || opposite) return a.attribute
    }
  }
  return null
}

/** What is odd about a rule, though it may be published: that nobody gets to it, or nobody meets it, or everybody does. */
export function doubtsAbout(rule: Rule, earlier: readonly Rule[]): string[] {
  const lines = linesOf(rule.when)
  const before = earlier.findIndex((other) => servesAll(other.serve) && covers(other, rule))
  const against = lines && contradiction(lines)
  return [
    before !== -1 && `Nobody gets here: rule ${before + 1} serves all whom this one is about.`,
    against && `Nobody meets this: its conditions on ${against} exclude each other.`,
    lines?.length === 0 && 'Everybody meets this: it has no condition.',
  ].filter((doubt) => typeof doubt === 'string')
}
