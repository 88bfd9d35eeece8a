'use client'
import { ArrowDown, ArrowUp, Copy, Trash2 } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { ConditionLines } from '@/app/_components/targeting/condition-lines'
import { Block, Doubts, Line, Problems, type Scope } from '@/app/_components/targeting/line'
import { IconButton } from '@/app/_ui/button'
import type { FieldProblem } from '@/lib/api-client'
import type { Rule } from '@/lib/evaluation/types'
import { doubtsAbout } from './doubts'
import { ServeLine } from './serve-line'

type Props = {
  rule: Rule
  index: number
  count: number
  earlier: readonly Rule[]
  scope: Scope
  /** Paths are relative to the rule. */
  problems: readonly FieldProblem[]
  lit: boolean
  onChange: (rule: Rule) => void
  onMove: (by: -1 | 1) => void
  onDuplicate: () => void
  onRemove: () => void
}

const within = (problems: readonly FieldProblem[], path: string) =>
  problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))

export function RuleBlock({
  rule,
  index,
  count,
  earlier,
  scope,
  problems,
  lit,
  onChange,
  onMove,
  onDuplicate,
  onRemove,
}: Props) {
  const place = index + 1
  const keyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.target instanceof HTMLInputElement) return
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  const elsewhere = problems.filter(({ path }) => !path.startsWith('when') && !path.startsWith('serve'))
  return (
    <Block
      label={`Rule ${place}`}
      wrong={problems.length > 0}
      lit={lit}
      data-rule={rule.id}
      onKeyDown={keyDown}
    >
      <div className="flex items-center gap-2">
        <span className="flex size-5 items-center justify-center rounded-sm bg-accent-soft font-semibold text-accent-ink text-xs">
          {place}
        </span>
        <input
          aria-label={`Name of rule ${place}`}
          value={rule.name ?? ''}
          placeholder="Name this rule"
          maxLength={200}
          onChange={(event) => onChange({ ...rule, name: event.target.value || undefined })}
          className="h-7 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 font-medium transition-colors placeholder:font-normal hover:border-line-strong"
        />
        <IconButton
          label={`Move rule ${place} up`}
          size="sm"
          data-move="-1"
          aria-keyshortcuts="Alt+ArrowUp"
          disabledReason={index === 0 && 'This rule is the first already'}
          onClick={() => onMove(-1)}
        >
          <ArrowUp size={14} aria-hidden />
        </IconButton>
        <IconButton
          label={`Move rule ${place} down`}
          size="sm"
          data-move="1"
          aria-keyshortcuts="Alt+ArrowDown"
          disabledReason={index === count - 1 && 'This rule is the last already'}
          onClick={() => onMove(1)}
        >
          <ArrowDown size={14} aria-hidden />
        </IconButton>
        <IconButton label={`Duplicate rule ${place}`} size="sm" onClick={onDuplicate}>
          <Copy size={14} aria-hidden />
        </IconButton>
        <IconButton label={`Delete rule ${place}`} size="sm" onClick={onRemove}>
          <Trash2 size={14} aria-hidden />
        </IconButton>
      </div>
      <ConditionLines
        when={rule.when}
        path="when"
        scope={scope}
        problems={problems}
        onChange={(when) => onChange({ ...rule, when })}
      />
      {(rule.from || rule.until) && (
        <Line lead="while">
          <span className="text-ink-2">
            {rule.from && `from ${rule.from} `}
            {rule.until && `until ${rule.until}`}
          </span>
        </Line>
      )}
      <ServeLine
        id={rule.id}
        serve={rule.serve}
        earlier={earlier}
        scope={scope}
        problems={within(problems, 'serve')}
        onChange={(serve) => onChange({ ...rule, serve })}
      />
      <Problems problems={elsewhere} />
      <Doubts doubts={doubtsAbout(rule, earlier)} />
    </Block>
  )
}
