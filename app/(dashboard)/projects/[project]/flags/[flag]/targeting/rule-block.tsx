'use client'
import { type ComponentProps, type KeyboardEvent, useState } from 'react'
import { ConditionLines } from '@/app/_components/targeting/condition-lines'
import { Block, Problems, type Scope } from '@/app/_components/targeting/line'
import type { FieldProblem } from '@/lib/api-client'
import type { StoredRule } from '@/lib/control/views'
import { CommentLine } from './comment-line'
import { RuleHeader } from './rule-header'
import { ServeLine } from './serve-line'
import { WindowLine } from './window-line'

type Props = {
  rule: StoredRule
  index: number
  count: number
  earlier: readonly StoredRule[]
  scope: Scope
  /** Paths are relative to the rule. */
  problems: readonly FieldProblem[]
  doubts: readonly string[]
  lit: boolean
  /** It is being dragged. */
  held: boolean
  /** Where a dragged rule would come to stand beside this one. */
  drop: 'above' | 'below' | null
  handle: ComponentProps<'button'>
  onChange: (rule: StoredRule) => void
  onMove: (by: -1 | 1) => void
  onDuplicate: () => void
  onRemove: () => void
}

const within = (problems: readonly FieldProblem[], ...paths: string[]) =>
  problems.filter(({ path }) => paths.some((each) => path === each || path.startsWith(`${each}.`)))

const PLACES = ['when', 'serve', 'comment', 'from', 'until']

export function RuleBlock({ rule, index, earlier, scope, problems, onChange, onMove, ...props }: Props) {
  const place = index + 1
  const [commenting, setCommenting] = useState(0)
  const [timing, setTiming] = useState(0)
  const keyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
    if (!event.altKey || typing) return
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  const elsewhere = problems.filter((problem) => within([problem], ...PLACES).length === 0)
  return (
    <Block
      label={`Rule ${place}`}
      wrong={problems.length > 0}
      lit={props.lit}
      asleep={rule.disabled}
      held={props.held}
      drop={props.drop}
      data-rule={rule.id}
      onKeyDown={keyDown}
    >
      <RuleHeader
        rule={rule}
        place={place}
        count={props.count}
        handle={props.handle}
        onChange={onChange}
        onMove={onMove}
        onComment={() => setCommenting(commenting + 1)}
        onWindow={() => setTiming(timing + 1)}
        onDuplicate={props.onDuplicate}
        onRemove={props.onRemove}
      />
      {(rule.comment !== undefined || commenting > 0) && (
        <CommentLine
          place={place}
          comment={rule.comment ?? ''}
          asked={commenting}
          problems={within(problems, 'comment')}
          onChange={(comment) => onChange({ ...rule, comment: comment || undefined })}
          onLeave={() => setCommenting(0)}
        />
      )}
      <ConditionLines
        when={rule.when}
        path="when"
        scope={scope}
        problems={problems}
        onChange={(when) => onChange({ ...rule, when })}
      />
      {(rule.from || rule.until || timing > 0) && (
        <WindowLine
          place={place}
          rule={rule}
          asked={timing}
          problems={within(problems, 'from', 'until')}
          onChange={onChange}
          onLeave={() => setTiming(0)}
        />
      )}
      <ServeLine
        id={rule.id}
        serve={rule.serve}
        when={rule.when}
        earlier={earlier}
        scope={scope}
        problems={within(problems, 'serve')}
        doubts={props.doubts}
        onChange={(serve) => onChange({ ...rule, serve })}
      />
      <Problems problems={elsewhere} />
    </Block>
  )
}
