'use client'
import { Plus } from 'lucide-react'
import { Button } from '@/app/_ui/button'
import type { FieldProblem } from '@/lib/api-client'
import { describeCondition } from '@/lib/describe'
import type { Condition } from '@/lib/evaluation/types'
import { ConditionLine } from './condition-line'
import { type Leaf, linesOf, newCondition, whenOf } from './conditions'
import { type ConditionScope, Line } from './line'
import { removeAt, replaceAt } from './lists'

const under = (problems: readonly FieldProblem[], path: string) =>
  problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))

/** "If [plan] [is one of] [pro, team] and ...": one condition as lines that can be changed in place. */
export function ConditionLines({
  when,
  path,
  scope,
  problems,
  onChange,
}: {
  when: Condition
  /** Where the condition stands, as problems name it. */
  path: string
  scope: ConditionScope
  problems: readonly FieldProblem[]
  onChange: (when: Condition) => void
}) {
  const lines = linesOf(when)
  if (!lines)
    return (
      <Line lead="If" problems={under(problems, path)}>
        <span>{describeCondition(when)}</span>
        <span className="text-ink-3 text-sm">This condition nests: edit it as JSON.</span>
      </Line>
    )
  const set = (next: Leaf[]) => onChange(whenOf(next))
  const grouped = 'all' in when
  return (
    <>
      {lines.length === 0 && (
        <Line lead="If">
          <span className="text-ink-2">anyone</span>
        </Line>
      )}
      {lines.map((condition, i) => (
        <ConditionLine
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          key={i}
          lead={i === 0 ? 'If' : 'and'}
          condition={condition}
          scope={scope}
          problems={under(problems, grouped ? `${path}.all.${i}` : path)}
          onChange={(next) => set(replaceAt(lines, i, next))}
          onRemove={() => set(removeAt(lines, i))}
        />
      ))}
      <Line>
        <Button size="sm" look="ghost" onClick={() => set([...lines, newCondition()])}>
          <Plus size={14} aria-hidden /> {lines.length === 0 ? 'condition' : 'and'}
        </Button>
        {scope.segments.length > 0 && (
          <Button size="sm" look="ghost" onClick={() => set([...lines, { segment: scope.segments[0]! }])}>
            <Plus size={14} aria-hidden /> {lines.length === 0 ? 'segment' : 'and a segment'}
          </Button>
        )}
      </Line>
    </>
  )
}
